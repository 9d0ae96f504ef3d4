"""What the recording scripts share: describing live modules and writing JSON that diffs well."""

import functools
import inspect
import json
import os
import re

import torch
from torch.nn.parameter import UninitializedTensorMixin

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def shape_of(tensor):
    """The shape as a list of ints, or None for a lazy parameter that has none yet."""
    return None if isinstance(tensor, UninitializedTensorMixin) else list(tensor.shape)


def describe(module):
    """A module as nested plain data: class, own parameters with shapes, own buffers, children."""
    return {
        "class": type(module).__name__,
        "parameters": [[n, shape_of(p)] for n, p in module._parameters.items() if p is not None],
        "buffers": [n for n, b in module._buffers.items() if b is not None],
        "children": [[n, describe(c)] for n, c in module._modules.items() if c is not None],
    }


def ancestors(cls):
    """Qualified names of the classes a module class inherits from, nearest first, up to nn.Module."""
    return [
        c.__module__ + "." + c.__qualname__
        for c in cls.__mro__[1:]
        if issubclass(c, torch.nn.Module)
    ]


@functools.lru_cache(maxsize=None)
def reads_training_flag(cls):
    """Whether a class's own forward pass, or one it inherits, looks at `self.training`.

    The Transformer classes only look at it to choose a fast path, which is worked out elsewhere.
    """
    for owner in cls.__mro__:
        if owner in (torch.nn.Module, object):
            break
        try:
            source = inspect.getsource(owner)
        except (OSError, TypeError):
            continue
        if re.search(r"self\.training\b", source):
            return True
    return False


def constructor_arguments(cls):
    """[name, default] per constructor argument; [name] alone where it is required.

    `*` before a name marks a variadic argument; a lone `*` starts the keyword-only ones. Defaults
    that JSON cannot hold become null, which no rule depends on.
    """
    result = []
    keyword_only = False
    for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            result.append(["*" + parameter.name])
            keyword_only = True
        elif parameter.kind is parameter.VAR_KEYWORD:
            result.append(["**" + parameter.name])
        else:
            if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
                result.append(["*"])
                keyword_only = True
            if parameter.default is parameter.empty:
                result.append([parameter.name])
            else:
                result.append([parameter.name, plain(parameter.default)])
    return result


def plain(value):
    """The value if JSON can hold it as a literal, else None."""
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return None


def write(path, entries, opening, closing):
    """Writes one entry a line, so that a newer PyTorch shows up as a readable diff."""
    with open(os.path.join(ROOT, path), "w", encoding="utf-8") as file:
        file.write(opening + "\n" + ",\n".join(entries) + "\n" + closing + "\n")


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
