"""Train a head on a frozen ResNet whose statistics are to stay."""

import torch
from torch import nn
from torchvision import models


def build():
    backbone = models.resnet18(weights="DEFAULT")
    backbone.requires_grad_(False)
    return backbone, nn.Linear(1000, 4)


def loss_of(model):
    images = torch.randn(2, 3, 64, 64)
    labels = torch.randint(0, 4, (2,))
    return nn.functional.cross_entropy(model(images), labels)


backbone, head = build()
model = nn.Sequential(backbone, head)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)

for epoch in range(3):
    model.train()
    backbone.eval()
    optimizer.zero_grad()
    loss = loss_of(model)
    loss.backward()
    optimizer.step()
    print(epoch, loss.item())
