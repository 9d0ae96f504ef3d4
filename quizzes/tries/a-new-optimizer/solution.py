import torch
from torch import nn
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

loss = model(torch.randn(2, 3, 64, 64)).sum()
loss.backward()
optimizer.step()
