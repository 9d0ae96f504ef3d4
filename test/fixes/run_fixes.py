"""Runs programs under real PyTorch, each with a probe that measures what became of it.

Reads one JSON object a line from standard input ({"text", "probe"}) and writes one a line: {"measured": value of the
probe's last line}, or {"raises": "TypeError: ..."} where the program or the probe raises.
"""
import ast
import contextlib
import io
import json
import sys
import warnings

import torch

torch.set_num_threads(1)
warnings.simplefilter("ignore")


def children(module, accepts):
    """The direct children (or own parameters) of a module that have a parameter for which `accepts` holds."""
    return sorted({name.split(".")[0] for name, parameter in module.named_parameters() if accepts(parameter)})


def trainable(module):
    return children(module, lambda parameter: parameter.requires_grad)


def with_gradient(module):
    return children(module, lambda parameter: parameter.grad is not None)


def gradient_norm(module):
    return torch.cat([parameter.grad.flatten() for parameter in module.parameters()]).norm().item()


def held(optimizer, module):
    ids = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    return children(module, lambda parameter: id(parameter) in ids)


def rates(optimizer):
    return [round(group["lr"], 9) for group in optimizer.param_groups]


def moved(module, optimizer, *inputs):
    """What one more training step changes. Gradients are zeroed, not dropped, as PyTorch did before version 2."""
    was = {id(parameter): parameter.detach().clone() for parameter in module.parameters()}
    optimizer.zero_grad(set_to_none=False)
    module(*inputs).sum().backward()
    optimizer.step()
    return children(module, lambda parameter: not torch.equal(parameter, was[id(parameter)]))


HELPERS = (trainable, with_gradient, gradient_norm, held, rates, moved)


def measure(text, probe):
    torch.manual_seed(0)
    names = {"__name__": "__main__"}
    exec(compile(text, "<program>", "exec"), names)
    names = {**{helper.__name__: helper for helper in HELPERS}, "torch": torch, **names}
    *statements, last = ast.parse(probe).body
    exec(compile(ast.Module(statements, []), "<probe>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<probe>", "eval"), names)


for line in sys.stdin:
    task = json.loads(line)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            answer = {"measured": measure(task["text"], task["probe"])}
    except Exception as error:
        answer = {"raises": f"{type(error).__name__}: {error}".split("\n")[0][:120]}
    print(json.dumps(answer), flush=True)
