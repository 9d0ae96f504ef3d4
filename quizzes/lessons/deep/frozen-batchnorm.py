import torch
from torch import nn

torch.manual_seed(0)
image = torch.randn(1, 3, 8, 8)
batches = [torch.randn(16, 3, 8, 8) * 3 + 2 for _ in range(5)]

# region shown
model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).requires_grad_(False)
before = model.eval()(image)
model.train()
for batch in batches:  # forward only: no loss, no optimizer
    model(batch)
after = model.eval()(image)
print(f"output changed by {100 * (after - before).norm() / before.norm():.1f}%")
# endregion
