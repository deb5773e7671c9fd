"""Runs every optimiser of PyTorch over a sequence of gradients, and writes optimisers.json and .safetensors beside this file.

There are 1,001 steps. Parameters are matrices of one row with SIZES elements, and a bias where `decay_skip` spares it, whose gradient is 1. Gradients
and starts are small whole numbers times powers of two, so that main.go beside this file has the same, exactly: zeros and
changes of sign among them, elements of d whose gradient is always 0 or nearly so, tiny gradients of c, and huge ones of b in
a few steps. Beside a penalty of decay nothing of c is kept: it is larger than those gradients, and where parameters that have
little else go to and fro around 0, float32 and float64 part. PyTorch computes in float64; Lion, which it does not have, goes by its formula, in reference.py.

    <run>/<steps>/<parameter>          after so many steps, of e every 25th element
    <run>/slots/<parameter>.<slot>     after all of them

Run it with torch, numpy and safetensors installed: python make.py
"""

import json
import pathlib
import sys

import numpy
import torch
from safetensors.numpy import save_file

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from reference import optimiser

SIZES = {"a": 1, "b": 7, "c": 16, "d": 37, "e": 1000}
KEPT = 1, 2, 10, 100, 1001
SLOTS = {
    "momentum_buffer": "momentum", "exp_avg": "m", "exp_avg_sq": "v", "max_exp_avg_sq": "max", "exp_inf": "u",
    "square_avg": "v", "grad_avg": "mean", "sum": "sum", "acc_delta": "delta",
}
COUNTERS = "step", "mu_product"

SPEC = """input a[1]
input b[7]
input c[16]
input d[37]
input e[1000]
from a; wa: linear 1 bias=false
from b; wb: linear 1 bias=false
from c; wc: linear 1 bias=false
from d; wd: linear 1 bias=false
from e; we: linear 1{bias}
from wa; add wb wc wd we
loss mae
batch 1
"""

RUNS = {
    "Sgd": "sgd 0.01", "SgdDecay": "sgd 0.01 decay=0.1", "SgdMomentum": "sgd 0.01 momentum=0.9 decay=0.1",
    "SgdDampening": "sgd 0.01 momentum=0.9 dampening=0.25", "SgdNesterov": "sgd 0.01 momentum=0.9 nesterov",
    "SgdSkip": "sgd 0.01 momentum=0.9 decay=0.1 decay_skip=vectors",
    "Adam": "adam 0.002", "AdamDecay": "adam 0.002 beta1=0.8 beta2=0.99 eps=1e-6 decay=0.1",
    "AdamAmsgrad": "adam 0.002 amsgrad", "AdamAmsgradDecay": "adam 0.002 amsgrad decay=0.1",
    "AdamSkip": "adam 0.002 decay=0.1 decay_skip=vectors",
    "AdamW": "adamw 0.002", "AdamWAmsgrad": "adamw 0.002 amsgrad decay=0.2", "AdamWNoDecay": "adamw 0.002 decay=0",
    "AdamWSkip": "adamw 0.002 decay=0.5 decay_skip=vectors", "AdamWAmsgradSkip": "adamw 0.002 amsgrad decay=0.5 decay_skip=vectors",
    "NAdam": "nadam", "NAdamDecay": "nadam 0.003 beta1=0.95 beta2=0.99 eps=1e-6 momentum_decay=0.1 decay=0.1",
    "NAdamSteady": "nadam momentum_decay=0", "NAdamSkip": "nadam decay=0.1 decay_skip=vectors",
    "RAdam": "radam", "RAdamDecay": "radam 0.002 beta1=0.8 beta2=0.99 eps=1e-6 decay=0.1", "RAdamShort": "radam beta2=0.5",
    "RAdamSkip": "radam decay=0.1 decay_skip=vectors",
    "Adamax": "adamax", "AdamaxDecay": "adamax 0.003 beta1=0.8 beta2=0.99 eps=1e-6 decay=0.1",
    "AdamaxSkip": "adamax decay=0.1 decay_skip=vectors",
    "RmsProp": "rmsprop 0.002", "RmsPropDecay": "rmsprop 0.002 alpha=0.9 eps=1e-6 decay=0.1",
    "RmsPropMomentum": "rmsprop 0.001 momentum=0.9 decay=0.1", "RmsPropCentered": "rmsprop 0.002 centered",
    "RmsPropBoth": "rmsprop 0.001 momentum=0.8 centered decay=0.1", "RmsPropSkip": "rmsprop 0.002 decay=0.1 decay_skip=vectors",
    "Adagrad": "adagrad", "AdagradDecay": "adagrad 0.02 lr_decay=0.01 initial=0.5 eps=1e-6 decay=0.1",
    "AdagradSkip": "adagrad decay=0.1 decay_skip=vectors",
    "Adadelta": "adadelta", "AdadeltaDecay": "adadelta 0.5 rho=0.95 eps=1e-5 decay=0.1",
    "AdadeltaSkip": "adadelta decay=0.1 decay_skip=vectors",
    "Lion": "lion", "LionDecay": "lion 0.000244140625 beta1=0.8 beta2=0.9 decay=0.5", "LionSkip": "lion 0.0001220703125 decay=0.5 decay_skip=vectors",
}


def start(name):
    i = numpy.arange(SIZES[name])
    w = ((11 * i + 3 * (ord(name) - ord("a"))) % 41 - 20) / 16
    if name == "d":
        return numpy.where((i % 16 == 5) | (i % 16 == 11), w + 8, w)
    return w + 2 if name == "a" else w * 2.0**-26 if name == "c" else w


def gradient(name, step):
    i = numpy.arange(SIZES[name])
    h = (7 * i + 13 * step + i * step + step * step + 5 * (ord(name) - ord("a"))) % 61 - 30
    g = h / 64
    if name == "b" and step % 250 == 100:
        return (abs(h) + 1) * 2.0**55
    if name == "c":
        return g * 2.0**-26
    if name == "d":
        g = numpy.where(i % 16 == 5, g * 2.0**-40, numpy.where(i % 16 == 11, 0, g))
    return g


def run(name, statement):
    parameters = {f"w{n}.weight": torch.nn.Parameter(torch.from_numpy(start(n)[None])) for n in SIZES}
    if "decay_skip" in statement:
        parameters["we.bias"] = torch.nn.Parameter(torch.tensor([0.75], dtype=torch.float64))
    update, tensors = optimiser(statement, parameters.values()), {}
    penalised = "decay=" in statement.replace("_decay=", "") and statement.split()[0] not in ("adamw", "lion")
    shown = {parameter: p for parameter, p in parameters.items() if not (penalised and parameter == "wc.weight")}
    for step in range(max(KEPT)):
        for parameter, p in parameters.items():
            of = parameter[1]
            p.grad = torch.ones_like(p) if p.dim() == 1 else torch.from_numpy(gradient(of, step)[None].copy())
        update.step()
        if step + 1 in KEPT:
            for parameter, p in shown.items():
                tensors[f"{name}/{step + 1}/{parameter}"] = kept(p)
    for parameter, p in shown.items():
        for slot, value in update.state[p].items():
            if slot not in COUNTERS and value is not None:
                tensors[f"{name}/slots/{parameter}.{SLOTS[slot]}"] = kept(value)
    assert all(numpy.isfinite(t).all() for t in tensors.values()), name
    return tensors


def kept(values):
    flat = values.detach().numpy().reshape(-1)
    return flat[:: 25 if len(flat) == SIZES["e"] else 1].astype(numpy.float32)


tensors, runs = {}, []
for name, statement in RUNS.items():
    spec = SPEC.format(bias="" if "decay_skip" in statement else " bias=false") + statement + "\n"
    runs.append({"name": name, "spec": spec})
    tensors |= run(name, statement)
save_file(tensors, FOLDER / "optimisers.safetensors")
FOLDER.joinpath("optimisers.json").write_text(json.dumps({"steps": KEPT, "runs": runs}, indent=1) + "\n")
