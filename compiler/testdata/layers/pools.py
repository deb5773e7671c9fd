"""Nets with the pools beside maxpool: means, and both along a sequence."""

import torch
from torch import tanh
from torch.nn import Linear
from torch.nn import functional as F

from make import Small, maxpool


def sequence(pool, x, *args, **options):
    """A pool of torch along T of [n, T, D]."""
    return pool(x.transpose(1, 2), *args, **options).transpose(1, 2)


def maxpool1d(x, kernel, stride=None, pad=0):
    """F.max_pool1d, where the largest value of each window stands out."""
    return sequence(lambda x: maxpool(x.unsqueeze(2), (1, kernel), (1, stride or kernel), (0, pad)).squeeze(2), x)


class AvgPoolInput(Small):
    """On an input, to which no gradient flows, of sizes that the kernel does not divide; the last batch is one row."""

    spec = """
        input x[2, 6, 7]
        avgpool 2
        flatten
        linear 2
        loss mse
        sgd 0.05
    """
    rows = 17
    inputs = {"x": ([2, 6, 7], None)}

    def __init__(self):
        super().__init__()
        self.linear1 = Linear(18, 2)

    def forward(self, x):
        return {"out": self.linear1(F.avg_pool2d(x, 2).flatten(1))}


class AvgPoolOverlap(Small):
    """Windows that overlap, with a border that counts."""

    spec = """
        input x[3, 7, 5]
        linear 5->6
        avgpool 3 stride=2 pad=1
        tanh
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([3, 7, 5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 6), Linear(36, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(F.avg_pool2d(self.linear1(x), 3, 2, 1)).flatten(1))}


class AvgPoolPairs(Small):
    """Pairs for everything: a window that holds more border than values, a stride that leaves values out. A row at a time."""

    spec = """
        input x[2, 5, 6]
        linear 6->7
        avgpool [2, 4] stride=[2, 1] pad=[1, 2]
        tanh
        linear 8->6
        avgpool [1, 2] stride=[1, 3]
        flatten
        linear 2
        loss mse
        sgd 0.05 momentum=0.9
    """
    rows, batch = 7, 1
    inputs = {"x": ([2, 5, 6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 7), Linear(8, 6), Linear(12, 2)

    def forward(self, x):
        h = self.linear2(tanh(F.avg_pool2d(self.linear1(x), (2, 4), (2, 1), (1, 2))))
        return {"out": self.linear3(F.avg_pool2d(h, (1, 2), (1, 3)).flatten(1))}


class AvgPoolGlobal(Small):
    """The mean of every channel, of more values than a block of a sum, and one that is used besides."""

    spec = """
        input x[4, 17, 18]
        linear 18->19
        all: tanh
        avgpool global
        flatten
        few: linear 3
        from all
        avgpool 9
        flatten
        concat few
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([4, 17, 18], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.few, self.linear3 = Linear(18, 19), Linear(4, 3), Linear(11, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))
        few = self.few(F.avg_pool2d(h, (17, 19)).flatten(1))
        return {"out": self.linear3(torch.cat([F.avg_pool2d(h, 9).flatten(1), few], 1))}


class MaxPoolSequence(Small):
    """Along T: windows that overlap, with a border, then all of it."""

    spec = """
        input x[9, 4]
        linear 4->11
        maxpool1d 3 stride=2 pad=1
        tanh
        linear 11->5
        maxpool1d global
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([9, 4], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(4, 11), Linear(11, 5), Linear(5, 2)

    def forward(self, x):
        h = self.linear2(tanh(maxpool1d(self.linear1(x), 3, 2, 1)))
        return {"out": self.linear3(maxpool1d(h, 5).flatten(1))}


class MaxPoolSequenceInput(Small):
    """Along T of an input of one value, a row at a time: values are left over."""

    spec = """
        input x[11, 1]
        maxpool1d 4 stride=5
        flatten
        linear 2
        loss mse
        sgd 0.05
    """
    rows, batch = 7, 1
    inputs = {"x": ([11, 1], None)}

    def __init__(self):
        super().__init__()
        self.linear1 = Linear(2, 2)

    def forward(self, x):
        return {"out": self.linear1(maxpool1d(x, 4, 5).flatten(1))}


class AvgPoolSequence(Small):
    """Along T: the same with means."""

    spec = """
        input x[9, 4]
        linear 4->19
        avgpool1d 4 stride=3 pad=2
        tanh
        linear 19->5
        avgpool1d 2
        tanh
        avgpool1d global
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([9, 4], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(4, 19), Linear(19, 5), Linear(5, 2)

    def forward(self, x):
        h = self.linear2(tanh(sequence(F.avg_pool1d, self.linear1(x), 4, 3, 2)))
        h = tanh(sequence(F.avg_pool1d, h, 2))
        return {"out": self.linear3(h.mean(1))}


NETS = {
    "pools": [AvgPoolInput, AvgPoolOverlap, AvgPoolPairs, AvgPoolGlobal, MaxPoolSequence, MaxPoolSequenceInput, AvgPoolSequence],
}
