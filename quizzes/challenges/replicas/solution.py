"""Train on several machines; here on one."""

import tempfile

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(8, 16)
        self.scores = nn.Linear(16, 3)

    def forward(self, x):
        return self.scores(self.stem(x).relu())


store = f"file://{tempfile.mkdtemp()}/store"
dist.init_process_group("gloo", init_method=store, rank=0, world_size=1)

net = Net()
for param in net.stem.parameters():
    param.requires_grad = False
model = DistributedDataParallel(net)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)

for step in range(3):
    inputs, labels = torch.randn(8, 8), torch.randint(0, 3, (8,))
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(inputs), labels)
    loss.backward()
    optimizer.step()
    print(step, loss.item())

dist.destroy_process_group()
