"""Three classes on as many GPUs as there are."""

import torch
from torch import nn
from torchvision import models


def load():
    net = models.resnet18(weights="DEFAULT")
    for name, param in net.named_parameters():
        param.requires_grad = name.startswith("layer4")
    return nn.DataParallel(net)


def give_new_head(model, classes):
    model.fc = nn.Linear(512, classes)


def train(model, optimizer, steps):
    for step in range(steps):
        images = torch.randn(2, 3, 64, 64)
        labels = torch.randint(0, 3, (2,))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        print(step, loss.item())


model = load()
give_new_head(model, classes=3)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
train(model, optimizer, steps=2)
