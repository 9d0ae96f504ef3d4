import torch
from torch import nn
from torchvision import models

model = models.resnet18()
for param in model.parameters():
    param.requires_grad = False
model.fc = nn.Linear(512, 10)
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)

# After some epochs.
for param in model.layer4.parameters():
    param.requires_grad = True

for name, param in model.named_parameters():
    if name.startswith("bn1"):
        param.requires_grad = True
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.01)
model.fc.requires_grad_(False)
