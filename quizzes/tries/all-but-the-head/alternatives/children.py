from torchvision import models

model = models.resnet18(weights="DEFAULT")
for name, child in model.named_children():
    if name != "fc":
        for param in child.parameters():
            param.requires_grad = False
