"""Segment images, with a normalisation that can be frozen."""

import torch
from torch import nn


class Segmenter(nn.Module):
    def __init__(self, classes, freeze_norm=False):
        super().__init__()
        self.down = nn.Conv2d(3, 8, kernel_size=3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.up = nn.Conv2d(8, classes, kernel_size=1)
        self.wants_frozen_norm = freeze_norm

    def forward(self, images):
        return self.up(self.norm(self.down(images)).relu())

    def freeze_norm(self):
        self.norm.requires_grad_(False)
        self.norm.eval()


model = Segmenter(classes=4, freeze_norm=True)
model.train()
if model.wants_frozen_norm:
    model.freeze_norm()

optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(3):
    images = torch.randn(2, 3, 16, 16)
    optimizer.zero_grad()
    model(images).pow(2).mean().backward()
    optimizer.step()
