"""Freeze the first layer once it is good enough."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(7, 14), nn.Tanh(), nn.Linear(14, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)


def batch(size=16):
    """Random inputs with their product."""
    inputs = torch.randn(size, 7)
    return inputs, inputs.prod(dim=1, keepdim=True)


def freeze(layer):
    for param in layer.parameters():
        param.requires_grad = False


for epoch in range(8):
    if epoch == 3:
        print("the first layer is good enough")
        freeze(model[0])
    inputs, targets = batch()
    optimizer.zero_grad(set_to_none=False)
    loss = nn.functional.mse_loss(model(inputs), targets)
    loss.backward()
    optimizer.step()
    print(f"{epoch}: {loss.item():.4f}")
