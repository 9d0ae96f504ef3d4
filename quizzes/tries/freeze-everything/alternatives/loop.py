from torchvision import models

model = models.resnet18(weights="DEFAULT")
for param in model.parameters():
    param.requires_grad = False
