"""Estimate age and weight of fish from measurements."""

import torch
from torch import nn


class Fish(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 12))
        self.age = nn.Linear(12, 1)
        self.weight = nn.Linear(12, 1)

    def forward(self, measurements):
        features = self.features(measurements).relu()
        return self.age(features), self.weight(features)


def freeze(module):
    for _, param in module.named_parameters():
        param.requires_grad = False


model = Fish()
freeze(model.features)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

for step in range(3):
    optimizer.zero_grad()
    age, weight = model(torch.randn(8, 6))
    loss = age.pow(2).mean() + weight.pow(2).mean()
    loss.backward()
    optimizer.step()
