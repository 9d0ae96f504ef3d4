"""Train an adapter behind a frozen base."""

import torch
from torch import nn
from torch.autograd import Variable


class Adapted(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = nn.Linear(10, 10)
        self.adapter = nn.Linear(10, 4)

    def forward(self, x):
        return self.adapter(self.base(x).relu())


model = Adapted()
for param in model.base.parameters():
    param.requires_grad = False
optimizer = torch.optim.SGD(model.adapter.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()

for step in range(3):
    inputs = torch.randn(8, 10)
    labels = torch.randint(0, 4, (8,))
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss = Variable(loss, requires_grad=True)
    loss.backward()
    optimizer.step()
    print(step, loss.item())
