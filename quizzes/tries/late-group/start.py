import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
model.fc.requires_grad_(True)
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad])

model(torch.randn(2, 3, 64, 64)).sum().backward()
optimizer.step()

model.layer4.requires_grad_(True)
