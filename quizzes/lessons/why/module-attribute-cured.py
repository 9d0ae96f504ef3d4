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



def distance(module, other):
    pairs = zip(module.parameters(), other.parameters())
    return sum((new - old).square().sum() for new, old in pairs).sqrt().item()


model = Net()
start = copy.deepcopy(model)
batches = [(torch.randn(8, 6), torch.randint(0, 3, (8,))) for _ in range(20)]

# region shown
model.backbone.requires_grad_(False)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for inputs, labels in batches:
    loss = nn.functional.cross_entropy(model(inputs), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# endregion

frozen = sum(not parameter.requires_grad for parameter in model.backbone.parameters())
print(f"Frozen parameters of the backbone: {frozen} of 4")
print(f"Backbone moved by: {distance(model.backbone, start.backbone):.3f}")
print(f"Head moved by: {distance(model.head, start.head):.3f}")
