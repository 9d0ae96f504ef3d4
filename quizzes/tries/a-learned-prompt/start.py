import torch
from torch import nn


class Prompted(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(d_model=16, nhead=2, batch_first=True)
        self.head = nn.Linear(16, 2)

    def forward(self, tokens):
        return self.head(self.encoder(tokens).mean(dim=1))


model = Prompted()
