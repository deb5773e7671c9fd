"""Writes schedules.json beside this file: the learning rate of every step of whole trainings.

Each course is a statement of the language with the optimiser's rate, the number of steps, those of an epoch and, for
plateau, the losses of the epochs. The rates are PyTorch's schedulers'. A scheduler is asked once for each epoch or step,
as `every` says. The warm-up, which they do not have, is a formula here: lr·(s+1)/w, and what counts steps begins behind
it. PyTorch's OneCycleLR divides by 0 where the rise ends at step 0: there the formula of its second phase stands
here, and that of a line where LinearLR would not rise.

Run it with torch installed: python make.py
"""

import ast
import json
import math
import pathlib

import torch
from torch.optim import lr_scheduler

FOLDER = pathlib.Path(__file__).parent


def options(statement):
    """The name of a schedule, its argument without a name, and the others."""
    _, name, rest = (statement + " ").split(" ", 2)
    bare, named = None, {}
    if rest.startswith("["):
        bare, rest = ast.literal_eval(rest[:rest.index("]") + 1]), rest[rest.index("]") + 1:]
    for a in rest.split():
        key, _, value = a.partition("=")
        if value:
            named[key] = value if key == "every" else float(value)
        else:
            bare = float(key)
    return name, bare, named


def optimiser(lr):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def asked(update, scheduler, times):
    """The rates of a scheduler, one for each of so many times that it is asked."""
    rates = []
    for _ in range(times):
        rates.append(update.param_groups[0]["lr"])
        update.step()
        scheduler.step()
    return rates


def onecycle(lr, steps, rise=0.3, div=25.0, final_div=1e4):
    if rise * steps - 1 != 0:
        update = optimiser(lr)
        whole = lr_scheduler.OneCycleLR(update, lr, total_steps=steps, pct_start=rise, div_factor=div, final_div_factor=final_div,
                                        cycle_momentum=False)
        return asked(update, whole, steps - 1) + [update.param_groups[0]["lr"]]
    last = lr / div / final_div
    return [last + (lr - last) / 2 * (1 + math.cos(math.pi * s / (steps - 1))) for s in range(steps)]


def plateau(lr, steps, epoch, losses, factor=0.1, patience=10, threshold=1e-4, cooldown=0, min=0):
    update = optimiser(lr)
    rule = lr_scheduler.ReduceLROnPlateau(update, factor=factor, patience=int(patience), threshold=threshold, cooldown=int(cooldown), min_lr=min)
    rates = []
    for s in range(steps):
        rates.append(update.param_groups[0]["lr"])
        if (s + 1) % epoch == 0:
            rule.step(losses[(s + 1) // epoch - 1])
    return rates


def rates(statement, lr, steps, epoch, losses):
    """The rates of all steps."""
    name, bare, named = options(statement)
    warmup = int(named.pop("warmup", 0))
    every = named.pop("every", "epochs")
    behind = steps - warmup
    update = optimiser(lr)
    match name:
        case "constant":
            course = [lr] * behind
        case "linear":
            least = named.get("min", 0)
            if least <= lr:
                course = asked(update, lr_scheduler.LinearLR(update, 1, least / lr, behind), behind)
            else:
                course = [least + (lr - least) * (1 - k / behind) for k in range(behind)]
        case "cosine":
            course = asked(update, lr_scheduler.CosineAnnealingLR(update, behind, named.get("min", 0)), behind)
        case "onecycle":
            course = onecycle(lr, steps, **named)
        case "plateau":
            course = plateau(lr, steps, epoch, losses, **named)[warmup:]
        case "step" | "multistep" | "exponential":
            gamma = named.get("gamma", 0.1)
            scheduler = {"step": lambda: lr_scheduler.StepLR(update, bare, gamma),
                         "multistep": lambda: lr_scheduler.MultiStepLR(update, bare, gamma),
                         "exponential": lambda: lr_scheduler.ExponentialLR(update, bare)}[name]()
            if every == "steps":
                course = asked(update, scheduler, behind)
            else:
                by_epoch = asked(update, scheduler, -(-steps // epoch))
                course = [by_epoch[s // epoch] for s in range(warmup, steps)]
    base = plateau(lr, steps, epoch, losses, **named) if name == "plateau" else [lr] * steps
    return [base[s] * (s + 1) / warmup for s in range(warmup)] + course


BUMPS = [1, 0.9, 0.95, 0.9, 0.91, 0.8, 0.79999, 0.85, 0.9, 0.7, 0.75, 0.71, 0.72, 0.73, 0.69999, 0.6, 0.6, 0.6, 0.61, 0.6, 0.59, 0.6, 0.6, 0.6, 0.6]
BELOW_ZERO = [-1, -1.00005, -0.9, -1.2, -1.2, -1.3, -1.30001, -1.1, -1.1, -1.1, -1.1, -1.1]

COURSES = [  # statement, lr, steps, steps of an epoch, losses of the epochs
    ("schedule constant", 0.1, 20, 5),
    ("schedule constant warmup=10", 0.1, 40, 5),
    ("schedule constant warmup=39", 0.1, 40, 5),
    ("schedule step 2", 0.1, 50, 7),
    ("schedule step 1 gamma=0.5", 0.03, 50, 7),
    ("schedule step 3 gamma=0.3 warmup=8", 0.1, 50, 4),
    ("schedule step 1 gamma=0.9", 0.1, 60, 1),
    ("schedule step 2", 0.1, 20, 30),
    ("schedule step 10 every=steps", 0.1, 50, 7),
    ("schedule step 7 gamma=0.3 every=steps warmup=6", 0.1, 50, 7),
    ("schedule step 1 gamma=0 every=steps", 0.1, 5, 7),
    ("schedule multistep [1, 2, 5]", 0.1, 50, 7),
    ("schedule multistep [3] gamma=0.5 warmup=49", 0.1, 50, 7),
    ("schedule multistep [3, 6] gamma=0.5 warmup=30", 0.1, 70, 7),
    ("schedule multistep [10, 20, 21] gamma=0.7 every=steps", 0.1, 50, 7),
    ("schedule multistep [10, 20, 21] every=steps warmup=5", 0.1, 50, 7),
    ("schedule exponential 0.9", 0.1, 100, 7),
    ("schedule exponential 1.1 warmup=9", 0.001, 100, 7),
    ("schedule exponential 0.97 every=steps warmup=4", 0.1, 300, 7),
    ("schedule exponential 1 every=steps", 0.1, 10, 7),
    ("schedule linear", 0.1, 50, 7),
    ("schedule linear min=0.01 warmup=10", 0.1, 50, 7),
    ("schedule linear min=0.2", 0.1, 50, 7),
    ("schedule linear warmup=49", 0.1, 50, 7),
    ("schedule linear", 0.1, 1, 1),
    ("schedule linear min=0.001 warmup=1", 0.1, 1000, 7),
    ("schedule cosine", 0.1, 50, 7),
    ("schedule cosine min=0.01 warmup=10", 0.1, 50, 7),
    ("schedule cosine warmup=49", 0.1, 50, 7),
    ("schedule cosine warmup=48 min=0.02", 0.1, 50, 7),
    ("schedule cosine", 0.1, 1, 1),
    ("schedule cosine warmup=1", 0.003, 1000, 7),
    ("schedule onecycle", 0.1, 100, 7),
    ("schedule onecycle", 0.1, 101, 7),
    ("schedule onecycle rise=0.05 div=10 final_div=100", 0.1, 77, 7),
    ("schedule onecycle rise=0.99 div=2 final_div=1", 0.1, 50, 7),
    ("schedule onecycle rise=0.5", 0.1, 2, 1),
    ("schedule onecycle rise=0.25", 0.1, 4, 1),
    ("schedule onecycle rise=0.25 div=4", 0.1, 8, 1),
    ("schedule onecycle", 0.1, 3, 1),
    ("schedule onecycle rise=0.01", 0.1, 30, 1),
    ("schedule onecycle", 0.1, 1, 1),
    ("schedule plateau patience=0", 0.1, 75, 3, BUMPS),
    ("schedule plateau patience=2 factor=0.5", 0.1, 75, 3, BUMPS),
    ("schedule plateau patience=1 factor=0.5 cooldown=3", 0.1, 75, 3, BUMPS),
    ("schedule plateau patience=1 factor=0.3 threshold=0.1 min=0.01", 0.1, 75, 3, BUMPS),
    ("schedule plateau patience=1 factor=0.5 threshold=0 warmup=20", 0.1, 75, 3, BUMPS),
    ("schedule plateau patience=1 factor=0.5 warmup=74", 0.1, 75, 3, BUMPS),
    ("schedule plateau", 0.1, 75, 3, [1.0] * 25),
    ("schedule plateau patience=0 factor=0", 0.1, 25, 1, BUMPS),
    ("schedule plateau patience=0 factor=0.5", 3e-8, 25, 1, [1.0] * 25),
    ("schedule plateau patience=1", 0.1, 12, 1, BELOW_ZERO),
]

courses = []
for statement, lr, steps, epoch, *losses in COURSES:
    losses = losses[0] if losses else []
    made = rates(statement, lr, steps, epoch, losses)
    assert len(made) == steps, (statement, len(made))
    courses.append({"statement": statement, "lr": lr, "steps": steps, "epoch": epoch, "losses": losses, "rates": made})
lines = ",\n ".join(json.dumps(c) for c in courses)
FOLDER.joinpath("schedules.json").write_text("[\n " + lines + "\n]\n")
