from torch import nn
from torchvision import models


class Classifier(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.backbone = models.resnet18(weights="DEFAULT")
        self.head = nn.Linear(1000, classes)

    def forward(self, images):
        return self.head(self.backbone(images))


model = Classifier(5)
model.backbone.requires_grad_(False)
other = Classifier(7)
