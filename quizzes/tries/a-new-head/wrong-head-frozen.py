from torch import nn
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.fc = nn.Linear(512, 10)
model.requires_grad_(False)
