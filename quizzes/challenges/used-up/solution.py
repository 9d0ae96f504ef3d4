"""Train the last layer with clipped gradients."""

import torch
from torch import nn

CLIP = 1.0

model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1))
for param in model[0].parameters():
    param.requires_grad = False

trained = [param for param in model.parameters() if param.requires_grad]
optimizer = torch.optim.SGD(trained, lr=0.001)


def loss_on(batch):
    inputs, targets = batch
    return nn.functional.mse_loss(model(inputs), targets)


def random_batch():
    inputs = torch.randn(16, 8)
    return inputs, 100 * inputs.sum(dim=1, keepdim=True)


for step in range(4):
    optimizer.zero_grad()
    loss = loss_on(random_batch())
    loss.backward()
    nn.utils.clip_grad_norm_(trained, CLIP)
    optimizer.step()
    print(step, loss.item())
