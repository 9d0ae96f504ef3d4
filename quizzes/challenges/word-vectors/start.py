"""Tag the words of a sentence, on top of given word vectors."""

import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self, count, size, tags):
        super().__init__()
        self.words = nn.Embedding(count, size)
        self.mixer = nn.Linear(size, size)
        self.tags = nn.Linear(size, tags)

    def forward(self, sentence):
        return self.tags(self.mixer(self.words(sentence)).relu())


def build_tagger(vectors, tags):
    count, size = vectors.shape
    tagger = Tagger(count, size, tags)
    tagger.words.weight.data.copy_(vectors)
    tagger.words.weight.data.requires_grad = False
    return tagger


tagger = build_tagger(torch.randn(500, 24), tags=7)
optimizer = torch.optim.Adam(tagger.parameters(), lr=0.001)
criterion = nn.CrossEntropyLoss()

for step in range(3):
    sentence = torch.randint(0, 500, (10,))
    tags = torch.randint(0, 7, (10,))
    optimizer.zero_grad()
    criterion(tagger(sentence), tags).backward()
    optimizer.step()
