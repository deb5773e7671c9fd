"""The nets of what works on sequences, for make.py."""

import torch
from torch.nn import Embedding, Linear, ModuleDict, ModuleList
from torch.nn import functional as F

from make import Classes, Small, tanh


def sinusoids(positions, size):
    """P[t, 2i] = sin(t/10000^(2i/size)), P[t, 2i+1] the cosine of the same."""
    t, k = torch.arange(positions).double()[:, None], torch.arange(size)
    angle = t / 10000 ** ((k - k % 2).double() / size)
    return torch.where(k % 2 == 0, angle.sin(), angle.cos())


class PositionLearned(Classes):
    """Behind an embedding, as transformers have it."""

    spec = """
        input tokens[7] of 20
        embedding 8
        position 8
        tanh
        flatten
        linear 3
        loss cross_entropy
        adam 0.01
    """
    inputs, targets = {"tokens": ([7], 20)}, {"target": ([], 3)}

    def __init__(self):
        super().__init__()
        self.embedding1, self.position1, self.linear1 = Embedding(20, 8), Embedding(7, 8), Linear(56, 3)

    def forward(self, tokens):
        return {"out": self.linear1(tanh(self.embedding1(tokens) + self.position1.weight).flatten(1))}


class PositionSingle(Small):
    """On an input, small enough to be written out, one row at a time."""

    spec = """
        input x[3, 2]
        position
        tanh
        linear 2->3
        loss mse
        sgd 0.05 momentum=0.9
    """
    rows, batch = 7, 1
    inputs, targets = {"x": ([3, 2], None)}, {"target": ([3, 3], None)}

    def __init__(self):
        super().__init__()
        self.position1, self.linear1 = Embedding(3, 2), Linear(2, 3)

    def forward(self, x):
        return {"out": self.linear1(tanh(x + self.position1.weight))}


class PositionRows(Small):
    """More rows than one block of a sum has; in a repetition, where one is frozen."""

    spec = """
        input x[5, 3]
        linear 3->6
        repeat 2 { position; tanh; linear 6->6 }
        freeze "repeat1.0.position1.*"
        mean
        linear 2
        loss mse
        adam 0.01
    """
    rows, batch = 550, 300
    inputs = {"x": ([5, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(3, 6), Linear(6, 2)
        self.repeat1 = ModuleList(ModuleDict({"position1": Embedding(5, 6), "linear1": Linear(6, 6)}) for _ in range(2))
        self.repeat1[0]["position1"].requires_grad_(False)

    def forward(self, x):
        h = self.linear1(x)
        for each in self.repeat1:
            h = each["linear1"](tanh(h + each["position1"].weight))
        return {"out": self.linear2(h.mean(1))}


class PositionSinusoidal(Small):
    """Sines and cosines of an odd size, and once more of an even one."""

    spec = """
        input x[19, 5]
        linear 5->7
        position sinusoidal
        tanh
        linear 7->6
        position 6 sinusoidal
        tanh
        linear 6->2
        mean
        loss mse
        adam 0.01
    """
    inputs = {"x": ([19, 5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(5, 7), Linear(7, 6), Linear(6, 2)

    def forward(self, x):
        h = self.linear2(tanh(self.linear1(x) + sinusoids(19, 7)))
        return {"out": self.linear3(tanh(h + sinusoids(19, 6))).mean(1)}


NETS = {"sequence": [PositionLearned, PositionSingle, PositionRows, PositionSinusoidal]}
