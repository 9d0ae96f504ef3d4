"""Read digits with features from elsewhere."""

import torch
from torch import nn


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=3, stride=2),
            nn.ReLU(),
            nn.Conv2d(8, 16, kernel_size=3, stride=2),
        )
        self.classifier = nn.Linear(16, 10)

    def forward(self, images):
        return self.classifier(self.features(images).mean(dim=(2, 3)))

    def freeze_features(self):
        for param in self.features.parameters():
            param.requires_grad(False)


model = Digits()
model.freeze_features()
optimizer = torch.optim.SGD(model.classifier.parameters(), lr=0.1)

for step in range(3):
    images = torch.randn(4, 1, 28, 28)
    digits = torch.randint(0, 10, (4,))
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images), digits).backward()
    optimizer.step()
