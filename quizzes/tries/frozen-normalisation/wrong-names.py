from torch import nn
from torchvision import models

model = models.resnet18(weights="DEFAULT")
for name, param in model.named_parameters():
    if "bn" in name:
        param.requires_grad = False
