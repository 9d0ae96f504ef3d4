from torchvision import models

model = models.resnet18(weights="DEFAULT")
for module in (model.conv1, model.bn1, model.layer1):
    module.requires_grad_(False)
