from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
