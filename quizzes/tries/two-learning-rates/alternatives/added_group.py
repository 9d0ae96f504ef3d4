import torch
from torchvision import models

model = models.resnet18(weights="DEFAULT")
for name, param in model.named_parameters():
    param.requires_grad = name.startswith(("layer4.", "fc."))
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)
optimizer.add_param_group({"params": model.layer4.parameters(), "lr": 0.001})
