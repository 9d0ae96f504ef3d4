from torch import nn

model = nn.Sequential(
    nn.Linear(32, 64),
    nn.LayerNorm(64),
    nn.ReLU(),
    nn.Linear(64, 4),
)
for layer in model:
    if isinstance(layer, nn.Linear):
        layer.weight.requires_grad = False
