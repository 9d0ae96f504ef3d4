"""Records what wrapping really does to module and parameter identity in the installed PyTorch.

Writes test/unit/torch/wrappers-recorded.json. Run with the system Python that has torch and torchvision:
`python3 scripts/torch/record_wrappers.py`.
"""

import copy
import os
import warnings

import torch
import torchvision
import torchvision.models.feature_extraction
import torch.nn.utils.prune
from torch import nn

from recording import compact, write

warnings.simplefilter("ignore")
os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
os.environ.setdefault("MASTER_PORT", "29512")
torch.distributed.init_process_group("gloo", rank=0, world_size=1)


def small():
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU())


def resnet():
    return torchvision.models.resnet18(weights=None)


def facts(model, wrap, inner=None):
    model.marker = 7
    before = {n: id(p) for n, p in model.named_parameters()}
    kept = list(model.parameters())  # keeps the ids from being used again
    wrapped = wrap(model)
    after = {n: id(p) for n, p in wrapped.named_parameters()}
    held = wrapped
    for name in inner.split(".") if inner else []:
        held = getattr(held, name, None)
    prefixes = {n[: -len(next((b for b in before if n.endswith(b)), ""))] for n in after if any(n.endswith(b) for b in before)}
    try:
        reads_through = wrapped is not model and wrapped.marker == 7
    except AttributeError:
        reads_through = False
    del kept
    return {
        "same": wrapped is model,
        "holdsModel": held is model and wrapped is not model,
        "sharesParameters": bool(after) and set(after.values()) <= set(before.values()),
        "namePrefix": prefixes.pop() if len(prefixes) == 1 else None,
        "readsThrough": reads_through,
    }


inputs = torch.rand(1, 3, 8, 8)
RECORDED = {
    "torch.nn.DataParallel": facts(small(), nn.DataParallel, "module"),
    "torch.nn.parallel.DistributedDataParallel": facts(small(), nn.parallel.DistributedDataParallel, "module"),
    "torch.optim.swa_utils.AveragedModel": facts(small(), torch.optim.swa_utils.AveragedModel, "module"),
    "torch.nn.SyncBatchNorm.convert_sync_batchnorm": facts(small(), nn.SyncBatchNorm.convert_sync_batchnorm),
    "torch.jit.script": facts(small(), torch.jit.script),
    "torch.jit.trace": facts(small(), lambda m: torch.jit.trace(m, inputs)),
    "torch.fx.symbolic_trace": facts(small(), torch.fx.symbolic_trace),
    "torchvision.models.feature_extraction.create_feature_extractor": facts(
        resnet(), lambda m: torchvision.models.feature_extraction.create_feature_extractor(m, ["layer4"])
    ),
    "torchvision.models._utils.IntermediateLayerGetter": facts(
        resnet(), lambda m: torchvision.models._utils.IntermediateLayerGetter(m, {"layer4": "out"})
    ),
    "copy.deepcopy": facts(small(), copy.deepcopy),
    "copy.copy": facts(small(), copy.copy),
    "torch.nn.utils.weight_norm": facts(nn.Linear(2, 3), nn.utils.weight_norm),
    "torch.nn.utils.spectral_norm": facts(nn.Linear(2, 3), nn.utils.spectral_norm),
    "torch.nn.utils.parametrizations.spectral_norm": facts(nn.Linear(2, 3), nn.utils.parametrizations.spectral_norm),
    "torch.nn.utils.parametrizations.orthogonal": facts(nn.Linear(3, 3), nn.utils.parametrizations.orthogonal),
    "torch.nn.utils.prune.l1_unstructured": facts(
        nn.Linear(2, 3), lambda m: nn.utils.prune.l1_unstructured(m, "weight", 0.5)
    ),
}
write(
    "test/unit/torch/wrappers-recorded.json",
    [f'  "{name}": {compact(value)}' for name, value in RECORDED.items()],
    "{",
    "}",
)
