"""Runs generated programs under real PyTorch, in every world of their unknown flags.

Reads one JSON object a line from standard input ({"seed", "text", "files", "flags", "numbers"}) and writes one a line:
{"seed", "worlds": [{"raises": null | {"line", "error"}, "modules": {...}, "optimizers": {...}}]} in the shape of
`freezelint trace --output-format json`.
"""
import inspect
import itertools
import json
import operator
import os
import random
import sys
import tempfile

import torch
import torch.nn as nn

from observed import held_by, modules_of, names_of_parameters, use_settings


def describe(scope):
    modules = modules_of(scope)
    names = names_of_parameters(scope)
    optimizers = {}
    for name, value in scope.items():
        if not isinstance(value, torch.optim.Optimizer):
            continue
        held = held_by(value)
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


def watch_functions(ends):
    """A profile function that notes what every function of the program knows when it returns."""

    def profile(frame, event, _):
        code = frame.f_code
        is_plain = code.co_filename == "<program>" and not code.co_name.startswith("<")
        if event != "return" or not is_plain or code.co_flags & inspect.CO_GENERATOR:
            return
        # Names such as `outer.<locals>.inner` are `outer.inner` for us.
        name = code.co_qualname.replace(".<locals>", "")
        own = dict(frame.f_locals)
        kept = own.get("self")
        if kept is not None:
            held = {**vars(kept), **(kept._modules if isinstance(kept, nn.Module) else {})}
            own.update({f"self.{key}": value for key, value in held.items()})
        end = describe({**own, **{key: value for key, value in frame.f_globals.items() if key not in own}})
        ends.setdefault(name, []).append(
            {table: {key: value for key, value in end[table].items() if key in own} for table in end}
        )

    return profile


def run(text, files, folder, flags):
    use_settings(flags)
    for name in {path.split("/")[0].removesuffix(".py") for path in files}:
        for module in [module for module in sys.modules if module.split(".")[0] == name]:
            del sys.modules[module]
    scope = {"__name__": "__main__"}
    raises = None
    ends = {}
    code = compile(text, "<program>", "exec")
    sys.setprofile(watch_functions(ends))
    try:
        exec(code, scope)
    except Exception as problem:  # the program's own exception is a result
        place = {"line": None}
        trace = problem.__traceback__
        while trace is not None:
            filename = trace.tb_frame.f_code.co_filename
            if filename == "<program>":
                place = {"line": trace.tb_lineno}
            elif filename.startswith(folder):
                place = {"line": trace.tb_lineno, "file": os.path.relpath(filename, folder)}
            trace = trace.tb_next
        raises = {**place, "error": type(problem).__name__, "message": str(problem)[:200]}
    finally:
        sys.setprofile(None)
    # What an exception cut short did not come to its end.
    return {"raises": raises, **describe(scope), "scopes": ends if raises is None else {}}


# What a flag may be beside 0 and 1, where the program counts or indexes with it.
NUMBERS = [-1, 2, 99]

sys.dont_write_bytecode = True
for row in sys.stdin:
    program = json.loads(row)
    files = program.get("files", {})
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(text)
        sys.path.insert(0, folder)
        worlds = []
        outcomes = [[True, False] + (NUMBERS if flag in program["numbers"] else []) for flag in program["flags"]]
        # What is picked at random is in one world the first, in another the last.
        picks = [0, -1] if "random.choice(" in program["text"] else [0]
        for *values, pick in itertools.product(*outcomes, picks):
            flags = dict(zip(program["flags"], values))
            random.choice = operator.itemgetter(pick)
            worlds.append({"flags": flags, **run(program["text"], files, folder, flags)})
        sys.path.remove(folder)
    print(json.dumps({"seed": program["seed"], "worlds": worlds}), flush=True)
