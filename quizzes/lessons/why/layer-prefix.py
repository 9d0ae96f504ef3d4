from torch import nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.ModuleList([nn.Linear(16, 16) for _ in range(12)])

    def forward(self, states):
        for layer in self.layer:
            states = layer(states).relu()
        return states


model = Encoder()

# region shown
for name, parameter in model.named_parameters():
    if "layer.1" in name:  # the second layer stays as it is
        parameter.requires_grad = False
# endregion

frozen = [str(index) for index, layer in enumerate(model.layer) if not layer.weight.requires_grad]
values = sum(parameter.numel() for parameter in model.parameters() if not parameter.requires_grad)
print(f"Frozen layers: {', '.join(frozen)}")
print(f"Frozen values: {values}")
