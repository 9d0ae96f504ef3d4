import copy

import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Linear(4, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, inputs):
        return self.head(torch.relu(self.backbone(inputs)))


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)


def train(model):
    for _ in range(10):
        optimizer.zero_grad()
        model(torch.randn(8, 4)).square().mean().backward()
        optimizer.step()


# region shown
start = copy.deepcopy(model.state_dict())
model.backbone.requires_grad_(False)
train(model)
for name, weight in model.state_dict().items():
    moved = not torch.equal(weight, start[name])
    print(name, "moved" if moved else "stayed")
# endregion
