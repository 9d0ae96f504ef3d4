"""Records what the torchvision modules own that fine-tuning scripts build by hand.

Writes test/unit/torch/torchvision-layers-recorded.json. Run with the system Python that has torch and torchvision:
`python3 scripts/torch/record_torchvision_layers.py`.
"""

import importlib

from recording import compact, describe, write

DETECTION, SEGMENTATION = "torchvision.models.detection", "torchvision.models.segmentation"
CALLS = [
    [f"{DETECTION}.faster_rcnn.FastRCNNPredictor", [1024, 3]],
    [f"{DETECTION}.faster_rcnn.TwoMLPHead", [512, 1024]],
    [f"{DETECTION}.mask_rcnn.MaskRCNNPredictor", [256, 128, 5]],
    [f"{DETECTION}.keypoint_rcnn.KeypointRCNNPredictor", [512, 17]],
    [f"{SEGMENTATION}.fcn.FCNHead", [2048, 4]],
    [f"{SEGMENTATION}.deeplabv3.DeepLabHead", [2048, 6]],
    ["torchvision.ops.misc.FrozenBatchNorm2d", [64]],
    ["torchvision.ops.stochastic_depth.StochasticDepth", [0.2, "row"]],
]


def build(path, positional):
    module, name = path.rsplit(".", 1)
    return getattr(importlib.import_module(module), name)(*positional)


write(
    "test/unit/torch/torchvision-layers-recorded.json",
    ["  " + compact({"name": name, "positional": args, "owns": describe(build(name, args))}) for name, args in CALLS],
    "[",
    "]",
)
