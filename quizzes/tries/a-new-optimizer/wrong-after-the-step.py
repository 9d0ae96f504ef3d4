import torch
from torch import nn
from torchvision import models

model = models.resnet18(weights="DEFAULT")
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model.requires_grad_(False)
model.fc = nn.Linear(512, 3)

loss = model(torch.randn(2, 3, 64, 64)).sum()
loss.backward()
optimizer.step()
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)
