import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
model.fc.requires_grad_(True)
optimizer = torch.optim.SGD([p for p in model.parameters() if not p.requires_grad], lr=0.01)
