from torch import nn
from torchvision import models

model = models.resnet18(weights="DEFAULT")
for module in model.modules():
    if isinstance(module, nn.BatchNorm2d):
        module.requires_grad_(False)
