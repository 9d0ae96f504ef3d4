import torch
from torchvision import models

# region shown
model = models.resnet18(weights=None)
model.requires_grad_(False)  # everything, the head as well
loss = model(torch.randn(2, 3, 64, 64)).sum()
try:
    loss.backward()
except RuntimeError as error:
    print(error)
# endregion
