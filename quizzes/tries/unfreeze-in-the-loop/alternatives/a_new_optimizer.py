import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
model.requires_grad_(False)
model.fc.requires_grad_(True)
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)

for epoch in range(6):
    if epoch == 3:
        for param in model.layer4.parameters():
            param.requires_grad = True
        optimizer = torch.optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.01)
    optimizer.zero_grad()
    model(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
