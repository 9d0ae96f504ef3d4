import copy

import torch
from torch import nn

# Two tasks over the same eight features: the old one has 4,000 examples, the new one 20.
generator = torch.Generator().manual_seed(42)
features = torch.randn(20, 8, generator=generator) / 2
old_task = torch.randn(8, 1, generator=generator)
new_task = old_task + 0.7 * torch.randn(8, 1, generator=generator)


def examples(task, count, seed):
    inputs = torch.randn(count, 20, generator=torch.Generator().manual_seed(seed))
    return inputs, (torch.tanh(inputs @ features) @ task > 0).long().squeeze(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU())
        self.head = nn.Linear(32, 2)

    def forward(self, inputs):
        return self.head(self.backbone(inputs))


def fit(model, optimizer, inputs, labels, steps):
    for _ in range(steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(inputs), labels).backward()
        optimizer.step()


def accuracy(model, task):
    inputs, labels = examples(task, 4000, seed=1000)
    return (model(inputs).argmax(1) == labels).float().mean().item()


torch.manual_seed(0)
pretrained = Net()
fit(pretrained, torch.optim.Adam(pretrained.parameters(), lr=0.01), *examples(old_task, 4000, seed=1), steps=150)


# region shown
def fine_tune(model, inputs, labels):
    model.backbone.requires_grad_(False)
    model.head = nn.Linear(32, 2)  # a new head for the new task
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    fit(model, optimizer, inputs, labels, steps=60)
# endregion


new, old, moved = [], [], []
for seed in range(6):
    torch.manual_seed(seed)
    model = copy.deepcopy(pretrained)
    fine_tune(model, *examples(new_task, 20, seed=10 + seed))
    new.append(accuracy(model, new_task))
    moved.append((model.backbone[0].weight - pretrained.backbone[0].weight).norm().item())
    model.head = pretrained.head
    old.append(accuracy(model, old_task))
print(f"Right on the new task, mean of 6 runs: {100 * sum(new) / 6:.1f}%")
print(f"Right on the old task, with its old head: {100 * sum(old) / 6:.1f}%")
print(f"First layer moved by: {sum(moved) / 6:.2f}")
