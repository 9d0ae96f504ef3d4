import torch
from torch import nn


class Prompted(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.TransformerEncoderLayer(d_model=16, nhead=2, batch_first=True)
        self.head = nn.Linear(16, 2)
        self.requires_grad_(False)
        self.prompt = nn.Parameter(torch.randn(5, 16))

    def forward(self, tokens):
        prompt = self.prompt.expand(tokens.shape[0], -1, -1)
        tokens = torch.cat([prompt, tokens], dim=1)
        return self.head(self.encoder(tokens).mean(dim=1))


model = Prompted()
