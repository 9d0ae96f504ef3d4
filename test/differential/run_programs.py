"""Runs generated programs under real PyTorch, in every world of their unknown flags.

Reads one JSON object a line from standard input ({"seed", "text", "flags"}) and writes one a line:
{"seed", "worlds": [{"raises": null | {"line", "error"}, "modules": {...}, "optimizers": {...}}]} in the shape of
`freezelint trace --output-format json`.
"""
import itertools
import json
import sys
import types
import warnings

import torch
import torch.nn as nn

torch.set_num_threads(1)
warnings.simplefilter("ignore")


def describe(scope):
    modules = {name: value for name, value in scope.items() if isinstance(value, nn.Module)}
    owners = {}
    for name, module in modules.items():
        inside = any(
            other is not module and any(part is module for part in other.modules()) for other in modules.values()
        )
        if not inside and not any(kept is module for kept in owners.values()):
            owners[name] = module
    names = {}
    for owner, module in owners.items():
        for name, parameter in module.named_parameters():
            names.setdefault(id(parameter), owner + "." + name)
    optimizers = {}
    for name, value in scope.items():
        if not isinstance(value, torch.optim.Optimizer):
            continue
        held = [parameter for group in value.param_groups for parameter in group["params"]]
        optimizers[name] = {
            "class": type(value).__name__,
            "parameters": [names[id(p)] for p in held if id(p) in names],
            "detached": sum(id(p) not in names for p in held),
        }
    return {
        "modules": {
            name: {
                "class": type(module).__name__,
                "parameters": {
                    key: "trainable" if parameter.requires_grad else "frozen"
                    for key, parameter in module.named_parameters()
                },
            }
            for name, module in modules.items()
        },
        "optimizers": optimizers,
    }


def run(text, flags):
    settings = types.ModuleType("settings")
    for name, value in flags.items():
        setattr(settings, name, value)
    sys.modules["settings"] = settings
    scope = {"__name__": "__main__"}
    raises = None
    try:
        exec(compile(text, "<program>", "exec"), scope)
    except Exception as problem:  # the program's own exception is a result
        line = None
        trace = problem.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<program>":
                line = trace.tb_lineno
            trace = trace.tb_next
        raises = {"line": line, "error": type(problem).__name__, "message": str(problem)[:200]}
    return {"raises": raises, **describe(scope)}


for row in sys.stdin:
    program = json.loads(row)
    worlds = [
        {"flags": dict(zip(program["flags"], values)), **run(program["text"], dict(zip(program["flags"], values)))}
        for values in itertools.product([True, False], repeat=len(program["flags"]))
    ]
    print(json.dumps({"seed": program["seed"], "worlds": worlds}), flush=True)
