"""Fine-tune a ResNet-18 on images of five classes, step by step.

The data is random, so the script runs anywhere: python train.py
"""

import torch
from torch import nn
from torchvision import models

CLASSES = 5
EPOCHS = 6


def batches(count):
    """Put your own images and labels here."""
    for _ in range(count):
        yield torch.randn(2, 3, 64, 64), torch.randint(0, CLASSES, (2,))


def build_model():
    model = models.resnet18(weights="DEFAULT")
    for name, param in model.named_parameters():
        param.requires_grad = name.startswith("fc.")
    model.fc = nn.Linear(512, CLASSES)
    return model


model = build_model()
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.01, momentum=0.9)
criterion = nn.CrossEntropyLoss()

for epoch in range(EPOCHS):
    if epoch == 3:
        model.layer4.requires_grad_(True)
        optimizer.add_param_group({"params": model.layer4.parameters(), "lr": 0.001})
    model.train()
    for images, labels in batches(2):
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch}: loss {loss.item():.3f}")
