from torch import nn

# region shown
copied, in_place = nn.Linear(2, 2), nn.Linear(2, 2)
for parameter in copied.parameters():
    parameter.detach().requires_grad = False
for parameter in in_place.parameters():
    parameter.detach_()
print("detach(): trainable", copied.weight.requires_grad)
print("detach_(): trainable", in_place.weight.requires_grad)
# endregion
