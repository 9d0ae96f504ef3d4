"""Runs exercises under real PyTorch and tells in what state each ends.

Reads one JSON object a line from standard input ({"text", "probe"}) and writes one a line: {"raises": null or
"TypeError: ...", "states": {"end": ..., "first step": ..., "last step": ...}, "measured": value of the probe's last line,
or "TypeError: ..." where the probe raises}. Pre-trained weights are not downloaded: the models keep their random ones.
"""
import ast
import contextlib
import io
import json
import os
import sys
import tempfile
import warnings

import torch
import torchvision

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixes"))
from measures import HELPERS  # noqa: E402

torch.set_num_threads(1)
warnings.simplefilter("ignore")


class NoWeights(dict):
    """Stands for downloaded weights."""


torchvision.models._api.WeightsEnum.get_state_dict = lambda self, progress=True: NoWeights()
load_state_dict = torch.nn.Module.load_state_dict
torch.nn.Module.load_state_dict = lambda self, state, *args, **settings: (
    None if isinstance(state, NoWeights) else load_state_dict(self, state, *args, **settings)
)


def state_of(names):
    """The modules and optimizers in global variables."""
    optimizers = {name: one for name, one in names.items() if isinstance(one, torch.optim.Optimizer)}
    holders = {}
    for name, optimizer in optimizers.items():
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                holders.setdefault(id(parameter), []).append(name)
    modules = {name: one for name, one in names.items() if isinstance(one, torch.nn.Module)}
    return {
        "modules": {
            name: {
                "class": type(module).__name__,
                "training": module.training,
                "parameters": {
                    path: [p.requires_grad, list(p.shape), holders.get(id(p), [])]
                    for path, p in module.named_parameters()
                },
                "submodules": {
                    path: [type(part).__name__, part.training] for path, part in module.named_modules() if path
                },
            }
            for name, module in modules.items()
        },
        "optimizers": {name: type(one).__name__ for name, one in optimizers.items()},
    }


def opening(error):
    return f"{type(error).__name__}: {error}".split("\n")[0][:120]


running = {}


def recording(step):
    def record(self, *args, **settings):
        if running:
            state = state_of(running["names"])
            running["states"].setdefault("first step", state)
            running["states"]["last step"] = state
        return step(self, *args, **settings)

    return record


for optimizer in list(vars(torch.optim).values()):
    if isinstance(optimizer, type) and issubclass(optimizer, torch.optim.Optimizer) and "step" in vars(optimizer):
        optimizer.step = recording(optimizer.step)


def run(text, probe):
    torch.manual_seed(0)
    names = {"__name__": "__main__"}
    answer = {"raises": None, "states": {}}
    running.update(names=names, states=answer["states"])
    try:
        exec(compile(text, "<program>", "exec"), names)
    except Exception as error:
        answer["raises"] = opening(error)
    running.clear()
    answer["states"]["end"] = state_of(names)
    if probe is not None:
        try:
            scope = {**{helper.__name__: helper for helper in HELPERS}, "torch": torch, **names}
            *statements, last = ast.parse(probe).body
            exec(compile(ast.Module(statements, []), "<probe>", "exec"), scope)
            answer["measured"] = eval(compile(ast.Expression(last.value), "<probe>", "eval"), scope)
        except Exception as error:
            answer["measured"] = opening(error)
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()
    return answer


os.chdir(tempfile.mkdtemp())
for line in sys.stdin:
    task = json.loads(line)
    with contextlib.redirect_stdout(io.StringIO()):
        answer = run(task["text"], task.get("probe"))
    print(json.dumps(answer), flush=True)
