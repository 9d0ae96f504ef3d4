"""Sentiment of short reviews, on top of an encoder from another task."""

import torch
from torch import nn


class Sentiment(nn.Module):
    def __init__(self, words=200, size=16):
        super().__init__()
        self.encoder = nn.Sequential(nn.Embedding(words, size), nn.Linear(size, size))
        self.classifier = nn.Linear(size, 2)

    def forward(self, tokens):
        return self.classifier(self.encoder(tokens).mean(dim=1))


def freeze(module):
    for param in module.parameters():
        param.requires_grad_ = False


model = Sentiment()
freeze(model.encoder)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
criterion = nn.CrossEntropyLoss()

for step in range(3):
    tokens = torch.randint(0, 200, (8, 12))
    labels = torch.randint(0, 2, (8,))
    optimizer.zero_grad()
    loss = criterion(model(tokens), labels)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
