import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
model.fc.requires_grad_(True)
model.layer4.requires_grad_(True)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)

for epoch in range(6):
    optimizer.zero_grad()
    model(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
