from torchvision import models

teacher = models.resnet34(weights="DEFAULT")
student = models.resnet18(num_classes=1000)

teacher.train(False)
for param in teacher.parameters():
    param.requires_grad = False
