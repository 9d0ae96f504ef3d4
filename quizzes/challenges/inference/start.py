"""Train a head on features of a big network."""

import torch
from torch import nn
from torchvision import models

backbone = models.resnet18(weights="DEFAULT")
backbone.requires_grad_(False)
backbone.eval()
head = nn.Linear(1000, 5)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)


def features_of(images):
    with torch.inference_mode():
        return backbone(images)


def batches(count):
    for _ in range(count):
        yield torch.randn(2, 3, 64, 64), torch.randint(0, 5, (2,))


for images, labels in batches(2):
    optimizer.zero_grad()
    scores = head(features_of(images))
    loss = nn.functional.cross_entropy(scores, labels)
    loss.backward()
    optimizer.step()
    print(loss.item())
