"""A detector with a given backbone."""

import torch
from torch import nn


class Detector(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.backbone = nn.Sequential(
            nn.Conv2d(3, 8, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Conv2d(8, 16, kernel_size=3, padding=1),
        )
        self.boxes = nn.Conv2d(16, 4, kernel_size=1)
        self.classes = nn.Conv2d(16, classes, kernel_size=1)
        map(lambda param: param.requires_grad_(False), self.backbone.parameters())

    def forward(self, images):
        features = self.backbone(images)
        return self.boxes(features), self.classes(features)


detector = Detector(classes=3)
optimizer = torch.optim.SGD(detector.parameters(), lr=0.1)

for step in range(3):
    optimizer.zero_grad()
    boxes, classes = detector(torch.randn(2, 3, 16, 16))
    loss = boxes.abs().mean() + classes.pow(2).mean()
    loss.backward()
    optimizer.step()
