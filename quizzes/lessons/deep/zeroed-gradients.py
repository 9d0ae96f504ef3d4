import torch
from torch import nn


def train(model, optimizer, to_none):
    for _ in range(5):
        optimizer.zero_grad(set_to_none=to_none)
        model(torch.ones(8, 4)).square().mean().backward()
        optimizer.step()


# region shown
for to_none in (False, True):
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    train(model, optimizer, to_none)
    model[0].requires_grad_(False)
    frozen = model[0].weight.clone()
    train(model, optimizer, to_none)
    print(f"set_to_none={to_none}: moved", not torch.equal(model[0].weight, frozen))
# endregion
