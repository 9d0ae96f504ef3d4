"""Holds what the fixtures in test/unit/analysis/constructs reveal against real PyTorch.

Reads one JSON object a line from standard input ({"name", "text", "claims": [{"line", "text", "alone"}]}), runs the
program in every world of its `settings.*` flags with a probe at every claim, and writes a line for each claim that
PyTorch contradicts, {"name", "line", "text", "real"}, and one for each program that was run, {"done"}. The grammar of claims is in revealed.ts beside the fixtures.
"""
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import itertools
import json
import re
import sys
import types

import torch
import torch.nn as nn

from observed import held_by, names_of_parameters, use_settings


class StandIn(nn.Module):
    """What factories out of sight return: a model whose parts have usual names."""

    def __init__(self):
        super().__init__()
        for name in ("stem", "layer1", "layer2", "layer3", "layer4", "encoder", "norm", "fc", "head", "classifier"):
            setattr(self, name, nn.Linear(2, 2))
        self.blocks = nn.Sequential(*[nn.Linear(2, 2) for _ in range(12)])
        self.blocks = nn.Sequential(*[nn.Linear(2, 2) for _ in range(12)])


class OutOfSight(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Any module that is not installed: all its names are factories."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"timm", "transformers", "helpers", "factories"}:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        class Factory:
            def __call__(self, *args, **kwargs):
                return StandIn()

            def __getattr__(self, name):
                return self

        module.__getattr__ = lambda name: Factory()


sys.meta_path.insert(0, OutOfSight())


def visible(frame):
    scope = {**frame.f_locals}
    for name, value in frame.f_globals.items():
        scope.setdefault(name, value)
    for name, value in list(scope.items()):
        if isinstance(value, nn.Module):
            if name == "self":
                scope.update({f"self.{key}": child for key, child in value._modules.items()})
        elif type(value).__module__ == "program":
            scope.update({f"{name}.{key}": held for key, held in vars(value).items()})
    return scope


def resolve(scope, target):
    names = target.split(".")
    value = scope[names[0]]
    for name in names[1:]:
        parts = {**value._modules, **value._parameters} if isinstance(value, nn.Module) else {}
        value = parts[name] if name in parts else getattr(value, name)
    return value


def parameters_of(scope, target, test):
    value = resolve(scope, target)
    named = list(value.named_parameters()) if isinstance(value, nn.Module) else [("", value)]
    return [(name, p) for name, p in named if test is None or eval(test, {"name": name})]


def verdict(scope, claim):
    """What PyTorch says to a claim, here and now."""
    holds = re.match(r"^([\w.]+) holds (.*)$", claim)
    if holds:
        optimizer = resolve(scope, holds[1])
        held = held_by(optimizer)
        filtered = re.match(r"^([\w.]+) if (.*)$", holds[2])
        if filtered:
            wanted = {id(p) for _, p in parameters_of(scope, filtered[1], filtered[2])}
            return claim if wanted and wanted == {id(p) for p in held} else f"{holds[1]} holds something else"
        if holds[2] == "unknown":
            return claim
        names = names_of_parameters(scope)
        real = sorted(names[id(p)] for p in held if id(p) in names)
        detached = sum(id(p) not in names for p in held)
        expected, gone = [], 0
        for part in [] if holds[2] == "nothing" else re.split(r",\s*", holds[2]):
            count = re.match(r"^(\d+) detached$", part)
            if count:
                gone = int(count[1])
            else:
                expected += [names.get(id(p), "?") for _, p in parameters_of(scope, part, None)]
        if sorted(expected) == real and gone == detached:
            return claim
        return f"{holds[1]} holds {', '.join(real)} and {detached} detached"
    target, test, said = re.match(r"^([\w.]+)(?: if (.*?))? = (.*)$", claim).groups()
    if target == "gradients":
        inference = torch.is_inference_mode_enabled()
        return f"gradients = {'inference' if inference else 'on' if torch.is_grad_enabled() else 'off'}"
    if said in ("train", "eval", "mode unknown"):
        modes = {part.training for part in resolve(scope, target).modules()}
        return f"{target} = {'mode unknown' if len(modes) > 1 else 'train' if modes == {True} else 'eval'}"
    flags = {p.requires_grad for _, p in parameters_of(scope, target, test)}
    word = "nothing" if not flags else "mixed" if len(flags) > 1 else "trainable" if flags == {True} else "frozen"
    return f"{target}{'' if test is None else ' if ' + test} = {word}"


def instrument(text, claims):
    lines = text.split("\n")
    for number in {claim["line"] for claim in claims}:
        line = lines[number - 1]
        mark = re.search(r"\s*#\s*revealed:", line)
        code = line[: mark.start()]
        if code.strip() == "":
            lines[number - 1] = re.match(r"\s*", line)[0] + f"_reveal({number})"
        else:
            lines[number - 1] = f"{code}; _reveal({number})"
    return "\n".join(lines)


def run(text, claims, flags):
    use_settings(flags)
    said = {}

    def reveal(number):
        scope = visible(sys._getframe(1))
        for index, claim in enumerate(claims):
            if claim["line"] == number and not re.match(r"^(raises|unreached)", claim["text"]):
                said.setdefault(index, set()).add(verdict(scope, claim["text"]))
            elif claim["line"] == number and claim["text"] == "unreached":
                said.setdefault(index, set()).add("reached")

    program = types.ModuleType("program")
    sys.modules["program"] = program
    scope = program.__dict__
    scope.update({"__name__": "program", "_reveal": reveal})
    # As if it were the main program, while its classes can be told from those of libraries.
    text = re.sub(r"""__name__ == (["'])__main__\1""", "True", text)
    raised = None
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(instrument(text, claims), "<program>", "exec"), scope)
    except BaseException as problem:  # SystemExit, too, is a result
        line = None
        trace = problem.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<program>":
                line = trace.tb_lineno
            trace = trace.tb_next
        raised = (line, type(problem).__name__, str(problem)[:100])
    return said, raised


for row in sys.stdin:
    program = json.loads(row)
    claims = program["claims"]
    flags = sorted(set(re.findall(r"\bsettings\.(\w+)", program["text"])))
    answers = {}
    raises = set()
    for values in itertools.product([True, False], repeat=len(flags)):
        said, raised = run(program["text"], claims, dict(zip(flags, values)))
        raises.add(raised)
        for index, words in said.items():
            answers.setdefault(index, set()).update(words)
    expects_raise = any(claim["text"].startswith("raises ") for claim in claims)
    for index, claim in enumerate(claims):
        real = answers.get(index, set())
        text = claim["text"]
        if text == "raises unknown":
            good = True
        elif text.startswith("raises "):
            good = len(raises) == 1 and all(
                raised is not None and raised[:2] == (claim["line"], text.split()[1]) for raised in raises
            )
            real = {str(raised) for raised in raises}
        elif text == "unreached":
            good = not real
        elif text.endswith("unknown"):
            # Nobody can know, or the analysis does not: anything may be real, but the place must exist.
            good = bool(real)
        else:
            good = real == {text}
        if not good:
            print(json.dumps({"name": program["name"], "line": claim["line"], "text": text, "real": sorted(real)}))
    if not expects_raise and raises != {None}:
        real = [str(raised) for raised in raises if raised]
        print(json.dumps({"name": program["name"], "line": 0, "text": "runs to its end", "real": real}))
    print(json.dumps({"done": program["name"]}))
