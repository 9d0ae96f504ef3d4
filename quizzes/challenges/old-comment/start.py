"""Estimate the age of trees from their rings."""

import torch
from torch import nn


class Trees(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(9, 18)
        self.head = nn.Linear(18, 1)

    def forward(self, rings):
        return self.head(self.encoder(rings).relu())


def freeze(module):
    module.requires_grad_(False)  # freezelint: ignore[FRZ101] -- the class once had a flag of its own


def train(model, optimizer, steps):
    for step in range(steps):
        rings = torch.randn(8, 9)
        ages = rings.abs().sum(dim=1, keepdim=True)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(rings), ages)
        loss.backward()
        optimizer.step()
        print(step, loss.item())


model = Trees()
freeze(model.encoder)
optimizer = torch.optim.SGD(model.head.parameters(), lr=0.01)
train(model, optimizer, steps=3)
