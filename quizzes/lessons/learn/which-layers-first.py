from torchvision import models

model = models.resnet18(weights=None)

# region shown
early = ("conv1.", "bn1.", "layer1.", "layer2.")
for name, parameter in model.named_parameters():
    if name.startswith(early):
        parameter.requires_grad = False
# endregion
