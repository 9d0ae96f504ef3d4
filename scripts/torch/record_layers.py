"""Records every torch.nn module class from the installed PyTorch.

Writes src/torch/layers.json (constructor signatures, module paths, ancestors) and
test/unit/torch/layers-recorded.json (what real constructor calls own). Run with the system Python
that has torch: `python3 scripts/torch/record_layers.py`.
"""

import inspect
import warnings

import torch
from torch import nn

from recording import ancestors, compact, constructor_arguments, describe, reads_training_flag, write

warnings.simplefilter("ignore")


class Layer:
    """A nested constructor call, for arguments that are modules themselves."""

    def __init__(self, name, *positional, **keywords):
        self.name, self.positional, self.keywords = name, positional, keywords

    def build(self):
        return getattr(nn, self.name)(
            *[real(a) for a in self.positional], **{k: real(v) for k, v in self.keywords.items()}
        )

    def data(self):
        return {
            "class": self.name,
            "positional": [data(a) for a in self.positional],
            "keywords": {k: data(v) for k, v in self.keywords.items()},
        }


class Tensor:
    """A tensor argument, which the analysis never knows."""

    def __init__(self, *shape):
        self.shape = shape


def real(value):
    if isinstance(value, Layer):
        return value.build()
    if isinstance(value, Tensor):
        return torch.rand(*value.shape)
    if isinstance(value, list):
        return [real(v) for v in value]
    return value


def data(value):
    if isinstance(value, Layer):
        return {"layer": value.data()}
    if isinstance(value, Tensor):
        return {"tensor": list(value.shape)}
    if isinstance(value, list):
        return [data(v) for v in value]
    return value


L, T = Layer, Tensor
CALLS = []


def calls(*items):
    CALLS.extend(items)


calls(L("Linear", 512, 10), L("Linear", 512, 10, False), L("Linear", 512, 10, bias=False), L("Linear", in_features=3, out_features=4))
calls(L("Bilinear", 3, 4, 5), L("Bilinear", 3, 4, 5, False), L("Bilinear", in1_features=3, in2_features=4, out_features=5))
for d in (1, 2, 3):
    for lazy in ("", "Lazy"):
        first = () if lazy else (8,)
        conv, transposed = f"{lazy}Conv{d}d", f"{lazy}ConvTranspose{d}d"
        kernel = tuple(range(2, 2 + d))
        for name in (conv, transposed):
            calls(
                L(name, *first, 16, 3),
                L(name, *first, 16, kernel),
                L(name, *first, 16, 3, bias=False),
                L(name, *first, 16, kernel_size=3, groups=4),
                L(name, *first, 16, 3, 1, 1, padding_mode="zeros"),
                L(name, *first, out_channels=24, kernel_size=kernel, groups=2, bias=False),
            )
        calls(L(conv, *first, 16, 3, 1, 1, 1, 2, False), L(conv, *first, 16, 3, 1, 1, 1, 2))
        calls(L(transposed, *first, 16, 3, 1, 1, 0, 2, False), L(transposed, *first, 16, 3, 1, 1, 0, 2))
        for norm in (f"{lazy}BatchNorm{d}d", f"{lazy}InstanceNorm{d}d"):
            size = () if lazy else (7,)
            calls(
                L(norm, *size),
                L(norm, *size, affine=True),
                L(norm, *size, affine=False),
                L(norm, *size, 1e-3, 0.2, False),
                L(norm, *size, 1e-3, 0.2, True, False),
                L(norm, *size, track_running_stats=False),
                L(norm, *size, track_running_stats=True, affine=False),
            )
    calls(L(f"Dropout{d}d"), L(f"Dropout{d}d", 0.2), L(f"MaxUnpool{d}d", 2), L(f"MaxPool{d}d", 2), L(f"AvgPool{d}d", 2))
    calls(L(f"AdaptiveMaxPool{d}d", 1), L(f"AdaptiveAvgPool{d}d", 1), L(f"ReflectionPad{d}d", 1))
    calls(L(f"ReplicationPad{d}d", 1), L(f"ConstantPad{d}d", 1, 0.5))
calls(L("SyncBatchNorm", 7), L("SyncBatchNorm", 7, affine=False), L("SyncBatchNorm", 7, track_running_stats=False))
calls(
    L("LayerNorm", 5), L("LayerNorm", (4, 5)), L("LayerNorm", [4, 5]), L("LayerNorm", 5, 1e-6, False),
    L("LayerNorm", 5, elementwise_affine=False), L("LayerNorm", normalized_shape=5, eps=1e-6),
)
calls(L("GroupNorm", 2, 8), L("GroupNorm", 2, 8, 1e-5, False), L("GroupNorm", num_groups=2, num_channels=8, affine=False))
calls(L("LocalResponseNorm", 2), L("CrossMapLRN2d", 2))
calls(L("Embedding", 10, 4), L("Embedding", 10, 4, 0), L("Embedding", num_embeddings=10, embedding_dim=4, padding_idx=1))
calls(L("Embedding", 10, 4, _weight=T(10, 4)))
calls(L("EmbeddingBag", 10, 4), L("EmbeddingBag", 10, 4, mode="sum"), L("EmbeddingBag", num_embeddings=3, embedding_dim=2))
for name in ("LSTM", "GRU", "RNN"):
    calls(
        L(name, 10, 20), L(name, 10, 20, 2), L(name, input_size=10, hidden_size=20, num_layers=3),
        L(name, 10, 20, bias=False), L(name, 10, 20, num_layers=2, bidirectional=True),
        L(name, 10, 20, 2, bidirectional=True, bias=False), L(name, 10, 20, 2, batch_first=True, dropout=0.5),
    )
calls(L("LSTM", 10, 20, 2, False, True, 0.1, True, 5), L("LSTM", 10, 20, 2, proj_size=5), L("LSTM", 10, 20, proj_size=5, bidirectional=True, num_layers=2))
calls(L("LSTM", 10, 20, proj_size=5, bias=False), L("GRU", 10, 20, 2, False, True, 0.1, True), L("RNN", 10, 20, 2, nonlinearity="relu"))
calls(L("RNNBase", "LSTM", 10, 20), L("RNNBase", "GRU", 10, 20, 2, False), L("RNNBase", mode="RNN_TANH", input_size=3, hidden_size=4))
for name in ("LSTMCell", "GRUCell", "RNNCell"):
    calls(L(name, 10, 20), L(name, 10, 20, False), L(name, 10, 20, bias=False))
calls(L("RNNCellBase", 10, 20, True, 4), L("RNNCellBase", 10, 20, False, 3))
calls(
    L("MultiheadAttention", 16, 4), L("MultiheadAttention", 16, 4, bias=False), L("MultiheadAttention", 16, 4, 0.1, False),
    L("MultiheadAttention", 16, 4, add_bias_kv=True), L("MultiheadAttention", 16, 4, kdim=8), L("MultiheadAttention", 16, 4, vdim=8),
    L("MultiheadAttention", 16, 4, kdim=8, vdim=6, bias=False), L("MultiheadAttention", 16, 4, kdim=16, vdim=16),
    L("MultiheadAttention", embed_dim=16, num_heads=4, batch_first=True, add_bias_kv=True, kdim=8),
    L("MultiheadAttention", 16, 4, 0.0, True, True, False, 8, 6, True),
)
for name in ("TransformerEncoderLayer", "TransformerDecoderLayer"):
    calls(
        L(name, 16, 4), L(name, 16, 4, 32), L(name, d_model=16, nhead=4, dim_feedforward=32, dropout=0.0),
        L(name, 16, 4, activation="gelu"), L(name, 16, 4, 32, 0.1, L("GELU")), L(name, 16, 4, activation=L("PReLU"), norm_first=True),
    )
encoder_layer, decoder_layer = L("TransformerEncoderLayer", 16, 4, 32), L("TransformerDecoderLayer", 16, 4, 32)
calls(
    L("TransformerEncoder", encoder_layer, 2), L("TransformerEncoder", encoder_layer, num_layers=3, norm=L("LayerNorm", 16)),
    L("TransformerDecoder", decoder_layer, 2), L("TransformerDecoder", decoder_layer, 2, L("LayerNorm", 16)),
    L("TransformerEncoder", encoder_layer, 0),
)
calls(
    L("Transformer", 16, 4, 1, 2, 32), L("Transformer", d_model=16, nhead=4, num_encoder_layers=2, num_decoder_layers=1),
    L("Transformer", 16, 4, 1, 1, activation=L("GELU")),
    L("Transformer", 16, 4, 1, 1, custom_encoder=L("Linear", 2, 2), custom_decoder=L("Identity")),
)
calls(L("PReLU"), L("PReLU", 8), L("PReLU", num_parameters=3, init=0.1))
calls(L("LazyLinear", 5), L("LazyLinear", 5, False), L("LazyLinear", out_features=5, bias=False))
calls(
    L("AdaptiveLogSoftmaxWithLoss", 16, 100, [10, 50]), L("AdaptiveLogSoftmaxWithLoss", 16, 100, [10, 50], head_bias=True),
    L("AdaptiveLogSoftmaxWithLoss", 16, 100, [20], 2.0, True), L("AdaptiveLogSoftmaxWithLoss", in_features=64, n_classes=1000, cutoffs=[100, 300, 700], div_value=3.0),
)
calls(L("Sequential"), L("Sequential", L("Linear", 2, 3), L("ReLU"), L("Linear", 3, 4)), L("ModuleList"), L("ModuleList", [L("Linear", 2, 3)]))
calls(L("ModuleDict"), L("ParameterList"), L("ParameterDict"), L("Module"), L("Identity"), L("Identity", 54, unused=1))
for name in ("CrossEntropyLoss", "NLLLoss", "NLLLoss2d", "MultiLabelSoftMarginLoss", "BCELoss", "BCEWithLogitsLoss"):
    calls(L(name), L(name, T(3)))
calls(L("BCEWithLogitsLoss", pos_weight=T(3)), L("MultiMarginLoss"), L("MultiMarginLoss", weight=T(3)))
for name in (
    "ReLU Sigmoid Tanh ReLU6 Hardtanh Softmax Softmax2d LogSoftmax ELU SELU CELU GLU GELU Hardshrink LeakyReLU LogSigmoid "
    "Softplus Softshrink Softsign Softmin Tanhshrink RReLU L1Loss KLDivLoss MSELoss PoissonNLLLoss CosineEmbeddingLoss CTCLoss "
    "HingeEmbeddingLoss MarginRankingLoss MultiLabelMarginLoss SmoothL1Loss GaussianNLLLoss HuberLoss SoftMarginLoss "
    "Dropout AlphaDropout FeatureAlphaDropout Upsample PairwiseDistance TripletMarginLoss CosineSimilarity Flatten "
    "Hardsigmoid Hardswish SiLU Mish TripletMarginWithDistanceLoss"
).split():
    calls(L(name))
calls(
    L("Threshold", 0.1, 20), L("Dropout", 0.0), L("ZeroPad2d", 1), L("Unfold", 2), L("Fold", 4, 2), L("PixelShuffle", 2), L("PixelUnshuffle", 2),
    L("UpsamplingNearest2d", scale_factor=2), L("UpsamplingBilinear2d", scale_factor=2), L("Unflatten", 1, (2, 3)), L("ChannelShuffle", 2),
    L("FractionalMaxPool2d", 3, output_ratio=0.5), L("FractionalMaxPool3d", 3, output_ratio=0.5), L("LPPool1d", 2, 3), L("LPPool2d", 2, 3),
)

classes = {
    name: cls
    for name, cls in vars(nn).items()
    if inspect.isclass(cls) and issubclass(cls, nn.Module) and name not in ("Container", "DataParallel")
}
never_built = set(classes) - {call.name for call in CALLS}
assert not never_built, f"no constructor call recorded for {sorted(never_built)}"

write(
    "src/torch/layers.json",
    [
        f'  "{name}": '
        + compact(
            {
                "module": cls.__module__,
                "ancestors": ancestors(cls),
                "arguments": constructor_arguments(cls),
                "readsTraining": reads_training_flag(cls),
            }
        )
        for name, cls in classes.items()
    ],
    "{",
    "}",
)
write(
    "test/unit/torch/layers-recorded.json",
    ["  " + compact({**call.data(), "owns": describe(call.build())}) for call in CALLS],
    "[",
    "]",
)
print(f"{len(classes)} classes, {len(CALLS)} constructor calls, torch {torch.__version__}")
