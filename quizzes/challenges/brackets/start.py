"""Restore noisy signals with the decoder of a network."""

import torch
from torch import nn


class Denoiser(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Conv1d(1, 8, kernel_size=5, padding=2)
        self.decoder = nn.Conv1d(8, 1, kernel_size=5, padding=2)

    def forward(self, signal):
        return self.decoder(self.encoder(signal).relu())


def freeze(module):
    for param in module.parameters:
        param.requires_grad = False


def noisy(signal):
    return signal + 0.1 * torch.randn_like(signal)


model = Denoiser()
freeze(model.encoder)
optimizer = torch.optim.Adam(model.decoder.parameters(), lr=0.01)

for step in range(4):
    signal = torch.randn(2, 1, 64)
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(noisy(signal)), signal)
    loss.backward()
    optimizer.step()
