import copy

import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
        self.head = nn.Linear(8, 2)

    def forward(self, images):
        return self.head(self.backbone(images).flatten(1))


def train(model, optimizer):
    for _ in range(10):
        images = torch.randn(8, 3, 16, 16) * 2 + 1  # brighter than the images of pre-training
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), torch.randint(0, 2, (8,))).backward()
        optimizer.step()


def features(model, image):
    with torch.no_grad():
        return copy.deepcopy(model).eval().backbone(image).flatten()


model = Net()
image = torch.randn(1, 3, 16, 16)
before = features(model, image)
weights = copy.deepcopy(list(model.backbone.parameters()))

# region shown
model.backbone.requires_grad_(False)
optimizer = torch.optim.SGD(model.head.parameters(), lr=0.1)
for epoch in range(5):
    model.train()
    train(model, optimizer)
# endregion

after = features(model, image)
changed = sum(not torch.equal(old, new) for old, new in zip(weights, model.backbone.parameters()))
print(f"Weights of the backbone that changed: {changed} of {len(weights)}")
print(f"Its features of the same image changed by: {100 * (after - before).norm() / before.norm():.1f}%")
