"""Records the module tree of every torchvision model factory, without downloading or initialising weights.

Writes src/torch/torchvision-models.json (equal subtrees are stored once; src/torch/torchvision.ts reads it) and
test/unit/torch/torchvision-recorded.json (parameter counts and spot checks). Run with the system Python that
has torch and torchvision: `python3 scripts/torch/record_torchvision.py`.
"""

import gc
import hashlib
import inspect
import json
import os
import sys
import warnings

import torch
import torchvision
from torch import nn
from torchvision import models
from torchvision.models._api import WeightsEnum

from recording import ROOT, ancestors, compact, reads_training_flag

warnings.simplefilter("ignore")

# Values do not matter here, and initialising them would take minutes and gigabytes: memory that is
# never written is never paged in.
for name in dir(nn.init):
    if name.endswith("_") and not name.startswith("_"):
        setattr(nn.init, name, lambda tensor, *_, **__: tensor)
for name in ("normal_", "uniform_", "fill_", "zero_", "trunc_normal_", "copy_"):
    if hasattr(torch.Tensor, name):
        setattr(torch.Tensor, name, lambda tensor, *_, **__: tensor)
torch.ones = torch.zeros = torch.randn = torch.rand = lambda *size, **options: torch.empty(*size, **options)
nn.Module.load_state_dict = lambda self, *_, **__: None
WeightsEnum.get_state_dict = lambda self, *_, **__: {}

classes, class_numbers = [], {}  # names of module classes
lineages = {}  # class number -> numbers of its ancestors
kinds, kind_numbers = [], {}  # class, mode effect, names of own parameters, of buffers and of children
shapes, shape_numbers = [], {}  # shapes of the own parameters
nodes, node_numbers = [], {}  # kind, shapes, and how many nodes back each child stands
frozen_lists, frozen_numbers = [], {}  # names of modules and parameters that start out frozen

# Modules that return something else, or compute losses, while training.
OUTPUT_CHANGERS = {
    "Inception3", "GoogLeNet", "GeneralizedRCNN", "GeneralizedRCNNTransform", "RegionProposalNetwork", "RoIHeads", "RetinaNet", "FCOS", "SSD",
}
mode_readers = {}


def number(value, values, numbers):
    if value not in numbers:
        numbers[value] = len(values)
        values.append(value)
    return numbers[value]


def mode_effect(module):
    """As ModeEffect in src/torch/module-tree.ts: 0 none, 1 random, 2 running-statistics, 3 output."""
    if isinstance(module, (nn.modules.batchnorm._NormBase,)):
        return 2 if module.track_running_stats else 0
    if isinstance(module, nn.modules.dropout._DropoutNd) or type(module).__name__ == "StochasticDepth":
        return 1 if module.p > 0 else 0
    if isinstance(module, nn.MultiheadAttention):
        return 1 if module.dropout > 0 else 0
    if any(cls.__name__ in OUTPUT_CHANGERS for cls in type(module).__mro__):
        return 3
    if reads_training_flag(type(module)):
        mode_readers.setdefault(type(module).__name__, module)
        return 1 if getattr(module, "drop_rate", 0) else 0
    return 0


def class_number(module):
    cls = type(module)
    result = number(cls.__module__ + "." + cls.__qualname__, classes, class_numbers)
    if result not in lineages:
        lineages[result] = [number(name, classes, class_numbers) for name in ancestors(cls)]
    return result


def node(module):
    """The number of the node of a module; equal subtrees have one node."""
    parameters = [(n, p) for n, p in module._parameters.items() if p is not None]
    children = [(n, c) for n, c in module._modules.items() if c is not None]
    numbers = [node(c) for _, c in children]
    consecutive = [n for n, _ in children] == [str(i) for i in range(len(children))]
    kind = [
        class_number(module),
        mode_effect(module),
        ",".join(n for n, _ in parameters),
        ",".join(n for n, b in module._buffers.items() if b is not None),
        "*" if consecutive and children else ",".join(n for n, _ in children),
    ]
    while kind[-1] in ("", 0) and len(kind) > 1:
        kind.pop()
    own = ";".join("x".join(map(str, p.shape)) for _, p in parameters)
    entry = (number(compact(kind), kinds, kind_numbers), number(own, shapes, shape_numbers), *numbers)
    return number(entry, nodes, node_numbers)


def frozen_prefixes(model):
    """The fewest module or parameter names under which exactly the frozen parameters lie."""
    frozen = {n for n, p in model.named_parameters() if not p.requires_grad}
    found = []

    def visit(module, prefix):
        below = [prefix + n for n, _ in module.named_parameters()]
        if below and all(n in frozen for n in below):
            found.append(prefix[:-1])
            return
        found.extend(prefix + n for n in module._parameters if prefix + n in frozen)
        for n, c in module._modules.items():
            if c is not None:
                visit(c, prefix + n + ".")

    visit(model, "")
    return found


def accepts(factory, argument):
    return argument in inspect.signature(inspect.unwrap(factory)).parameters


def class_dependent(factory, keywords):
    """[parameter, dimension, factor, offset] for each size that follows num_classes."""
    try:
        built = [dict(shapes_of(factory(**keywords, num_classes=n))) for n in (7, 11)]
    except (TypeError, ValueError):
        return []
    result = []
    for name, small in built[0].items():
        for dimension, size in enumerate(small):
            other = built[1][name][dimension]
            if size != other:
                factor = (other - size) // 4
                result.append([name, dimension, factor, size - factor * 7])
    return result


def shapes_of(model):
    return [(n, tuple(p.shape)) for n, p in model.named_parameters()]


def variants(name, factory):
    """The calls whose trees may differ: [conditions, keywords]."""
    weights = models.get_model_weights(name)
    trained = weights.DEFAULT if len(weights) else None
    result = []
    if accepts(factory, "weights_backbone"):
        default = inspect.signature(inspect.unwrap(factory)).parameters["weights_backbone"].default
        result.append(["plain", {"weights": None, "weights_backbone": None}])
        if default is not None:
            result.append(["backbone", {"weights": None, "weights_backbone": default}])
        result.append(["weights", {"weights": trained, "weights_backbone": None}])
        if accepts(factory, "trainable_backbone_layers"):
            for count in range(0, 7):
                keywords = {"weights": trained, "weights_backbone": None, "trainable_backbone_layers": count}
                result.append([f"layers={count}", keywords])
        if accepts(factory, "aux_loss"):
            result.append(["aux", {"weights": None, "weights_backbone": None, "aux_loss": True}])
    else:
        result.append(["plain", {"weights": None}])
        if trained is not None:
            result.append(["weights", {"weights": trained}])
        if name in ("googlenet", "inception_v3"):
            result.append(["no-aux", {"weights": None, "aux_logits": False}])
            result.append(["aux", {"weights": trained, "aux_logits": True}])
    return result


entries, recorded = [], {}
names = [n for n in models.list_models() if not n.startswith("quantized_")]
for name in names:
    factory = models.get_model_builder(name)
    module = inspect.unwrap(factory).__module__
    package = ".".join(p for p in module.split(".")[:3] if p in ("torchvision", "models", "detection", "segmentation", "video", "optical_flow"))
    stored, first = {}, None
    for condition, keywords in variants(name, factory):
        try:
            model = factory(**keywords)
        except ValueError:
            continue  # more trainable layers than this backbone has
        frozen = frozen_prefixes(model)
        known = [number(tuple(frozen), frozen_lists, frozen_numbers)] if frozen else []
        stored[condition] = [node(model), *known]
        if first is None:
            first = keywords
            names_and_shapes = shapes_of(model)
            own_children = [n for n, c in model._modules.items() if c is not None]
        recorded[f"{name} {condition}"] = [
            sum(p.numel() for p in model.parameters()),
            sum(p.numel() for p in model.parameters() if p.requires_grad),
            len(list(model.named_parameters())),
            len(list(model.modules())),
            hashlib.sha256(
                "\n".join(f"{n} {'x'.join(map(str, shape))}" for n, shape in shapes_of(model)).encode()
            ).hexdigest()[:16],
        ]
        del model
        gc.collect()
    if accepts(factory, "aux_loss"):
        first = {**first, "aux_loss": True}
    sizes = class_dependent(factory, first)
    parameter = inspect.signature(inspect.unwrap(factory)).parameters
    default = parameter["num_classes"].default if "num_classes" in parameter else None
    if default is None and sizes:
        # Backwards from the recorded default tree: size = factor * classes + offset.
        path, dimension, factor, offset = sizes[0]
        default = (dict(names_and_shapes)[path][dimension] - offset) // factor
    same = [c for c in stored if c != "plain" and stored[c] == stored.get("plain")]
    for condition in same:
        del stored[condition]
    entries.append(f'    "{name}": ' + compact([package, default, sizes, stored]))
    print(name, default, sizes[:3], {k: v[1:] for k, v in stored.items()}, own_children, file=sys.stderr)

print("modules that read the training flag:", sorted(mode_readers), file=sys.stderr)

with open(os.path.join(ROOT, "src/torch/torchvision-models.json"), "w") as file:
    file.write("{\n")
    file.write(f'  "torchvision": "{torchvision.__version__}",\n')
    lineage = [compact([name, *lineages.get(index, [])]) for index, name in enumerate(classes)]
    packed = [
        compact([kind, own, *(index - child for child in children)])
        for index, (kind, own, *children) in enumerate(nodes)
    ]
    file.write('  "classes": [\n' + ",\n".join("    " + line for line in lineage) + "\n  ],\n")
    file.write('  "kinds": [\n' + ",\n".join("    " + line for line in kinds) + "\n  ],\n")
    file.write('  "shapes": ' + compact(shapes) + ",\n")
    file.write('  "nodes": [' + ",".join(packed) + "],\n")
    file.write('  "frozen": [\n' + ",\n".join("    " + compact(list(f)) for f in frozen_lists) + "\n  ],\n")
    file.write('  "models": {\n' + ",\n".join(entries) + "\n  }\n}\n")

with open(os.path.join(ROOT, "test/unit/torch/torchvision-recorded.json"), "w") as file:
    lines = [f"  {json.dumps(k)}: {compact(v)}" for k, v in recorded.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
print(len(names), "models,", len(nodes), "nodes,", len(classes), "classes")
