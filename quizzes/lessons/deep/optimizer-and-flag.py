import torch
from torch import nn

torch.manual_seed(0)

# region shown
model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
model(torch.ones(1, 3)).sum().backward()
model[0].requires_grad_(False)  # frozen, with a gradient that waits
before = model[0].bias.clone()
optimizer.step()
print("the frozen layer moved:", not torch.equal(model[0].bias, before))
# endregion
