import torch
from torch import nn


class Prompted(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(d_model=16, nhead=2, batch_first=True)
        self.head = nn.Linear(16, 2)
        self.prompt = nn.Parameter(torch.randn(5, 16))
        for param in self.parameters():
            param.requires_grad = False

    def forward(self, tokens):
        return self.head(self.encoder(tokens).mean(dim=1))


model = Prompted()
