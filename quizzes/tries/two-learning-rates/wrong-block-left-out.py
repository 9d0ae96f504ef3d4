import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
model.layer4.requires_grad_(True)
model.fc.requires_grad_(True)
optimizer = torch.optim.SGD([{"params": model.fc.parameters(), "lr": 0.1}], lr=0.01)
