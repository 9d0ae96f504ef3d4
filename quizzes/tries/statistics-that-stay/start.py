import torch
from torch import nn
from torchvision import models


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = models.resnet18(weights="DEFAULT")
        self.head = nn.Linear(1000, 3)

    def forward(self, images):
        return self.head(self.backbone(images))


model = Classifier()
model.backbone.requires_grad_(False)
optimizer = torch.optim.SGD(model.head.parameters(), lr=0.1)
for epoch in range(3):
    model.train()
    optimizer.zero_grad()
    model(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
