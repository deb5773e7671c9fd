"""Trains the specs below with PyTorch and writes parity.json and parity.safetensors beside this file.

parity.json lists the runs: the spec's text, the net whose data and start it shares, the number of rows, of rows in
a batch and of steps. parity.safetensors holds, all rounded to float32 (classes: int32),

    <net>/x  <net>/target    the rows, taken in order, batch by batch, the last batch of an epoch being smaller
    <net>/init/<parameter>   the start
    <net>/start              what the start predicts for all rows
    <net>/output             what the first batch gives, and
    <net>/grad/<parameter>   the gradients of its loss
    <run>/losses             the loss of every step, before its update
    <run>/trained/<parameter>, <run>/predicted    the end, and what it predicts for all rows

A net with dropout has no more than its start: its masks are nnc's own.

PyTorch computes in float64, from rows and parameters that are float32 numbers. Where float32 and float64 may
legitimately part (the corner of a relu, the sign in mae's gradient) rows are drawn anew until no step of any run
comes near: relative to the root mean square of the tensor, every relu's input is CORNER away from 0 and every
residual of mae is SIGN away. Rounding moves them by about 1e-6.

Run it with torch, numpy and safetensors installed: python make.py
"""

import json
import pathlib
import sys
import zlib

import numpy
import torch
from safetensors.numpy import save_file

sys.path.append(str(pathlib.Path(__file__).parents[1] / "training"))
from reference import CORNER, SIGN, optimiser

STEPS = 100

OPTIMISERS = {
    "Sgd": "sgd 0.2",
    "SgdDecay": "sgd 0.2 decay=0.01",
    "Momentum": "sgd 0.1 momentum=0.9",
    "Dampening": "sgd 0.1 momentum=0.8 dampening=0.3 decay=0.01",
    "Nesterov": "sgd 0.05 momentum=0.9 nesterov decay=0.01",
    "Adam": "adam",
    "AdamDecay": "adam 0.01 beta1=0.8 beta2=0.99 eps=1e-3 decay=0.02",
    "AdamW": "adamw",
    "AdamWDecay": "adamw 0.01 beta1=0.95 beta2=0.9 eps=1e-6 decay=0.2",
}
# One layer is small enough to be written out, the next is a call of kernels.
SMALL = "input x[4]; linear 3; tanh; linear 16; sigmoid; linear {}; loss {}"

# Net: the spec without optimiser and batch, the rows, the batch, the optimisers by name.
NETS = {
    "MSE": (SMALL.format(2, "mse"), 37, 16, OPTIMISERS),
    "MAE": (SMALL.format(1, "mae"), 37, 16, OPTIMISERS),
    "CrossEntropy": (SMALL.format(3, "cross_entropy"), 37, 16, OPTIMISERS),
    "BCELogits": (SMALL.format(2, "bce_logits"), 37, 16, OPTIMISERS),
    # The listing that everybody knows, and three inputs for two outputs.
    "House": ("linear 10->1; loss mse", 5, None, {"": "sgd 0.01"}),
    "Restaurant": ("linear 3->2; loss mse", 37, 16, {"": "sgd 0.1"}),
    # Layers all written out, of widths that rise and fall: their rows share loops, and their values memory.
    "Narrow": ("input x[4]; linear 2; tanh; linear 6; sigmoid; linear 3; softmax; linear 7; tanh; linear 3; loss mse", 37, 16,
               {"Momentum": OPTIMISERS["Momentum"]}),
    "Falling": ("input x[6]; linear 5; tanh; linear 4; sigmoid; linear 3; tanh; linear 2; loss cross_entropy", 37, 16,
                {"Adam": "adam 0.01"}),
    # Layers through kernels, of sizes that no tile divides.
    "Wide": ("input x[33]; linear 48; tanh; linear 19; loss cross_entropy", 37, 16,
             {"Nesterov": OPTIMISERS["Nesterov"], "Adam": "adam 0.01"}),
    # Steps that are one loop in Train and several in the four calls.
    "Whole": ("input x[6]; linear 5; tanh; linear 4; sigmoid; linear 3; tanh; linear 2; loss mse", 550, 300,
              {"Sgd": OPTIMISERS["Sgd"]}),
    "WholeMAE": ("input x[4]; linear 2; sigmoid; linear 5; tanh; linear 1; loss mae", 37, 16,
                 {"SgdDecay": "sgd 0.05 decay=0.01"}),
    "WholeBCELogits": ("input x[5]; linear 4; tanh; linear 3; sigmoid; linear 4 bias=false; relu; linear 2; loss bce_logits",
                       37, 16, {"SgdDecay": OPTIMISERS["SgdDecay"]}),
    # The losses through kernels; mae with few rows, since many residuals do not all stay away from 0.
    "WideMSE": ("input x[7]; linear 21; tanh; linear 21; loss mse", 37, 16, {"Sgd": "sgd 0.2"}),
    "WideMAE": ("input x[7]; linear 21; tanh; linear 21; loss mae", 5, 3, {"Nesterov": OPTIMISERS["Nesterov"]}),
    "WideBCELogits": ("input x[7]; linear 21; sigmoid; linear 21; loss bce_logits", 37, 16,
                      {"SgdDecay": OPTIMISERS["SgdDecay"]}),
    # Products of more than one block of terms: forwards (300 inputs), and for ∂x (300 outputs).
    "Inputs": ("input x[300]; linear 5; tanh; linear 2; loss mse", 37, 16, {"Adam": "adam"}),
    "Outputs": ("input x[3]; linear 5; tanh; linear 300; tanh; linear 2; loss mse", 37, 16,
                {"Momentum": "sgd 0.01 momentum=0.9"}),
    # Sums over more than one block of rows.
    "Rows": ("input x[5]; linear 3; tanh; linear 24; tanh; linear 2; loss mse", 550, 300,
             {"Momentum": OPTIMISERS["Momentum"], "AdamDecay": OPTIMISERS["AdamDecay"]}),
    "ReLU": ("input x[5]; linear 3; relu; linear 21; relu; linear 2; loss mse", 37, 16,
             {"Sgd": "sgd 0.05", "Adam": "adam"}),
    "ReLUClasses": ("input x[12]; linear 20; relu; linear 4; loss cross_entropy", 37, 16,
                    {"AdamW": "adamw"}),
    "NoBias": ("input x[4]; linear 3 bias=false; tanh; linear 17 bias=false; tanh; linear 2 bias=false; loss bce_logits",
               37, 16, {"Nesterov": OPTIMISERS["Nesterov"], "AdamW": OPTIMISERS["AdamWDecay"]}),
    "Softmax": ("input x[6]; linear 4; softmax; linear 22; softmax; linear 3; loss mse", 37, 16,
                {"Momentum": OPTIMISERS["Momentum"], "Adam": "adam 0.01"}),
    "Sigmoid": ("input x[6]; linear 4; sigmoid; linear 22; sigmoid; linear 3; sigmoid; loss mse", 37, 16,
                {"Adam": "adam 0.01"}),
    "Flatten": ("input x[4, 5]; flatten; linear 7; tanh; linear 3; loss cross_entropy", 37, 16, {"Adam": "adam 0.01"}),
    "LastAxis": ("input x[4, 5]; linear 5->6; tanh; linear 6->2; loss mse", 37, 16, {"Adam": "adam 0.01"}),
    "Dropout": ("input x[4]; linear 3; dropout 0.25; tanh; linear 16; tanh; dropout 0.5; linear 2; loss mse", 37, 16,
                {"Adam": "adam 0.01"}),
}


class Model:
    """The layers and the loss of a spec, as PyTorch has them, and the smallest margins met so far."""

    def __init__(self, spec, init=None):
        self.layers, self.margin, self.input = [], True, None
        shape, count = None, 0
        for statement in spec.split(";"):
            word, *args = statement.split()
            if word == "input":
                shape = [int(d) for d in statement[statement.index("[") + 1:statement.index("]")].split(",")]
                self.input = shape
            elif word == "linear":
                *stated, size = [int(d) for d in args[0].split("->")]
                shape, count = shape or stated, count + 1
                self.input = self.input or shape
                layer = torch.nn.Linear(shape[-1], size, bias="bias=false" not in args, dtype=torch.float64)
                self.layers.append((f"linear{count}", layer))
                shape = shape[:-1] + [size]
            elif word == "flatten":
                self.layers.append((word, torch.nn.Flatten()))
                shape = [int(numpy.prod(shape))]
            elif word == "dropout":
                self.layers.append((word, torch.nn.Dropout(float(args[0])).eval()))
            elif word in ("tanh", "sigmoid", "relu"):
                self.layers.append((word, getattr(torch, word)))
            elif word == "softmax":
                self.layers.append((word, lambda x: torch.softmax(x, -1)))
            else:
                assert word == "loss", statement
                self.loss = args[0]
        self.output = shape
        if init:
            with torch.no_grad():
                for name, p in self.parameters():
                    p.copy_(torch.from_numpy(init[name]))

    def parameters(self):
        return [(f"{name}.{p}", value) for name, layer in self.layers if isinstance(layer, torch.nn.Linear)
                for p, value in layer.named_parameters()]

    def keep(self, x, margin):
        self.margin &= bool((x.abs().min() > margin * x.square().mean().sqrt()).item())

    def forward(self, x):
        for name, layer in self.layers:
            if name == "relu":
                self.keep(x, CORNER)
            x = layer(x)
        return x

    def judge(self, x, target):
        match self.loss:
            case "mse":
                return torch.nn.functional.mse_loss(x, target)
            case "mae":
                self.keep(x - target, SIGN)
                return torch.nn.functional.l1_loss(x, target)
            case "cross_entropy":
                return torch.nn.functional.cross_entropy(x, target.long())
            case "bce_logits":
                return torch.nn.functional.binary_cross_entropy_with_logits(x, target)


def draw(model, rows, rng):
    """Rows, targets that a random teacher gives with noise, and a start as nn.Linear's."""
    x = rng.standard_normal([rows, *model.input]).astype(numpy.float32)
    flat = x.reshape(rows, -1)
    answer = flat @ rng.standard_normal([flat.shape[1], int(numpy.prod(model.output))]) / flat.shape[1] ** 0.5
    answer = (numpy.sin(2 * answer) + 0.5 * rng.standard_normal(answer.shape)).reshape([rows, *model.output])
    match model.loss:
        case "cross_entropy":
            target = answer.argmax(-1).astype(numpy.int32)
            target[3::11] = -100  # these rows take no part
        case "bce_logits":
            target = (1 / (1 + numpy.exp(-3 * answer))).astype(numpy.float32)
            target[::2] = target[::2].round()  # half of the rows are sure
        case _:
            target = answer.astype(numpy.float32)
    init = {}
    for name, layer in model.layers:
        if isinstance(layer, torch.nn.Linear):
            bound = layer.in_features ** -0.5
            for p, value in layer.named_parameters():
                init[f"{name}.{p}"] = rng.uniform(-bound, bound, value.shape).astype(numpy.float32)
    return x, target, init


def train(spec, statement, x, target, init, batch):
    """The tensors of a run by name; None if a margin is not kept."""
    model = Model(spec, init)
    update = optimiser(statement, [p for _, p in model.parameters()])
    losses, first = [], 0
    for _ in range(STEPS):
        rows = slice(first, first + batch)
        first = first + batch if first + batch < len(x) else 0
        loss = model.judge(model.forward(x[rows]), target[rows])
        update.zero_grad()
        loss.backward()
        update.step()
        losses.append(loss.item())
        if not model.margin:
            return None
    tensors = {"losses": losses, "predicted": model.forward(x)}
    return tensors | {f"trained/{name}": p for name, p in model.parameters()}


def begin(spec, x, target, init, batch):
    """The tensors of a net by name."""
    model = Model(spec, init)
    tensors = {"start": model.forward(x)}
    if "dropout" not in spec:
        tensors["output"] = model.forward(x[:batch])
        model.judge(tensors["output"], target[:batch]).backward()
        tensors |= {f"grad/{name}": p.grad for name, p in model.parameters()}
    return tensors


def rounded(prefix, tensors):
    return {f"{prefix}/{name}": numpy.ascontiguousarray(torch.as_tensor(t).detach().numpy().astype(numpy.float32))
            for name, t in tensors.items()}


def main():
    runs, tensors = [], {}
    for net, (spec, rows, batch, optimisers) in NETS.items():
        size = batch or 32
        for seed in range(1000):
            x, target, init = draw(Model(spec), rows, numpy.random.default_rng([zlib.crc32(net.encode()), seed]))
            rows64 = torch.from_numpy(x).double()
            target64 = torch.from_numpy(target).double()
            trained = {}
            for name, statement in optimisers.items():
                if "dropout" not in spec:
                    trained[net + name] = train(spec, statement, rows64, target64, init, size)
                    if trained[net + name] is None:
                        break
            else:
                break
        else:
            raise SystemExit(f"{net}: no seed keeps the margins")
        print(f"{net}: seed {seed}")
        tensors |= {f"{net}/x": x, f"{net}/target": target}
        tensors |= rounded(f"{net}/init", {name: torch.from_numpy(p) for name, p in init.items()})
        tensors |= rounded(net, begin(spec, rows64, target64, init, size))
        for run, result in trained.items():
            tensors |= rounded(run, result)
        for name, statement in optimisers.items():
            text = "\n".join(s.strip() for s in spec.split(";")) + f"\n{statement}\n" + (f"batch {batch}\n" if batch else "")
            runs.append({"name": net + name, "net": net, "rows": rows, "batch": size, "steps": STEPS, "spec": text})
    folder = pathlib.Path(__file__).parent
    save_file(tensors, folder / "parity.safetensors")
    folder.joinpath("parity.json").write_text(json.dumps(runs, indent=1) + "\n")


main()
