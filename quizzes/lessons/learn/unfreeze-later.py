import copy

import torch
from torchvision import models

torch.manual_seed(0)
model = models.resnet18(weights=None, num_classes=3)
model.requires_grad_(False)
model.fc.requires_grad_(True)


def train(model, optimizer):
    for _ in range(2):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(torch.randn(4, 3, 64, 64)), torch.tensor([0, 1, 2, 0]))
        loss.backward()
        optimizer.step()


# region shown
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)
train(model, optimizer)  # first the new head alone
start = copy.deepcopy(model.layer4)
model.layer4.requires_grad_(True)
optimizer.add_param_group({"params": model.layer4.parameters(), "lr": 0.001})
train(model, optimizer)
pairs = zip(model.layer4.parameters(), start.parameters())
print("layer4 moved:", any(not torch.equal(new, old) for new, old in pairs))
# endregion
