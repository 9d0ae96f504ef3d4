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

from measures import HELPERS

torch.set_num_threads(1)
warnings.simplefilter("ignore")


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
