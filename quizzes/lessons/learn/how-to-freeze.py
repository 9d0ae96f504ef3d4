from torchvision import models

# region shown
model = models.resnet18(weights=None)
for parameter in model.layer1.parameters():
    parameter.requires_grad = False
model.layer2.requires_grad_(False)  # the same in one call
for name in ("layer1", "layer2", "layer3"):
    parameters = getattr(model, name).parameters()
    print(name, "trains" if any(p.requires_grad for p in parameters) else "is frozen")
# endregion
