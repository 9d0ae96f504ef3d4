"""Fine-tune a ResNet-18 on photographs of flowers."""

import torch
from torch import nn
from torchvision import models

CLASSES = 5


def build_model(classes):
    model = models.resnet18(weights="DEFAULT")
    # The features are good enough for flowers.
    model.requires_grad = False
    model.fc = nn.Linear(512, classes)
    return model


def batches(count):
    for _ in range(count):
        yield torch.randn(4, 3, 64, 64), torch.randint(0, CLASSES, (4,))


model = build_model(CLASSES)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
criterion = nn.CrossEntropyLoss()

for images, labels in batches(2):
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
    print(f"loss {loss.item():.3f}")
