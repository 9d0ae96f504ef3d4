import copy

import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 4))
        self.head = nn.Linear(4, 3)

    def forward(self, inputs):
        return self.head(self.backbone(inputs))



def train(model, optimizer, batches):
    for inputs, labels in batches:
        loss = nn.functional.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def distance(module, other):
    pairs = zip(module.parameters(), other.parameters())
    return sum((new - old).square().sum() for new, old in pairs).sqrt().item()


def gradient_norm(module):
    return sum(parameter.grad.square().sum() for parameter in module.parameters()).sqrt().item()


model = Net()
start = copy.deepcopy(model)
batches = [(torch.randn(8, 6), torch.randint(0, 3, (8,))) for _ in range(10)]

# region shown
model.backbone.requires_grad_(False)
optimizer = torch.optim.SGD(model.head.parameters(), lr=0.1)
for epoch in range(6):
    if epoch == 2:
        model.backbone.requires_grad_(True)
    train(model, optimizer, batches)
# endregion

with torch.no_grad():
    loss = sum(nn.functional.cross_entropy(model(inputs), labels) for inputs, labels in batches) / len(batches)
print(f"Backbone moved by: {distance(model.backbone, start.backbone):.3f}")
print(f"Gradient of the backbone, as a norm: {gradient_norm(model.backbone):.2f}")
print(f"Loss after six epochs: {loss:.3f}")
