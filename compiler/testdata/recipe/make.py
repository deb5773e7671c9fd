"""Trains nets under clipping, schedules, averages and accumulation with PyTorch, and writes recipe.json and recipe.safetensors beside this file.

../training/reference.py says what the files hold. A run's name tells its optimiser, its clipping and its schedule; the
runs cover the pairs of them, not every combination; what else a recipe has stands behind. The rates are those of PyTorch's own schedulers, and are compared
here with the formulas of the language. A norm must be clipped in some steps and not in others, and so must elements.

Run it with torch, numpy and safetensors installed: python make.py
"""

import math
import pathlib
import re
import sys

import torch
from torch.nn import Linear
from torch.nn import functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, LinearLR, SequentialLR

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from reference import Net, Unsuitable, write

STEPS = 100
NEAR = 1e-4  # how close to the limit a norm may come, relative to it
BOTH = 0.1   # the least share of steps, or elements, that are clipped, and that are not


def options(statement):
    """The arguments of a statement: those without a name in a list, the others by name."""
    args = [a.partition("=") for a in statement.split()[1:]]
    return [name for name, _, value in args if not value], {name: float(value) for name, _, value in args if value}


def formula(statement, lr, step, steps):
    """The learning rate of a step, counted from 0, as the language defines it."""
    (kind,), named = options(statement)
    warmup, least = int(named.get("warmup", 0)), named.get("min", 0)
    if step < warmup:
        return lr * (step + 1) / warmup
    part = (step - warmup) / (steps - warmup)
    return {"constant": lr, "linear": least + (lr - least) * (1 - part),
            "cosine": least + (lr - least) * (1 + math.cos(math.pi * part)) / 2}[kind]


class Recipe(Net):
    """A net whose clip and schedule are those of its spec."""

    steps = STEPS
    inputs = {"x": ([4], None)}

    def __init__(self):
        super().__init__()
        self.acted = []  # for each step, or each element of a gradient, whether it was clipped
        self.rates = []

    def clip(self):
        if not (statement := self.statement("clip")):
            return
        bare, named = options(statement)
        parameters = [p for p in self.parameters() if p.requires_grad]
        if bare:
            limit = float(bare[0])
            norm = torch.nn.utils.clip_grad_norm_(parameters, limit).item()
            if abs(norm - limit) < NEAR * limit:
                raise Unsuitable
            self.acted.append(norm > limit)
        else:
            limit = named["value"]
            self.acted += torch.cat([p.grad.flatten() for p in parameters]).abs().gt(limit).tolist()
            torch.nn.utils.clip_grad_value_(parameters, limit)

    def schedule(self, update):
        if not (statement := self.statement("schedule")):
            return None
        (kind,), named = options(statement)
        warmup, least = int(named.get("warmup", 0)), named.get("min", 0)
        lr, rest = update.param_groups[0]["lr"], self.updates() - warmup
        rising = LinearLR(update, 1 / warmup, 1, warmup - 1) if warmup else None
        match kind:
            case "constant":
                then = LambdaLR(update, lambda step: 1)
            case "linear":
                then = LinearLR(update, 1, least / lr, rest)
            case "cosine":
                then = CosineAnnealingLR(update, rest, least)
        whole = SequentialLR(update, [rising, then], [warmup]) if warmup else then
        self.check(statement, lr, update, whole)
        return whole

    def check(self, statement, lr, update, schedule):
        """Compares every rate with the formula, when the optimiser steps."""
        def before(*_):
            rate, step = update.param_groups[0]["lr"], len(self.rates)
            assert math.isclose(rate, formula(statement, lr, step, self.updates()), rel_tol=1e-9), (statement, step, rate)
            self.rates.append(rate)
        update.register_step_pre_hook(before)

    def trained(self):
        if self.acted and not BOTH < sum(self.acted) / len(self.acted) < 1 - BOTH:
            raise Unsuitable


class Plain(Recipe):
    """One layer is small enough to be written out, the next is a call of kernels."""

    layers = "input x[4]\nlinear 3\ntanh\nlinear 16\ntanh\nlinear 2\nloss mse\n"

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(4, 3), Linear(3, 16), Linear(16, 2)

    def forward(self, x):
        return {"out": self.linear3(torch.tanh(self.linear2(torch.tanh(self.linear1(x)))))}


class Bare(Recipe):
    """One layer without a bias, written out."""

    layers = "input x[5]\nlinear 1 bias=false\nloss mse\n"
    inputs, targets = {"x": ([5], None)}, {"target": ([1], None)}

    def __init__(self):
        super().__init__()
        self.linear1 = Linear(5, 1, bias=False)

    def forward(self, x):
        return {"out": self.linear1(x)}


class BareCall(Recipe):
    """One layer without a bias, a call of kernels."""

    layers = "input x[6]\nlinear 24 bias=false\nloss cross_entropy\n"
    inputs, targets = {"x": ([6], None)}, {"target": ([], 24)}

    def __init__(self):
        super().__init__()
        self.linear1 = Linear(6, 24, bias=False)

    def forward(self, x):
        return {"out": self.linear1(x)}

    def judge(self, x, y, target):
        return F.cross_entropy(y["out"], target["target"])


class Large(Recipe):
    """More parameters than one block of a sum has terms."""

    layers = "input x[20]\nlinear 220\ntanh\nlinear 2\nloss mse\n"
    inputs = {"x": ([20], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(20, 220), Linear(220, 2)

    def forward(self, x):
        return {"out": self.linear2(torch.tanh(self.linear1(x)))}


class Shared(Recipe):
    """A tied layer counts once in the norm, a frozen one not at all."""

    layers = """input x[5]
        first: linear 5
        tanh
        linear 5 tied=first
        tanh
        stem: linear 18
        tanh
        linear 5
        tanh
        linear 2
        freeze "stem.*" "linear5.bias"
        loss mse
    """
    inputs = {"x": ([5], None)}

    def __init__(self):
        super().__init__()
        self.first, self.stem, self.linear4, self.linear5 = Linear(5, 5), Linear(5, 18), Linear(18, 5), Linear(5, 2)
        self.stem.requires_grad_(False)
        self.linear5.bias.requires_grad_(False)

    def forward(self, x):
        h = torch.tanh(self.first(torch.tanh(self.first(x))))
        return {"out": self.linear5(torch.tanh(self.linear4(torch.tanh(self.stem(h)))))}


class Normed(Recipe):
    """Running statistics are the model's own, whichever parameters predict. Longer, and a batch of 5 rows would let what
    is rounded grow."""

    steps = 40
    layers = "input x[6]\nlinear 20 bias=false\nbatchnorm\ntanh\nlinear 3\ntanh\nlinear 2\nloss mse\n"
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.batchnorm1, self.linear2 = Linear(6, 20, bias=False), torch.nn.BatchNorm1d(20), Linear(20, 3)
        self.linear3 = Linear(3, 2)

    def forward(self, x):
        h = torch.tanh(self.batchnorm1(self.linear1(x)))
        return {"out": self.linear3(torch.tanh(self.linear2(h)))}


NORM, VALUE = "clip 0.5", "clip value=0.05"
WARM, RISE_FALL, WAVE = "schedule constant warmup=10", "schedule linear warmup=10", "schedule cosine warmup=20 min=0.001"
NESTEROV = "sgd 0.05 momentum=0.9 nesterov decay=0.01"

RUNS = {
    "SgdNormConstant": (Plain, "sgd 0.2", NORM, WARM),
    "SgdValueCosine": (Plain, "sgd 0.2 decay=0.01", VALUE, "schedule cosine"),
    "SgdLinear": (Plain, "sgd 0.2", "", "schedule linear min=0.01"),
    "MomentumNorm": (Plain, "sgd 0.05 momentum=0.9", NORM, ""),
    "MomentumNormLinear": (Plain, "sgd 0.05 momentum=0.9", NORM, RISE_FALL),
    "MomentumValueCosine": (Plain, "sgd 0.05 momentum=0.8 dampening=0.3 decay=0.01", VALUE, WAVE),
    "NesterovNormCosine": (Plain, NESTEROV, NORM, "schedule cosine"),
    "NesterovValueLinear": (Plain, NESTEROV, VALUE, "schedule linear warmup=10 min=0.01"),
    "AdamNormCosine": (Plain, "adam 0.01", NORM, WAVE),
    "AdamValueLinear": (Plain, "adam 0.01 decay=0.02", VALUE, "schedule linear min=0.002"),
    "AdamValue": (Plain, "adam 0.01", VALUE, ""),
    "AdamCosine": (Plain, "adam 0.01", "", "schedule cosine"),
    "AdamWNormCosine": (Plain, "adamw 0.01 decay=0.2", NORM, "schedule cosine"),
    "AdamWValueConstant": (Plain, "adamw 0.01", VALUE, WARM),
    "AdamWNormLinear": (Plain, "adamw 0.01 beta1=0.95 beta2=0.9 eps=1e-6 decay=0.2", NORM, RISE_FALL),
    "BareNorm": (Bare, "sgd 0.1", NORM, ""),
    "BareNormCosine": (Bare, "adam 0.02", NORM, WAVE),
    "BareCallValue": (BareCall, "sgd 0.2 momentum=0.9", VALUE, RISE_FALL),
    "BareCallNorm": (BareCall, "adamw 0.02", NORM, ""),
    "LargeNorm": (Large, "sgd 0.02 momentum=0.9", NORM, RISE_FALL),
    "SharedNorm": (Shared, "adamw 0.01 decay=0.1", NORM, WAVE),
    "SharedValue": (Shared, NESTEROV, VALUE, "schedule linear"),
    "SgdAverage": (Plain, "sgd 0.2", "", "", "average decay=0.9"),
    "AdamNormCosineAverage": (Plain, "adam 0.01", NORM, WAVE, "average decay=0.98"),
    "BareAverage": (Bare, "sgd 0.1", "", "", "average"),
    "LargeNormLinearAverage": (Large, "sgd 0.02 momentum=0.9", NORM, RISE_FALL, "average decay=0.95"),
    "SharedNormAverage": (Shared, "adamw 0.01 decay=0.1", NORM, "", "average decay=0"),
    "SgdNormAccumulate": (Plain, "sgd 0.2", NORM, "", "accumulate 2"),
    "AdamValueCosineAccumulate": (Plain, "adam 0.01", VALUE, "schedule cosine warmup=5 min=0.001", "accumulate 2"),
    "MomentumAccumulate": (Plain, "sgd 0.05 momentum=0.9", "", "", "batch 5\naccumulate 3"),
    "BareAccumulate": (Bare, "sgd 0.2 decay=0.01", "", "", "batch 10\naccumulate 3"),
    "LargeNormLinearAccumulate": (Large, "sgd 0.02 momentum=0.9", NORM, "schedule linear warmup=10", "accumulate 2"),
    "SharedNormAccumulateAverage": (Shared, "adamw 0.01 decay=0.1", NORM, "", "accumulate 2\naverage decay=0.9"),
    "WholeAccumulate": (Plain, "adam 0.01", "", "", "accumulate 7"),
    "NormedAverage": (Normed, "sgd 0.05 momentum=0.5", "", "", "average decay=0.9"),
}


def recipe(name, base, *statements):
    spec = "\n".join(s.strip() for s in (base.layers + "\n".join(statements)).splitlines() if s.strip())
    batches = re.findall(r"^batch (\d+)$", spec, re.M)
    own = {"batch": int(batches[0])} if batches else {}
    return type(name, (base,), {"spec": re.sub(r"^batch .*\n", "", spec, flags=re.M), **own})


write(FOLDER, "recipe", [recipe(name, *way) for name, way in RUNS.items()])
