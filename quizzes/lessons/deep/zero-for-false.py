from torch import nn

# region shown
model = nn.Linear(2, 2)
for parameter in model.parameters():
    parameter.requires_grad = 0
print("frozen")
# endregion
