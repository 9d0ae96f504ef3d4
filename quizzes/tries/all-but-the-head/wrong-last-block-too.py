from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
model.layer4.requires_grad_(True)
model.fc.requires_grad_(True)
