"""Fine-tune the later layers of a network on satellite images."""

import torch
from torch import nn
from torchvision import models

STEM = ["conv1", "bn1", "layer1"]


def prepare(model):
    for param in model.parameters():
        param.requires_grad = True
    for name in STEM:
        for param in getattr(model, name).parameters():
            param.requires_grad = False
    return model


def step(model, optimizer, images, labels):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


model = prepare(models.resnet18(weights="DEFAULT", num_classes=1000))
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.001)

for epoch in range(2):
    images = torch.randn(4, 3, 64, 64)
    labels = torch.randint(0, 1000, (4,))
    print(epoch, step(model, optimizer, images, labels))
