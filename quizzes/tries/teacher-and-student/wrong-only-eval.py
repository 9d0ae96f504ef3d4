from torchvision import models

teacher = models.resnet34(weights="DEFAULT").eval()
student = models.resnet18(num_classes=1000)
