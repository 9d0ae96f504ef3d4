from torch import nn

layer = nn.TransformerEncoderLayer(d_model=32, nhead=4, dim_feedforward=64)
encoder = nn.TransformerEncoder(layer, num_layers=12)
for name, param in encoder.named_parameters():
    if any(f"layers.{index}" in name for index in range(3)):
        param.requires_grad = False
