"""Records what training some torchvision models costs, for the Cost screen of the study view.

Writes src/torch/compute.json: per model and block the multiply-adds of a forward pass over one 224 x 224 image, of the
gradients for the block's weights, and of all gradients for activations that a backward pass needs if the block is the
earliest trainable one. They are counted at the operations that PyTorch really calls (convolutions and matrix products,
as torch.utils.flop_counter of PyTorch 2 counts them), so what autograd leaves out is left out here.

Writes test/unit/torch/memory-recorded.json: the scalars that a model, its gradients and its optimizer hold after a
real step, for some models, optimizers and first trainable blocks.

Run with the system Python that has torch: `python3 scripts/torch/record_cost.py`.
"""

import torch
import torchvision
from torch.utils._python_dispatch import TorchDispatchMode

from recording import compact, write

torch.set_num_threads(1)
aten = torch.ops.aten


def span(first, last, start="features."):
    return [f"{start}{index}." for index in range(first, last + 1)]


def stages(name, *bounds):
    return {f"{name}.{a}–{b}" if a != b else f"{name}.{a}": span(a, b, f"{name}.") for a, b in bounds}


RESNET = {
    "stem": ["conv1.", "bn1."],
    **{f"layer{index}": [f"layer{index}."] for index in range(1, 5)},
    "fc": ["fc."],
}
# Blocks in the order of the forward pass, with the beginnings of their parameters' names.
MODELS = {
    "resnet18": RESNET,
    "resnet50": RESNET,
    "vgg16": {
        **stages("features", (0, 4), (5, 9), (10, 16), (17, 23), (24, 30)),
        "classifier": ["classifier."],
    },
    "mobilenet_v3_large": {
        **stages("features", (0, 3), (4, 6), (7, 10), (11, 12), (13, 16)),
        "classifier": ["classifier."],
    },
    "efficientnet_b0": {
        **stages("features", (0, 1), (2, 3), (4, 5), (6, 6), (7, 8)),
        "classifier": ["classifier."],
    },
    "convnext_tiny": {**stages("features", (0, 1), (2, 3), (4, 5), (6, 7)), "classifier": ["classifier."]},
    "vit_b_16": {
        "patches": ["class_token", "conv_proj.", "encoder.pos_embedding"],
        **{
            f"layers {a}–{b}": span(a, b, "encoder.layers.encoder_layer_") + (["encoder.ln."] if b == 11 else [])
            for a, b in ((0, 2), (3, 5), (6, 8), (9, 11))
        },
        "heads": ["heads."],
    },
}


class MultiplyAdds(TorchDispatchMode):
    """Counts multiply-adds. Only shapes matter, so convolutions and products are not carried out."""

    def __init__(self):
        super().__init__()
        self.total = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func is aten.convolution_backward.default:
            gradient, x, weight, bias_sizes = args[:4]
            needed = args[-1]
            self.total += (needed[0] + needed[1]) * gradient.numel() * weight[0].numel()
            bias = torch.zeros(bias_sizes or [gradient.shape[1]])
            return tuple(t if need else None for t, need in zip((torch.zeros_like(x), torch.zeros_like(weight), bias), needed))
        if func in (aten.convolution.default, aten.mm.default, aten.bmm.default, aten.addmm.default):
            shapes = [a.to("meta") if isinstance(a, torch.Tensor) else a for a in args]
            out = torch.zeros(func(*shapes, **(kwargs or {})).shape)
            if func is aten.convolution.default:
                self.total += out.numel() * args[1][0].numel()
            else:
                first = args[1] if func is aten.addmm.default else args[0]
                self.total += out.numel() * first.shape[-1]
            return out
        return func(*args, **(kwargs or {}))


def members(model, prefixes):
    return [p for name, p in model.named_parameters() if name.startswith(tuple(prefixes))]


def count(model, frozen):
    """Multiply-adds of the forward and the backward pass over one image, with some parameters frozen."""
    for parameter in model.parameters():
        parameter.requires_grad = True
    for parameter in frozen:
        parameter.requires_grad = False
    with MultiplyAdds() as counter:
        loss = model(torch.zeros(1, 3, 224, 224)).sum()
        forward = counter.total
        loss.backward()
    return forward, counter.total - forward


def compute(name, blocks):
    model = getattr(torchvision.models, name)()
    groups = [members(model, prefixes) for prefixes in blocks.values()]
    assert sum(map(len, groups)) == len(list(model.parameters())), name
    forward, everything = count(model, [])
    backward = [count(model, [p for group in groups[:first] for p in group])[1] for first in range(len(groups))]
    # Without the gradients for its weights: all of the block frozen but a bias at its beginning, so that everything
    # that passes through the block still does. A bias costs no multiply-adds.
    weights = [
        everything - count(model, [p for p in group if p is not next(p for p in group if p.ndim == 1)])[1]
        for group in groups
    ]
    activations = [backward[first] - sum(weights[first:]) for first in range(len(groups))]
    return {
        "forward": forward,
        "blocks": [
            {"name": block, "parameters": prefixes, "weights": w, "activations": a}
            for (block, prefixes), w, a in zip(blocks.items(), weights, activations)
        ],
    }


OPTIMIZERS = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "RMSprop": lambda p: torch.optim.RMSprop(p),
    "Adam": lambda p: torch.optim.Adam(p),
    "AdamW": lambda p: torch.optim.AdamW(p),
}


def memory(name, blocks, optimizer_name, first):
    """Scalars after one step with the blocks before `first` frozen. The optimizer is given everything."""
    torch.manual_seed(0)
    model = getattr(torchvision.models, name)()
    for prefixes in list(blocks.values())[:first]:
        for parameter in members(model, prefixes):
            parameter.requires_grad = False
    optimizer = OPTIMIZERS[optimizer_name](model.parameters())
    model(torch.randn(2, 3, 64, 64)).sum().backward()
    optimizer.step()
    state = [v for held in optimizer.state.values() for k, v in held.items() if k != "step" and torch.is_tensor(v)]
    return {
        "model": name,
        "optimizer": optimizer_name,
        "first": first,
        "weights": sum(p.numel() for p in model.parameters()),
        "gradients": sum(p.grad.numel() for p in model.parameters() if p.grad is not None),
        "state": sum(v.numel() for v in state),
    }


write(
    "src/torch/compute.json",
    [f'  "{name}": {compact(compute(name, blocks))}' for name, blocks in MODELS.items()],
    "{",
    "}",
)
write(
    "test/unit/torch/memory-recorded.json",
    [
        "  " + compact(memory(name, MODELS[name], optimizer, first))
        for name in ("resnet18", "mobilenet_v3_large", "efficientnet_b0")
        for optimizer in OPTIMIZERS
        for first in (0, 2, len(MODELS[name]) - 1)
    ],
    "[",
    "]",
)
