import torch
from torch import nn

vectors = torch.randn(1000, 50)
model = nn.Sequential(
    nn.Embedding.from_pretrained(vectors, freeze=False),
    nn.Flatten(),
    nn.Linear(50 * 8, 2),
)
