import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))


def train(model, optimizer):
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(8, 4)).square().mean().backward()
        optimizer.step()


# region shown
model[0].requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), weight_decay=0.1)
start = model[0].weight.clone()
train(model, optimizer)
print("frozen: moved", not torch.equal(model[0].weight, start), "- states", len(optimizer.state))
model[0].requires_grad_(True)  # and no new optimizer
train(model, optimizer)
print("unfrozen: moved", not torch.equal(model[0].weight, start), "- states", len(optimizer.state))
# endregion
