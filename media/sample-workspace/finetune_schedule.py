"""Fine-tune in two stages: first the new classifier alone, later the last block of the backbone with it."""

import torch
from torch import nn
from torchvision import models

EPOCHS = 6
UNFREEZE_AT = 2


def finetune(loader, classes=5):
    model = models.resnet18()
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.fc = nn.Linear(512, classes)

    optimizer = torch.optim.AdamW(
        filter(lambda parameter: parameter.requires_grad, model.parameters()), lr=1e-3
    )
    for epoch in range(EPOCHS):
        if epoch == UNFREEZE_AT:
            for parameter in model.layer4.parameters():
                parameter.requires_grad = True
        model.train()
        for images, labels in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
    return model


def finetune_clipped(loader, classes=5):
    """The same first stage with clipped gradients, for small batches."""
    model = models.resnet18()
    model.requires_grad_(False)
    model.fc = nn.Linear(512, classes)

    trainable = filter(lambda parameter: parameter.requires_grad, model.parameters())
    optimizer = torch.optim.SGD(trainable, lr=0.01)
    for _ in range(UNFREEZE_AT):
        for images, labels in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), labels).backward()
            nn.utils.clip_grad_norm_(trainable, max_norm=1.0)
            optimizer.step()
    return model
