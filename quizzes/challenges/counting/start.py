"""Fine-tune a head and report how much of the model trains."""

import torch
from torch import nn


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(15, 150)
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(150, 5), nn.ReLU(), nn.Linear(5, 15), nn.Linear(15, 1))

    def forward(self, x):
        return self.head(self.encoder(x))


def count_all(module):
    return sum(param.numel() for param in module.parameters())


def count_trainable(module):
    return sum(param.numel() for param in module.parameters() if param.requires_grad_)


model = Regressor()
model.encoder.requires_grad_(False)
print(f"{count_trainable(model)} of {count_all(model)} parameters train")

optimizer = torch.optim.SGD(model.head.parameters(), lr=0.01)
for step in range(3):
    x = torch.randn(8, 15)
    optimizer.zero_grad()
    loss = (model(x) - x.sum(dim=1, keepdim=True)).pow(2).mean()
    loss.backward()
    optimizer.step()
