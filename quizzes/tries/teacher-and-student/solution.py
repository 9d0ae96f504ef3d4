from torchvision import models

teacher = models.resnet34(weights="DEFAULT").eval().requires_grad_(False)
student = models.resnet18(num_classes=1000)
