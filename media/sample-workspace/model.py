"""Models of the flower classifier: a frozen feature extractor with a small head of our own."""

import torch
from torch import nn
from torchvision import models


class FlowerClassifier(nn.Module):
    """A ResNet-18 without its last layer, followed by a two-layer head."""

    def __init__(self, classes, hidden=128):
        super().__init__()
        self.backbone = models.resnet18()
        features = self.backbone.fc.in_features
        self.backbone.fc = nn.Identity()
        self.head = nn.Sequential(
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(hidden, classes),
        )
        for parameter in self.backbone.parameters():
            parameter.require_grad = False

    def forward(self, images):
        return self.head(self.backbone(images))


def train_last_block(loader, classes=5, epochs=3):
    """A ResNet-34 of which only the last block and the classifier learn."""
    model = models.resnet34()
    model.fc = nn.Linear(model.fc.in_features, classes)
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.layer4.parameters():
        parameter.requires_grad = True

    optimizer = torch.optim.SGD(
        [parameter for parameter in model.parameters() if parameter.requires_grad], lr=0.005
    )
    for _ in range(epochs):
        model.train()
        for images, labels in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()
    return model
