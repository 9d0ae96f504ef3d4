from torch import nn
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.fc = nn.Linear(model.fc.in_features, 10)
for name, param in model.named_parameters():
    if not name.startswith("fc."):
        param.requires_grad = False
