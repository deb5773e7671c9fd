"""Nets with tables so large that a step touches only the rows in use, where the optimiser lets the others be."""

from torch import cat, tanh
from torch.nn import Embedding, Linear

from make import Small


class ScatteredSGD(Small):
    """A table that is large next to its integers, and one that is not."""

    spec = """
        input words[6] of 130
        input kinds[2] of 12
        from words
        embedding 40
        tanh
        seen: flatten
        from kinds
        embedding 8
        flatten
        concat seen
        linear 2
        loss mse
        sgd 0.05
    """
    rows, batch, steps = 15, 2, 20
    inputs = {"words": ([6], 130), "kinds": ([2], 12)}

    def __init__(self):
        super().__init__()
        self.embedding1, self.embedding2, self.linear1 = Embedding(130, 40), Embedding(12, 8), Linear(256, 2)

    def forward(self, words, kinds):
        return {"out": self.linear1(cat([self.embedding2(kinds).flatten(1), tanh(self.embedding1(words)).flatten(1)], 1))}


class ScatteredAdagrad(Small):
    """A row at a time, wide enough that the workers share its columns."""

    spec = """
        input words[5] of 40
        embedding 70
        mean
        linear 2
        loss mse
        adagrad 0.05 initial=0.2 lr_decay=0.01
    """
    rows, batch, steps = 11, 1, 23
    inputs = {"words": ([5], 40)}

    def __init__(self):
        super().__init__()
        self.embedding1, self.linear1 = Embedding(40, 70), Linear(70, 2)

    def forward(self, words):
        return {"out": self.linear1(self.embedding1(words).mean(1))}


class ScatteredAveraged(ScatteredAdagrad):
    """Averages move in every row."""

    spec = ScatteredAdagrad.spec.replace("adagrad 0.05 initial=0.2 lr_decay=0.01", "sgd 0.2\naverage decay=0.9")


NETS = {"scattered": [ScatteredSGD, ScatteredAdagrad, ScatteredAveraged]}
