from torchvision import models

model = models.resnet18(weights="DEFAULT")
for name, param in model.named_parameters():
    if "conv1" in name or "bn1" in name or "layer1" in name:
        param.requires_grad = False
