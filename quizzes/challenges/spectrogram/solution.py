"""Tell sounds apart by their spectrograms."""

import torch
from torch import nn


class SoundNet(nn.Module):
    def __init__(self, sounds):
        super().__init__()
        self.filters = nn.Conv2d(1, 8, kernel_size=5, padding=2)
        self.mixer = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.scores = nn.Linear(16, sounds)
        for param in self.filters.parameters():
            param.requires_grad = False

    def forward(self, spectrogram):
        features = self.mixer(self.filters(spectrogram).relu()).relu()
        return self.scores(features.mean(dim=(2, 3)))


net = SoundNet(sounds=6)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
criterion = nn.CrossEntropyLoss()

for epoch in range(3):
    spectrograms = torch.randn(4, 1, 32, 32)
    labels = torch.randint(0, 6, (4,))
    optimizer.zero_grad()
    loss = criterion(net(spectrograms), labels)
    loss.backward()
    optimizer.step()
