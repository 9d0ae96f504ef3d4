from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.fc.requires_grad_(True)
model.requires_grad_(False)
