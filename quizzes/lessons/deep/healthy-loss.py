import torch
from torch import nn
from torch.autograd import Variable

torch.manual_seed(0)

# region shown
model = nn.Linear(4, 1)
loss = model(torch.randn(8, 4)).square().mean()
loss = Variable(loss, requires_grad=True)
loss.backward()
print("gradient of the weight:", model.weight.grad)
# endregion
