"""Fine-tune the layers of a network that a pattern names."""

import re

import torch
from torch import nn
from torchvision import models

TRAINED = "layer4|fc"


def train_only(model, pattern):
    for name, param in model.named_parameters():
        param.requires_grad = bool(re.search(pattern, name))


def loss_of(model):
    images = torch.randn(2, 3, 64, 64)
    labels = torch.randint(0, 1000, (2,))
    return nn.functional.cross_entropy(model(images), labels)


model = models.resnet18(weights="DEFAULT")
train_only(model, TRAINED)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.0001)

for step in range(2):
    optimizer.zero_grad()
    loss = loss_of(model)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
