"""Trains a net with every optimiser of PyTorch, and writes training.json and training.safetensors beside this file.

../training/reference.py says what the files hold. Gradients are clipped by their norm in some steps and not in others, and
parameters decay, but a frozen one. No bias stands before the batch norm: its gradient would be 0 but for rounding, which most
of these optimisers magnify.

Run it with torch, numpy and safetensors installed: python train.py
"""

import pathlib
import sys

import torch
from torch.nn import BatchNorm1d, Linear

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from reference import Net, Unsuitable, write

LIMIT, NEAR, BOTH = 0.5, 1e-4, 0.1  # the norm's, how close to it a norm may come, the least share of steps on each side


class Trained(Net):
    steps = 100
    inputs = {"x": ([4], None)}
    layers = """input x[4]
        linear 5 bias=false
        batchnorm
        tanh
        linear 16
        tanh
        linear 2
        loss mse
        freeze "linear2.bias"
        clip 0.5
        """

    def __init__(self):
        super().__init__()
        self.clipped = []
        self.linear1, self.batchnorm1 = Linear(4, 5, bias=False), BatchNorm1d(5)
        self.linear2, self.linear3 = Linear(5, 16), Linear(16, 2)
        self.linear2.bias.requires_grad_(False)

    def forward(self, x):
        h = torch.tanh(self.batchnorm1(self.linear1(x)))
        return {"out": self.linear3(torch.tanh(self.linear2(h)))}

    def clip(self):
        norm = torch.nn.utils.clip_grad_norm_([p for p in self.parameters() if p.requires_grad], LIMIT).item()
        if abs(norm - LIMIT) < NEAR * LIMIT:
            raise Unsuitable
        self.clipped.append(norm > LIMIT)

    def trained(self):
        if not BOTH < sum(self.clipped) / len(self.clipped) < 1 - BOTH:
            raise Unsuitable


RUNS = {
    "TrainedSgd": "sgd 0.05 momentum=0.9 nesterov decay=0.02 decay_skip=vectors",
    "TrainedAdam": "adam 0.01 amsgrad decay=0.02",
    "TrainedAdamW": "adamw 0.01 amsgrad decay=0.2 decay_skip=vectors",
    "TrainedNAdam": "nadam 0.01 decay=0.02",
    "TrainedRAdam": "radam 0.02 decay=0.02 decay_skip=vectors",
    "TrainedAdamax": "adamax 0.01 decay=0.02",
    "TrainedRmsProp": "rmsprop 0.003 momentum=0.8 decay=0.02",
    "TrainedRmsPropCentered": "rmsprop 0.005 centered decay=0.02 decay_skip=vectors",
    "TrainedAdagrad": "adagrad 0.1 lr_decay=0.01 initial=0.01 decay=0.02",
    "TrainedAdadelta": "adadelta 0.5 decay=0.02",
    "TrainedLion": "lion 0.002 decay=0.2 decay_skip=vectors",
}


def trained(name, statement):
    spec = "\n".join(line.strip() for line in (Trained.layers + statement).splitlines())
    return type(name, (Trained,), {"spec": spec})


write(FOLDER, "training", [trained(*run) for run in RUNS.items()])
