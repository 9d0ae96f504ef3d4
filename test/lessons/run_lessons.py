"""Runs the programs of the lessons under real PyTorch.

Reads one JSON object a line from standard input ({"text", "targets": ["model.fc", ...]}) and writes one a line:
{"torch": its version, "output": what the program prints, "state": whether each target is frozen in the end}. Where the
program raises, the last line of the output is the exception.
"""
import contextlib
import io
import json
import sys
import warnings

import torch

torch.set_num_threads(1)
warnings.simplefilter("ignore")


def flag_of(module):
    flags = {parameter.requires_grad for parameter in module.parameters()}
    return "mixed" if len(flags) > 1 else "trainable" if flags == {True} else "frozen"


for line in sys.stdin:
    task = json.loads(line)
    names = {"__name__": "__main__"}
    printed = io.StringIO()
    torch.manual_seed(0)
    with contextlib.redirect_stdout(printed):
        try:
            exec(compile(task["text"], "<program>", "exec"), names)
        except Exception as error:
            print(f"{type(error).__name__}: {error}".split("\n")[0])
    state = {target: flag_of(eval(target, names)) for target in task["targets"]}
    version = ".".join(torch.__version__.split(".")[:2])
    print(json.dumps({"torch": version, "output": printed.getvalue().rstrip(), "state": state}), flush=True)
