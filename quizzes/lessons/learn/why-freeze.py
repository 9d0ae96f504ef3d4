from torch import nn
from torchvision import models

# region shown
model = models.resnet18(weights=None)  # "DEFAULT" loads the pre-trained ones
for parameter in model.parameters():
    parameter.requires_grad = False
model.fc = nn.Linear(512, 10)  # a new head, trainable
trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
total = sum(p.numel() for p in model.parameters())
print(f"{trained:,} of {total:,} values are trained")
# endregion
