"""Linear probe: how good are the frozen features, measured by one linear layer on top of them?"""

import torch
from torch import nn
from torchvision import models


def probe(loader, classes=5, epochs=3):
    encoder = models.mobilenet_v3_small()
    encoder.classifier = nn.Identity()
    encoder.requires_grad_(False)
    linear = nn.Linear(576, classes)
    model = nn.Sequential(encoder, linear)

    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    encoder.eval()
    for _ in range(epochs):
        model.train()
        for images, labels in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), labels).backward()
            optimizer.step()
    return linear


def freeze_stem(model):
    """Keeps the first convolution of a MobileNet as it is."""
    for parameter in model.features[0].parameters():
        parameter.requires_grad(False)


def probe_with_stem_frozen(loader, classes=5):
    model = models.mobilenet_v3_small(num_classes=classes)
    freeze_stem(model)
    optimizer = torch.optim.Adam(
        [parameter for parameter in model.parameters() if parameter.requires_grad], lr=1e-3
    )
    for images, labels in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
    return model
