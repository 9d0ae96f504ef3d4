"""Tell cats from dogs; moved here from Keras."""

import torch
from torch import nn
from torchvision import models


def freeze_all_but_head(model):
    for name, param in model.named_parameters():
        if not name.startswith("fc."):
            param.requires_grad = False


def training_step(model, optimizer, images, labels):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


model = models.resnet18(weights="DEFAULT")
model.fc = nn.Linear(512, 2)
freeze_all_but_head(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

for epoch in range(2):
    images = torch.randn(4, 3, 64, 64)
    labels = torch.randint(0, 2, (4,))
    loss = training_step(model, optimizer, images, labels)
    print(f"epoch {epoch}: {loss:.3f}")
