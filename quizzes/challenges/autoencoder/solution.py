"""Train the decoder of an autoencoder once more."""

import torch
from torch import nn


class Autoencoder(nn.Module):
    def __init__(self, inputs=20, code=4):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(inputs, 10), nn.ReLU(), nn.Linear(10, code))
        self.decoder = nn.Sequential(nn.Linear(code, 10), nn.ReLU(), nn.Linear(10, inputs))

    def forward(self, x):
        return self.decoder(self.encoder(x))

    def freeze_encoder(self):
        for param in self.encoder.parameters():
            param.requires_grad = False


model = Autoencoder()
model.freeze_encoder()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for step in range(4):
    x = torch.randn(16, 20)
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(x), x)
    loss.backward()
    optimizer.step()
    print(f"{step}: {loss.item():.4f}")
