"""Two rounds of training with a function between them."""

import torch
from torch import nn


def unfreeze_all(model, optimizer):
    model.requires_grad_(True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    print("everything trains now")
    return optimizer


def train(model, optimizer, steps):
    for _ in range(steps):
        inputs = torch.randn(8, 5)
        targets = inputs.sum(dim=1, keepdim=True)
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), targets)
        loss.backward()
        optimizer.step()
    print(f"loss {loss.item():.4f}")


model = nn.Sequential(nn.Linear(5, 10), nn.ReLU(), nn.Linear(10, 1))
model[0].requires_grad_(False)
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)

train(model, optimizer, steps=3)
optimizer = unfreeze_all(model, optimizer)
train(model, optimizer, steps=3)
