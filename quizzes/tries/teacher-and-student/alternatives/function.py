from torchvision import models


def freeze(model):
    model.eval()
    for param in model.parameters():
        param.requires_grad_(False)
    return model


teacher = freeze(models.resnet34(weights="DEFAULT"))
student = models.resnet18(num_classes=1000)
