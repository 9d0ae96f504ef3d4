from torchvision import models

model = models.resnet18(weights="DEFAULT")
for name in ["conv1", "bn1", "layer1"]:
    for param in getattr(model, name).parameters():
        param.requires_grad = False
