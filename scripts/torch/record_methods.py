"""Records what methods of modules, tensors and some functions do to flags, modes, membership and identity.

Writes test/unit/torch/methods-recorded.json, against which the tables of harmless calls are checked. Run with
the system Python that has torch: `python3 scripts/torch/record_methods.py`.
"""

import io
import warnings

import torch
from torch import nn

from recording import compact, write

warnings.simplefilter("ignore")


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout())
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))


def net():
    """A half-frozen model in mixed modes, so that every careless change shows."""
    model = Net()
    model.body[0].requires_grad_(False)
    model.body[1].eval()
    return model


def snapshot(model):
    return {
        "flags": [p.requires_grad for p in model.parameters()],
        "membership": [(n, id(p)) for n, p in model.named_parameters()],
        "modes": [m.training for m in model.modules()],
        "modules": [(n, id(m)) for n, m in model.named_modules()],
    }


def module_effect(act):
    model = net()
    before, kept = snapshot(model), list(model.parameters())
    try:
        result = act(model)
    except Exception as error:  # not testable here
        return f"{type(error).__name__}: {error}"[:80]
    after = snapshot(model)
    del kept
    return {
        "returnsSelf": result is model,
        "flagsKept": before["flags"] == after["flags"],
        "membershipKept": before["membership"] == after["membership"] and before["modules"] == after["modules"],
        "modesKept": before["modes"] == after["modes"],
    }


inputs = torch.rand(2, 3, 8, 8)
MODULE = {
    "state_dict": lambda m: m.state_dict(),
    "load_state_dict": lambda m: m.load_state_dict(Net().state_dict()),
    "to": lambda m: m.to("cpu", torch.float64),
    "cpu": lambda m: m.cpu(),
    "half": lambda m: m.half(),
    "float": lambda m: m.float(),
    "double": lambda m: m.double(),
    "bfloat16": lambda m: m.bfloat16(),
    "type": lambda m: m.type(torch.float64),
    "share_memory": lambda m: m.share_memory(),
    "to_empty": lambda m: m.to_empty(device="cpu"),
    "zero_grad": lambda m: m.zero_grad(),
    "buffers": lambda m: list(m.buffers()),
    "named_buffers": lambda m: list(m.named_buffers()),
    "get_buffer": lambda m: m.get_buffer("body.1.running_mean"),
    "register_buffer": lambda m: m.register_buffer("extra", torch.zeros(1)),
    "extra_repr": lambda m: m.extra_repr(),
    "register_forward_hook": lambda m: m.register_forward_hook(lambda *a: None),
    "register_forward_pre_hook": lambda m: m.register_forward_pre_hook(lambda *a: None),
    "register_full_backward_hook": lambda m: m.register_full_backward_hook(lambda *a: None),
    "reset_parameters": lambda m: m.head.reset_parameters(),
    "_get_name": lambda m: m._get_name(),
    "eval": lambda m: m.eval(),
    "train": lambda m: m.train(),
    "requires_grad_": lambda m: m.requires_grad_(False),
    "apply": lambda m: m.apply(lambda _: None),
    "add_module": lambda m: m.add_module("extra", nn.Linear(2, 2)),
    "register_parameter": lambda m: m.register_parameter("extra", nn.Parameter(torch.zeros(1))),
    "parameters": lambda m: list(m.parameters()),
    "children": lambda m: list(m.children()),
    "forward": lambda m: m.forward(inputs),
}

FUNCTIONS = {
    "torch.save": lambda m: torch.save(m, io.BytesIO()),
    "print": lambda m: print(m, file=io.StringIO()),
    "torch.nn.utils.clip_grad_norm_": lambda m: nn.utils.clip_grad_norm_(m.parameters(), 1.0),
    "torch.nn.utils.clip_grad_value_": lambda m: nn.utils.clip_grad_value_(m.parameters(), 1.0),
    "torch.nn.utils.parameters_to_vector": lambda m: nn.utils.parameters_to_vector(m.parameters()),
    "torch.nn.utils.vector_to_parameters": lambda m: nn.utils.vector_to_parameters(
        torch.zeros(sum(p.numel() for p in m.parameters())), m.parameters()
    ),
    "torch.onnx.export": lambda m: torch.onnx.export(m, inputs, io.BytesIO()),
    "torch.nn.init.normal_": lambda m: nn.init.normal_(m.head.weight),
    "torch.nn.init.xavier_uniform_": lambda m: nn.init.xavier_uniform_(m.body[0].weight),
    "torch.nn.init.zeros_": lambda m: nn.init.zeros_(m.head.bias),
}

TENSOR_ARGUMENTS = {
    "copy_": (torch.zeros(2, 4),), "fill_": (0.0,), "mul_": (2,), "add_": (1,), "sub_": (1,), "div_": (2,), "clamp_": (-1, 1),
    "clamp_min_": (0,), "clamp_max_": (1,), "pow_": (2,), "lerp_": (torch.zeros(2, 4), 0.5), "requires_grad_": (False,),
    "addcmul_": (torch.zeros(2, 4), torch.zeros(2, 4)), "addcdiv_": (torch.ones(2, 4), torch.ones(2, 4)),
    "masked_fill_": (torch.ones(2, 4, dtype=torch.bool), 0.0), "renorm_": (2, 0, 1.0), "register_hook": (lambda g: g,),
    "pow": (2,), "add": (1,), "sub": (1,), "mul": (2,), "div": (2,), "matmul": (torch.zeros(4, 1),), "mm": (torch.zeros(4, 1),),
    "permute": (1, 0), "transpose": (0, 1), "view": (8,), "reshape": (8,), "flatten": (), "unsqueeze": (0,), "expand": (2, 4),
    "repeat": (2, 1), "chunk": (2,), "to": ("cpu",), "eq": (0,), "ne": (0,), "lt": (0,), "le": (0,), "gt": (0,), "ge": (0,),
    "type_as": (torch.zeros(1),), "new_zeros": (1,), "new_ones": (1,), "new_tensor": ([1.0],), "new_empty": (1,),
    "new_full": ((1,), 2.0), "softmax": (0,), "clamp": (0,), "allclose": (torch.zeros(2, 4),), "equal": (torch.zeros(2, 4),),
    "split": (1,), "item": (), "index_fill_": (0, torch.tensor([0]), 0.0), "squeeze": (),
}  # fmt: skip


def tensor_effect(name):
    # One element where the method wants one; a frozen and a trainable parameter must both keep their flags.
    kept = []
    for flag in (True, False):
        parameter = nn.Parameter(torch.rand(1) if name in ("item", "backward") else torch.rand(2, 4), requires_grad=flag)
        with torch.no_grad():
            try:
                result = getattr(parameter, name)(*TENSOR_ARGUMENTS.get(name, ()))
            except Exception:  # wants other arguments, a graph or another device
                return None
        kept.append(parameter.requires_grad == flag)
    return {"flagKept": all(kept), "returnsSelf": result is parameter}


tensors = {n: tensor_effect(n) for n in sorted(dir(torch.Tensor)) if not n.startswith("__") and n[0] != "_" and n.islower()}
groups = {
    "module": {n: module_effect(act) for n, act in MODULE.items()},
    "function": {n: module_effect(act) for n, act in FUNCTIONS.items()},
    "tensor": {n: effect for n, effect in tensors.items() if effect is not None},
}
lines = []
for group, effects in groups.items():
    rows = [f'    "{name}": ' + compact(effect) for name, effect in effects.items()]
    lines.append(f'  "{group}": {{\n' + ",\n".join(rows) + "\n  }")
write("test/unit/torch/methods-recorded.json", lines, "{", "}")
