"""The nets of what works on sequences, for make.py."""

import torch
from torch.nn import Embedding, Linear, ModuleDict, ModuleList
from torch.nn import functional as F

from make import CORNER, Classes, Small, apart, tanh


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


def one_end(scores, target):
    """The cross-entropy, 0 where all rows are ignored."""
    return F.cross_entropy(scores, target, reduction="sum") / (target >= 0).sum().clamp(min=1)


class Spans(Small):
    """A net judged by the start and the end of a span, with adam at eps=1e-4: the last bias has no gradient."""

    targets = {"target": ([2], 12)}

    def judge(self, x, y, target):
        return sum(one_end(y["out"][..., i], target["target"][:, i]) for i in range(2)) / 2


class SpanPlain(Spans):
    """Every position takes part; some starts and some ends are ignored, not always both."""

    spec = """
        input x[12, 4]
        linear 4->7
        tanh
        position
        tanh
        linear 7->2
        loss span
        adam 0.01 eps=1e-4
    """
    inputs, unmoved = {"x": ([12, 4], None)}, ["linear2.bias"]

    def __init__(self):
        super().__init__()
        self.linear1, self.position1, self.linear2 = Linear(4, 7), Embedding(12, 7), Linear(7, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(tanh(self.linear1(x)) + self.position1.weight))}


class SpanMasked(Spans):
    """Padded tokens; of one row nothing takes part."""

    spec = """
        input tokens[12] of 30
        input mask[12] of 2
        from tokens
        embedding 8
        position 8
        tanh
        conv1d 8->6 kernel=3 pad=1
        tanh
        linear 6->2
        loss span mask=mask max=4
        sgd 0.2 momentum=0.9
    """
    inputs, unmoved = {"tokens": ([12], 30), "mask": ([12], 2)}, ["linear1.bias"]

    @classmethod
    def settle(cls, x, target):
        mask, spans = x["mask"], target["target"]
        for row in range(len(mask)):
            length = 0 if row == 5 else 12 - row % 9
            mask[row] = [i < length for i in range(12)]
            spans[row] = [t % length if length and t >= 0 else -100 for t in spans[row]]

    def __init__(self):
        super().__init__()
        self.embedding1, self.position1, self.linear1 = Embedding(30, 8), Embedding(12, 8), Linear(6, 2)
        self.conv1d1 = torch.nn.Conv1d(8, 6, 3, padding=1)

    def forward(self, tokens, mask):
        h = tanh(self.embedding1(tokens) + self.position1.weight)
        h = tanh(self.conv1d1(h.mT).mT)
        return {"out": self.linear1(h).masked_fill(mask[..., None] == 0, torch.finfo(torch.float32).min)}


class SpanLong(Spans):
    """More positions than a block of a sum has, one row at a time, beside another output; the mask is of real numbers."""

    spec = """
        input x[300, 3]
        input mask[300]
        from x
        linear 3->5
        all: tanh
        span1: linear 5->2
        from all
        mean mask=mask
        amount: linear 2
        loss span span1 mask=mask weight=0.5
        loss mse amount
        sgd 0.1 momentum=0.9
    """
    rows, batch, unmoved = 7, 1, ["span1.bias"]
    inputs, targets = {"x": ([300, 3], None), "mask": ([300], None)}, {"span1": ([2], 300), "amount": ([2], None)}

    @classmethod
    def settle(cls, x, target):
        mask, spans = x["mask"], target["span1"]
        mask[abs(mask) < 0.5] = 0
        for row, pair in enumerate(spans):
            spans[row] = [t if t < 0 or mask[row, t] else mask[row].nonzero()[0][t % 9] for t in pair]

    def __init__(self):
        super().__init__()
        self.linear1, self.span1, self.amount = Linear(3, 5), Linear(5, 2), Linear(5, 2)

    def forward(self, x, mask):
        h = tanh(self.linear1(x))
        some = (mask != 0)[..., None]
        return {"span1": self.span1(h).masked_fill(~some, torch.finfo(torch.float32).min), "amount": self.amount((h * some).sum(1) / some.sum(1))}

    def judge(self, x, y, target):
        spans = super().judge(x, {"out": y["span1"]}, {"target": target["span1"]})
        return spans / 2 + F.mse_loss(y["amount"], target["amount"])


class WordsPooled(Classes):
    """Convolutions and pools along words, of a length that no kernel divides."""

    spec = """
        input words[11] of 30
        embedding 6
        conv1d 6->7 kernel=3 pad=1
        tanh
        maxpool1d 2
        conv1d 7->5 kernel=2 stride=2
        tanh
        avgpool1d 2 stride=1
        flatten
        linear 3
        loss cross_entropy
        adam 0.01
    """
    inputs, targets = {"words": ([11], 30)}, {"target": ([], 3)}

    def __init__(self):
        super().__init__()
        self.embedding1, self.linear1 = Embedding(30, 6), Linear(5, 3)
        self.conv1d1, self.conv1d2 = torch.nn.Conv1d(6, 7, 3, padding=1), torch.nn.Conv1d(7, 5, 2, 2)

    def forward(self, words):
        h = tanh(self.conv1d1(self.embedding1(words).mT))
        first, second = h.unfold(2, 2, 2).topk(2).values.unbind(-1)
        apart(first - second, CORNER)
        h = tanh(self.conv1d2(F.max_pool1d(h, 2)))
        return {"out": self.linear1(F.avg_pool1d(h, 2, 1).mT.flatten(1))}


class WordsCounted(Classes):
    """Means and last words of padded texts, by how long they are and by a mask of integers; of a text without words both are 0."""

    spec = """
        input words[7] of 20
        input count[1] of 8
        input kept[7] of 2
        from words
        text: embedding 6
        position sinusoidal
        tanh
        last length=count
        end: linear 5
        from text
        mean mask=kept
        linear 5
        add end
        tanh
        linear 4
        loss cross_entropy
        sgd 0.2 momentum=0.9
    """
    rows = 40
    inputs, targets = {"words": ([7], 20), "count": ([1], 8), "kept": ([7], 2)}, {"target": ([], 4)}

    def __init__(self):
        super().__init__()
        self.text, self.end, self.linear2, self.linear3 = Embedding(20, 6), Linear(6, 5), Linear(6, 5), Linear(5, 4)

    @classmethod
    def settle(cls, x, target):
        x["kept"][::9] = 0

    def forward(self, words, count, kept):
        text, some = self.text(words), kept[..., None].double()
        end = torch.cat([torch.zeros(len(text), 1, 6), tanh(text + sinusoids(7, 6))], 1).double()[torch.arange(len(text)), count[:, 0]]
        mean = (text * some).sum(1) / some.sum(1).clamp(min=1)
        return {"out": self.linear3(tanh(self.linear2(mean) + self.end(end)))}


class WordsTied(Small):
    """One weight of the words of two inputs, of which one has two axes, and of the scores of each position, where the first word
    takes no part."""

    spec = """
        input words[5] of 21
        input grid[2, 3] of 21
        from words
        emb: embedding 10
        position
        linear 10->10
        tanh
        next: linear 21 tied=emb
        from grid
        embedding 10 tied=emb
        tanh
        flatten
        amount: linear 2
        loss cross_entropy next ignore=0
        loss mse amount
        adam 0.01
    """
    inputs, targets = {"words": ([5], 21), "grid": ([2, 3], 21)}, {"next": ([5], 21), "amount": ([2], None)}

    @classmethod
    def settle(cls, x, target):
        target["next"][target["next"] < 0] = 0

    def __init__(self):
        super().__init__()
        self.emb, self.position1, self.linear1, self.amount = Embedding(21, 10), Embedding(5, 10), Linear(10, 10), Linear(60, 2)
        self.next = torch.nn.Module()
        self.next.bias = torch.nn.Parameter(torch.rand(21) - 0.5)

    def forward(self, words, grid):
        h = tanh(self.linear1(self.emb(words) + self.position1.weight))
        return {"next": F.linear(h, self.emb.weight, self.next.bias), "amount": self.amount(tanh(self.emb(grid)).flatten(1))}

    def judge(self, x, y, target):
        return F.cross_entropy(y["next"].mT, target["next"], ignore_index=0) + F.mse_loss(y["amount"], target["amount"])


NETS = {"sequence": [WordsTied, WordsPooled, WordsCounted, SpanPlain, SpanMasked, SpanLong, PositionLearned, PositionSingle, PositionRows, PositionSinusoidal]}
