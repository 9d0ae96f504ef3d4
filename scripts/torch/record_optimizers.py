"""Records what the optimizers and learning-rate schedulers of the installed PyTorch really do.

Writes test/unit/torch/optimizers-recorded.json: constructor arguments, whether a parameter whose gradient is
zero after some steps still moves (that is what a stale gradient does to a frozen parameter while zero_grad
writes zeros), and what each scheduler does to a group added after it was built. Run with the system
Python that has torch: `python3 scripts/torch/record_optimizers.py`.
"""

import inspect
import json
import warnings

import torch
from torch import nn

from recording import constructor_arguments, write

warnings.simplefilter("ignore")


def moves_on_zero_gradient(cls, **options):
    """Five steps with gradients, then five with zeros: does the parameter still move? None if it cannot run."""
    torch.manual_seed(0)
    weight = nn.Parameter(torch.randn(4, 4))
    try:
        optimizer = cls([weight], lr=0.01, **options)
        closure = (lambda: float((weight**2).sum())) if cls is torch.optim.LBFGS else None
        for _ in range(5):
            weight.grad = torch.randn(4, 4)
            optimizer.step(closure) if closure else optimizer.step()
        before = weight.detach().clone()
        for _ in range(5):
            weight.grad = torch.zeros(4, 4)
            optimizer.step(closure) if closure else optimizer.step()
    except (TypeError, RuntimeError, ValueError):
        return None
    return not torch.equal(before, weight)


def plain_arguments(cls):
    arguments = constructor_arguments(cls)
    # The marker object that stands for a required argument in old versions of PyTorch.
    required = {
        name
        for name, parameter in inspect.signature(cls.__init__).parameters.items()
        if "required" in repr(parameter.default)
    }
    return [[a[0]] if a[0] in required else a for a in arguments]


def has_option(cls, name):
    return name in inspect.signature(cls.__init__).parameters


def optimizer_facts(cls):
    facts = {"arguments": plain_arguments(cls), "moves": {"": moves_on_zero_gradient(cls)}}
    if has_option(cls, "weight_decay"):
        facts["moves"]["weight_decay=0"] = moves_on_zero_gradient(cls, weight_decay=0.0)
        facts["moves"]["weight_decay=0.1"] = moves_on_zero_gradient(cls, weight_decay=0.1)
    if has_option(cls, "momentum"):
        facts["moves"]["momentum=0.9"] = moves_on_zero_gradient(cls, momentum=0.9)
    return facts


S = torch.optim.lr_scheduler
MAKE = {
    "StepLR": lambda o: S.StepLR(o, 1, 0.5),
    "MultiStepLR": lambda o: S.MultiStepLR(o, [1, 2, 3], 0.5),
    "ExponentialLR": lambda o: S.ExponentialLR(o, 0.5),
    "LinearLR": lambda o: S.LinearLR(o, 1.0, 0.1, 5),
    "ConstantLR": lambda o: S.ConstantLR(o, 0.5, 2),
    "PolynomialLR": lambda o: S.PolynomialLR(o, 5),
    "LambdaLR": lambda o: S.LambdaLR(o, lambda e: 0.5**e),
    "MultiplicativeLR": lambda o: S.MultiplicativeLR(o, lambda e: 0.5),
    "CosineAnnealingLR": lambda o: S.CosineAnnealingLR(o, 5),
    "CosineAnnealingWarmRestarts": lambda o: S.CosineAnnealingWarmRestarts(o, 5),
    "OneCycleLR": lambda o: S.OneCycleLR(o, 0.1, total_steps=10),
    "CyclicLR": lambda o: S.CyclicLR(o, 0.01, 0.1, step_size_up=3),
    "ReduceLROnPlateau": lambda o: S.ReduceLROnPlateau(o, patience=0),
    "SequentialLR": lambda o: S.SequentialLR(o, [S.StepLR(o, 1, 0.5), S.StepLR(o, 1, 0.5)], [2]),
    "ChainedScheduler": lambda o: S.ChainedScheduler([S.StepLR(o, 1, 0.5)]),
}


def group_added_later(name):
    """'scheduled', 'constant' or the exception raised."""
    first, second = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([first], lr=0.1, momentum=0.9)
    scheduler = MAKE[name](optimizer)
    step = (lambda i: scheduler.step(1.0 + i)) if name == "ReduceLROnPlateau" else (lambda i: scheduler.step())
    optimizer.step()
    step(0)
    optimizer.add_param_group({"params": [second], "lr": 0.02})
    rates = {0.02}
    try:
        for i in range(1, 4):
            optimizer.step()
            step(i)
            rates.add(round(optimizer.param_groups[1]["lr"], 6))
    except Exception as error:  # any exception is the finding
        return type(error).__name__
    return "scheduled" if len(rates) > 1 else "constant"


def is_public(cls, base):
    return inspect.isclass(cls) and issubclass(cls, base) and cls is not base and not cls.__name__.startswith("_")


optimizers = {n: optimizer_facts(c) for n, c in vars(torch.optim).items() if is_public(c, torch.optim.Optimizer)}
schedulers = {
    n: {"arguments": constructor_arguments(c), "groupAddedLater": group_added_later(n)}
    for n, c in list(vars(S).items())
    if inspect.isclass(c) and c.__module__ == S.__name__ and not n.startswith("_")
}
write(
    "test/unit/torch/optimizers-recorded.json",
    [f'  "optimizers": {json.dumps(optimizers)}', f'  "schedulers": {json.dumps(schedulers)}'],
    "{",
    "}",
)
