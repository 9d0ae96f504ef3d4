"""Train a head on the features of a network."""

import torch
from torch import nn

backbone = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 16))
head = nn.Linear(16, 3)
optimizer = torch.optim.SGD(head.parameters(), lr=0.1)


def features_of(samples):
    features = backbone(samples).detach()
    return features


def accuracy(samples, labels):
    with torch.no_grad():
        return (head(backbone(samples)).argmax(dim=1) == labels).float().mean().item()


for step in range(3):
    samples = torch.randn(8, 10)
    labels = torch.randint(0, 3, (8,))
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(head(features_of(samples)), labels)
    loss.backward()
    optimizer.step()
    print(step, loss.item())

print(accuracy(torch.randn(8, 10), torch.randint(0, 3, (8,))))
