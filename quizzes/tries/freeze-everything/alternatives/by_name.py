from torchvision import models

model = models.resnet18(weights="DEFAULT")
for name, param in model.named_parameters():
    param.requires_grad_(False)
