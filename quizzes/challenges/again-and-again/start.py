"""Unfreeze the first layer after two epochs."""

import torch
from torch import nn

UNFREEZE = 2

model = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 2))
for param in model[0].parameters():
    param.requires_grad = False
optimizer = torch.optim.SGD(model[2].parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()


def batch(size):
    """Random samples of two kinds."""
    return torch.randn(size, 6), torch.randint(0, 2, (size,))


for epoch in range(6):
    if epoch >= UNFREEZE:
        for param in model[0].parameters():
            param.requires_grad = True
        optimizer.add_param_group({"params": model[0].parameters(), "lr": 0.01})
    inputs, labels = batch(16)
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    print(f"epoch {epoch}: {loss.item():.3f}")
