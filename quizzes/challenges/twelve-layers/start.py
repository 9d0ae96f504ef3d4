"""Fine-tune the upper layers of an encoder."""

import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, size=8, depth=12):
        super().__init__()
        self.layer = nn.ModuleList([nn.Linear(size, size) for _ in range(depth)])
        self.norm = nn.LayerNorm(size)

    def forward(self, x):
        for layer in self.layer:
            x = x + layer(x).relu()
        return self.norm(x)


def freeze_low_layers(encoder):
    for name, param in encoder.named_parameters():
        if name.startswith("layer.0") or name.startswith("layer.1"):
            param.requires_grad = False


encoder = Encoder()
freeze_low_layers(encoder)
optimizer = torch.optim.AdamW([p for p in encoder.parameters() if p.requires_grad], lr=0.001)

for step in range(3):
    x = torch.randn(4, 8)
    optimizer.zero_grad()
    loss = (encoder(x) - x).pow(2).mean()
    loss.backward()
    optimizer.step()
