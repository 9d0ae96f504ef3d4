"""Train a new classifier on top of a pre-trained ResNet-18.

    python train.py --data flowers/ --epochs 5

Without --data it trains on random images, to try the script out.
"""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

CLASSES = 5


def build_model(pretrained):
    weights = models.ResNet18_Weights.DEFAULT if pretrained else None
    model = models.resnet18(weights=weights)
    # The ImageNet features are good enough for flowers; only the new classifier should learn.
    model.requires_grad = False
    model.fc = nn.Linear(model.fc.in_features, CLASSES)
    return model


def load_images(folder, batch_size):
    transform = transforms.Compose(
        [
            transforms.RandomResizedCrop(224),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ]
    )
    if folder is None:
        images = datasets.FakeData(size=8, num_classes=CLASSES, transform=transform)
    else:
        images = datasets.ImageFolder(folder, transform=transform)
    return DataLoader(images, batch_size=batch_size, shuffle=True)


def train_one_epoch(model, loader, optimizer, device):
    total = 0.0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        loss = nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder with one sub-folder of images per class")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--from-scratch", action="store_true", help="do not load ImageNet weights")
    args = parser.parse_args()

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = build_model(pretrained=not args.from_scratch).to(device)
    trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
    print(f"{sum(parameter.numel() for parameter in trainable):,} trainable parameters")

    loader = load_images(args.data, args.batch_size)
    optimizer = torch.optim.SGD(trainable, lr=0.01, momentum=0.9)
    for epoch in range(args.epochs):
        model.train()
        loss = train_one_epoch(model, loader, optimizer, device)
        print(f"epoch {epoch + 1}: loss {loss:.3f}")
    torch.save(model.state_dict(), "flowers.pt")


if __name__ == "__main__":
    main()
