"""Fine-tune backbone and head together."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 12))
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        with torch.no_grad():
            features = self.backbone(x)
        return self.head(features.relu())


model = Net()
for param in model.backbone.parameters():
    param.requires_grad = True
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for step in range(4):
    inputs = torch.randn(8, 6)
    labels = torch.randint(0, 3, (8,))
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), labels)
    loss.backward()
    optimizer.step()
    print(f"step {step}: {loss.item():.3f}")
