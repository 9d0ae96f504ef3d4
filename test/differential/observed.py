"""What run_programs.py and run_revealed.py share: PyTorch set up to be quiet, the flags, and who owns which parameter."""
import sys
import types
import warnings

import torch
import torch.nn as nn

torch.set_num_threads(1)
warnings.simplefilter("ignore")


def use_settings(flags):
    """Makes these flags what `import settings` gives."""
    settings = types.ModuleType("settings")
    for name, value in flags.items():
        setattr(settings, name, value)
    sys.modules["settings"] = settings


def modules_of(scope):
    return {name: value for name, value in scope.items() if isinstance(value, nn.Module)}


def names_of_parameters(scope):
    """`variable.name` of each parameter by its id: the first variable that holds its module and is inside no other."""
    modules = modules_of(scope)
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
    return names


def held_by(optimizer):
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]
