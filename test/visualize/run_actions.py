"""Runs sequences of actions on a real model of six blocks and writes down what each one did.

Reads one JSON object a line from standard input ({"seed", "start", "actions"}, see ../../src/learn/visualize/simulation.ts)
and writes one a line: {"steps": [{"raises": null or "RuntimeError: ...", "blocks": [...]}, ...]}, first the start. With
"code" it runs that on a new model, too, and adds what it made: {"made": [{"trainable", "held", "training"}, ...]}.
"""
import json
import sys
import warnings

import torch
from torch import nn

torch.set_num_threads(1)
warnings.simplefilter("ignore")

NAMES = ("stem", "layer1", "layer2", "layer3", "layer4", "head")
KINDS = {
    "SGD": lambda parameters: torch.optim.SGD(parameters, lr=0.01),
    "momentum": lambda parameters: torch.optim.SGD(parameters, lr=0.01, momentum=0.9),
    "AdamW": lambda parameters: torch.optim.AdamW(parameters, lr=0.001),
}


class Net(nn.Module):
    """Six blocks with or without BatchNorm. Tanh, as dead ReLUs would make gradients zero by chance."""

    def __init__(self, has_batchnorm):
        super().__init__()
        for name, norm in zip(NAMES, has_batchnorm):
            layers = [nn.Linear(4, 4), nn.BatchNorm1d(4)] if norm else [nn.Linear(4, 4)]
            setattr(self, name, nn.Sequential(*layers, nn.Tanh()))

    def forward(self, x):
        for block in self.children():
            x = block(x)
        return x


class Training:
    def __init__(self, start):
        self.model = Net([block["hasBatchNorm"] for block in start["blocks"]])
        self.blocks = list(self.model.children())
        self.loss = None
        for block, facts in zip(self.blocks, start["blocks"]):
            block.requires_grad_(facts["trainable"] == "yes")
        held = [p for block, facts in zip(self.blocks, start["blocks"]) if facts["held"] == "yes" for p in block.parameters()]
        self.optimizer = KINDS[start["optimizer"]](held)
        self.kind = start["optimizer"]

    def act(self, action):
        kind = action["type"]
        if kind == "forward":
            self.loss = self.model(torch.randn(8, 4)).pow(2).sum()
        elif kind == "backward":
            if self.loss is None:
                raise NameError("name 'loss' is not defined")
            self.loss.backward()
        elif kind == "step":
            self.optimizer.step()
        elif kind == "zeroGrad":
            self.optimizer.zero_grad(set_to_none=not action["zeros"])
        elif kind == "freeze":
            self.blocks[action["block"]].requires_grad_(not action["frozen"])
        elif kind == "train":
            self.model.train()
        elif kind == "eval":
            self.model.eval()
        elif kind == "evalFrozen":
            for block in self.blocks:
                if not any(p.requires_grad for p in block.parameters()):
                    block.eval()
        elif kind == "optimizer":
            self.kind = action["optimizer"]
            self.optimizer = KINDS[self.kind]([p for group in self.optimizer.param_groups for p in group["params"]])
        elif kind == "rebuild":
            self.optimizer = KINDS[self.kind]([p for p in self.model.parameters() if p.requires_grad])
        else:
            raise ValueError(kind)

    def look(self):
        """Per block: values to compare with those after the next action."""
        return [
            {
                "weights": [p.detach().clone() for p in block.parameters()],
                "gradients": [None if p.grad is None else p.grad.clone() for p in block.parameters()],
                "statistics": [b.clone() for b in block.buffers()],
            }
            for block in self.blocks
        ]


def one(values, what):
    values = set(values)
    assert len(values) == 1, f"the parameters of a block differ in {what}: {values}"
    return values.pop()


def differ(before, after):
    return any((a is None) != (b is None) or (a is not None and not torch.equal(a, b)) for a, b in zip(before, after))


def gradient_of(gradients):
    if one([g is None for g in gradients], "having a gradient"):
        return "none"
    return "values" if any(g.abs().sum() > 0 for g in gradients) else "zeros"


def facts(training, before, after):
    held = {id(p) for group in training.optimizer.param_groups for p in group["params"]}
    return [
        {
            "trainable": one([p.requires_grad for p in block.parameters()], "requires_grad"),
            "held": one([id(p) in held for p in block.parameters()], "being held"),
            "training": one([m.training for m in block.modules()], "mode"),
            "gradient": gradient_of(now["gradients"]),
            "gradientChanged": differ(was["gradients"], now["gradients"]),
            "moved": differ(was["weights"], now["weights"]),
            "drifted": differ(was["statistics"], now["statistics"]),
        }
        for block, was, now in zip(training.blocks, before, after)
    ]


def run(task):
    torch.manual_seed(task["seed"])
    training = Training(task["start"])
    before = training.look()
    yield {"raises": None, "blocks": facts(training, before, before)}
    for action in task["actions"]:
        raises = None
        try:
            training.act(action)
        except (RuntimeError, NameError, ValueError) as error:
            raises = f"{type(error).__name__}: {error}".split("\n")[0][:110]
        after = training.look()
        yield {"raises": raises, "blocks": facts(training, before, after)}
        before = after


def make(task):
    """What the Python of the last state makes of a new model."""
    model = Net([block["hasBatchNorm"] for block in task["start"]["blocks"]])
    names = {"torch": torch, "model": model}
    exec(task["code"], names)
    held = {id(p) for group in names["optimizer"].param_groups for p in group["params"]}
    return [
        {
            "trainable": one([p.requires_grad for p in block.parameters()], "requires_grad"),
            "held": one([id(p) in held for p in block.parameters()], "being held"),
            "training": [m.training for m in block.modules() if isinstance(m, nn.BatchNorm1d)],
        }
        for block in model.children()
    ]


if __name__ == "__main__":
    for line in sys.stdin:
        task = json.loads(line)
        answer = {"steps": list(run(task)), **({"made": make(task)} if "code" in task else {})}
        print(json.dumps(answer), flush=True)
