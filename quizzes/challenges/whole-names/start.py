"""Recognise leaves with a network that knows photographs."""

import torch
from torch import nn
from torchvision import models

FROZEN = ["conv1", "bn1", "layer1"]


def freeze(model, modules):
    for name, param in model.named_parameters():
        if name in modules:
            param.requires_grad = False


def random_batch(size=4):
    return torch.randn(size, 3, 64, 64), torch.randint(0, 30, (size,))


model = models.resnet18(weights="DEFAULT")
model.fc = nn.Linear(512, 30)
freeze(model, FROZEN)
optimizer = torch.optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.01)

for step in range(2):
    images, leaves = random_batch()
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), leaves)
    loss.backward()
    optimizer.step()
    print(step, round(loss.item(), 3))
