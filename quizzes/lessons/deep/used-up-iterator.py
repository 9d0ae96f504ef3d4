import torch
from torch import nn

model = nn.ModuleDict({"backbone": nn.Linear(4, 4), "head": nn.Linear(4, 2)})

# region shown
parameters = model["head"].parameters()
print(sum(p.numel() for p in parameters), "values in the head")
optimizer = torch.optim.SGD(
    [{"params": model["backbone"].parameters()}, {"params": parameters}], lr=0.1
)
print([len(group["params"]) for group in optimizer.param_groups])
torch.optim.SGD(parameters, lr=0.1)
# endregion
