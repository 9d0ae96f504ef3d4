from torch import nn

layer = nn.TransformerEncoderLayer(d_model=32, nhead=4, dim_feedforward=64)
encoder = nn.TransformerEncoder(layer, num_layers=12)
