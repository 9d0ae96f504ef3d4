from torchvision import models

model = models.resnet18(weights="DEFAULT")
for name, param in model.named_parameters():
    if name in ["conv1", "bn1", "layer1"]:
        param.requires_grad = False
