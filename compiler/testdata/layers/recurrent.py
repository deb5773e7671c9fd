"""Nets with rnn, gru and lstm: each structure with each of them."""

import torch
from torch import tanh
from torch.nn import Embedding, Linear, ModuleDict, ModuleList
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from make import Small, Unsuitable

WORDS = {"RNN": "rnn", "GRU": "gru", "LSTM": "lstm"}


def final(layer, h):
    """The topmost layer's final states, of what a layer of torch returns beside its states: [rows, hidden · directions]."""
    h = h[0] if isinstance(h, tuple) else h
    return h[-2 if layer.bidirectional else -1:].movedim(0, 1).flatten(1)


def taking_part(layer, x, mask):
    """A layer on the positions that take part, row by row, and its final states; 0 elsewhere."""
    states, finals = [], []
    wide = layer.hidden_size * (2 if layer.bidirectional else 1)
    for row, part in zip(x, mask != 0):
        y, last = x.new_zeros(len(row), wide), x.new_zeros(wide)
        if part.any():
            of, h = layer(row[part][None])
            y, last = y.index_put((part.nonzero()[:, 0],), of[0]), final(layer, h)[0]
        states.append(y)
        finals.append(last)
    return torch.stack(states), torch.stack(finals)


def packed(layer, x, length):
    """A layer on the first positions of each row, as PyTorch has it, which knows no rows without any."""
    some = length[:, 0] > 0
    if not some.any():
        raise Unsuitable
    y, h = layer(pack_padded_sequence(x[some], length[some, 0], batch_first=True, enforce_sorted=False))
    y = pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0]
    last = final(layer, h)
    return (x.new_zeros(len(x), *y.shape[1:]).index_put((some.nonzero()[:, 0],), y),
            x.new_zeros(len(x), last.shape[1]).index_put((some.nonzero()[:, 0],), last))


class Recurrent(Small):
    rows = 17
    inputs = {"x": ([7, 3], None)}

    def layer(self, *sizes, **options):
        return getattr(torch.nn, self.kind)(*sizes, batch_first=True, **options)


class Plain(Recurrent):
    """A layer of numbers, whose states all count; the last batch is one row."""

    spec = """
        input x[7, 3]
        {word} 5
        flatten
        linear 2
        loss mse
        adam 0.01
    """

    def __init__(self):
        super().__init__()
        self.first, self.linear1 = self.layer(3, 5), Linear(35, 2)

    def forward(self, x):
        return {"out": self.linear1(self.first(x)[0].flatten(1))}


class Single(Recurrent):
    """One row at a time, one position of which counts; no biases."""

    spec = """
        input x[4, 3]
        {word} 3->6 last bias=false
        linear 2
        loss mse
        sgd 0.05 momentum=0.9
    """
    rows, batch = 7, 1
    inputs = {"x": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.first, self.linear1 = self.layer(3, 6, bias=False), Linear(6, 2)

    def forward(self, x):
        return {"out": self.linear1(self.first(x)[0][:, -1])}


class Tokens(Recurrent):
    """Integers, states of more than a panel, and the word `last`."""

    spec = """
        input tokens[9] of 20
        embedding 6
        {word} 19
        last
        linear 3
        loss cross_entropy
        rmsprop 0.003
    """
    rows = 21
    inputs, targets = {"tokens": ([9], 20)}, {"target": ([], 3)}

    def __init__(self):
        super().__init__()
        self.embedding1, self.first, self.linear1 = Embedding(20, 6), self.layer(6, 19), Linear(19, 3)

    def forward(self, tokens):
        return {"out": self.linear1(self.first(self.embedding1(tokens))[0][:, -1])}

    def judge(self, x, y, target):
        return F.cross_entropy(y["out"], target["target"])


class Stacked(Recurrent):
    """Three layers in both directions, whose final states count."""

    spec = """
        input x[5, 3]
        {word} 4 layers=3 bidirectional last dropout=0
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([5, 3], None)}

    def __init__(self):
        super().__init__()
        self.first, self.linear1 = self.layer(3, 4, num_layers=3, bidirectional=True), Linear(8, 2)

    def forward(self, x):
        return {"out": self.linear1(final(self.first, self.first(x)[1]))}


class Both(Recurrent):
    """Two directions, all states of which count, and a layer of sequences behind it."""

    spec = """
        input x[6, 2]
        {word} 5 bidirectional
        linear 10->3
        tanh
        {word} 4
        linear 4->2
        loss mse
        adam 0.01
    """
    inputs, targets = {"x": ([6, 2], None)}, {"target": ([6, 2], None)}

    def __init__(self):
        super().__init__()
        self.first, self.linear1 = self.layer(2, 5, bidirectional=True), Linear(10, 3)
        self.second, self.linear2 = self.layer(3, 4), Linear(4, 2)

    def forward(self, x):
        return {"out": self.linear2(self.second(tanh(self.linear1(self.first(x)[0])))[0])}


class Length(Recurrent):
    """Padded sequences, some of them empty: stacked, in both directions, all states and the final ones."""

    spec = """
        input x[5, 3]
        input n[1] of 6
        from x
        inner: {word} 4 bidirectional layers=2 length=n
        {word} 3 last length=n
        one: linear 2
        from inner
        flatten
        linear 2
        add one
        loss mse
        adam 0.01
    """
    rows = 36
    inputs = {"x": ([5, 3], None), "n": ([1], 6)}

    def __init__(self):
        super().__init__()
        self.inner, self.second = self.layer(3, 4, num_layers=2, bidirectional=True), self.layer(8, 3)
        self.one, self.linear2 = Linear(3, 2), Linear(40, 2)

    def forward(self, x, n):
        inner, _ = packed(self.inner, x, n)
        return {"out": self.linear2(inner.flatten(1)) + self.one(packed(self.second, inner, n)[1])}


class Mask(Recurrent):
    """Positions that take no part anywhere, in both directions; a layer that is frozen in part."""

    spec = """
        input x[6, 3]
        input mask[6] of 2
        from x
        {word} 4 bidirectional layers=2 mask=mask
        tanh
        {word} 5 bidirectional last mask=mask
        linear 2
        freeze "{word}1.weight_hh_l0" "{word}1.bias_ih_l1*" "{word}2.weight_ih*"
        loss mse
        adamw 0.01
    """
    rows = 36
    inputs = {"x": ([6, 3], None), "mask": ([6], 2)}

    def __init__(self):
        super().__init__()
        self.first, self.second = self.layer(3, 4, num_layers=2, bidirectional=True), self.layer(8, 5, bidirectional=True)
        self.linear1 = Linear(10, 2)
        for p in (self.first.weight_hh_l0, self.first.bias_ih_l1, self.first.bias_ih_l1_reverse, self.second.weight_ih_l0, self.second.weight_ih_l0_reverse):
            p.requires_grad_(False)

    def forward(self, x, mask):
        inner, _ = taking_part(self.first, x, mask)
        return {"out": self.linear1(taking_part(self.second, tanh(inner), mask)[1])}


class Wide(Recurrent):
    """States of more than a block of a product's terms, whose last ones are a sequence."""

    spec = """
        input x[19, 2]
        {word} 65
        last
        reshape [5, 13]
        {word} 3
        flatten
        linear 2
        loss mse
        adam 0.003
    """
    rows, batch, steps = 30, 13, 20
    inputs = {"x": ([19, 2], None)}

    def __init__(self):
        super().__init__()
        self.first, self.second, self.linear1 = self.layer(2, 65), self.layer(13, 3), Linear(15, 2)

    def forward(self, x):
        return {"out": self.linear1(self.second(self.first(x)[0][:, -1].unflatten(1, (5, 13)))[0].flatten(1))}


class Residual(Recurrent):
    """In a residual in a repetition."""

    spec = """
        input x[4, 3]
        repeat 2 {{
            residual {{ {word} 5; linear 5->3 }}
        }}
        linear 3->2
        clip 0.5
        loss mse
        adam 0.01
    """
    inputs, targets = {"x": ([4, 3], None)}, {"target": ([4, 2], None)}

    def __init__(self):
        super().__init__()
        self.repeat1 = ModuleList(ModuleDict({"first": self.layer(3, 5), "linear1": Linear(5, 3)}) for _ in range(2))
        self.linear1 = Linear(3, 2)

    def forward(self, x):
        for each in self.repeat1:
            x = x + each["linear1"](each[WORDS[self.kind] + "1"](x)[0])
        return {"out": self.linear1(x)}

    def clip(self):
        torch.nn.utils.clip_grad_norm_(self.parameters(), 0.5)


def named(net, kind):
    """The net of a kind of layer, whose names begin with the word."""
    word = WORDS[kind]
    spec = net.spec.replace("{{", "{").replace("}}", "}").replace("{word}", word)

    def renamed(self):
        net.__init__(self)
        for module in list(self.modules()):
            for old, number in (("first", 1), ("second", 2)):
                if old in module._modules:
                    layer = module._modules.pop(old)
                    module._modules[f"{word}{number}"] = layer
    return type(kind + net.__name__, (net,), {"spec": spec, "kind": kind, "__init__": renamed, "__getattr__": found})


def found(self, name):
    """first and second are what the spec's names are of."""
    for old, number in (("first", 1), ("second", 2)):
        if name == old and f"{WORDS[self.kind]}{number}" in self._modules:
            name = f"{WORDS[self.kind]}{number}"
    return torch.nn.Module.__getattr__(self, name)


NETS = {"recurrent": [named(net, kind) for kind in WORDS for net in (Plain, Single, Tokens, Stacked, Both, Length, Mask, Wide, Residual)]}
