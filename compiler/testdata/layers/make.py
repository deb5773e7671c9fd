"""Trains nets that contain a layer or a loss with PyTorch, and writes <word>.json and <word>.safetensors beside this file.

../training/reference.py says what the files hold. The nets of a word need no other word of this folder, but for those
of together. Where a layer has a corner (the second largest value of a pool close to the largest) rows are drawn anew.
The other files here have nets of their own, in NETS.

Run it with torch, numpy and safetensors installed: python make.py [word …]
"""

import importlib
import pathlib
import sys

import torch
from torch.nn import BatchNorm1d, BatchNorm2d, Embedding, LayerNorm, Linear, ModuleDict, ModuleList, RMSNorm
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from reference import CORNER, Net, Unsuitable, apart, relu, write

tanh = torch.tanh


class Small(Net):
    rows, batch = 21, 8


class Classes(Small):
    """A net judged by the cross-entropy of classes, of one for a row or of one for each position."""

    def judge(self, x, y, target):
        return F.cross_entropy(y["out"].movedim(-1, 1), target["target"])


# layernorm


class LayerNormRow(Small):
    """A small one and a large one along rows; the last batch is one row."""

    spec = """
        input x[6]
        linear 5
        layernorm
        tanh
        linear 24
        layernorm eps=1e-3
        tanh
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 5), Linear(5, 24), Linear(24, 2)
        self.layernorm1, self.layernorm2 = LayerNorm(5), LayerNorm(24, eps=1e-3)

    def forward(self, x):
        h = tanh(self.layernorm1(self.linear1(x)))
        return {"out": self.linear3(tanh(self.layernorm2(self.linear2(h))))}


class LayerNormSingle(LayerNormRow):
    """The same on one row at a time."""

    spec = LayerNormRow.spec.replace("adam 0.01", "sgd 0.003 momentum=0.9")
    rows, batch = 7, 1


class LayerNormSequence(Small):
    """At every position, without a bias, then without either."""

    spec = """
        input x[4, 5]
        linear 5->7
        layernorm bias=false
        tanh
        linear 7->19
        layernorm affine=false eps=1e-4
        tanh
        linear 19->3
        loss mse
        sgd 0.1 momentum=0.9
    """
    inputs, targets = {"x": ([4, 5], None)}, {"target": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(5, 7), Linear(7, 19), Linear(19, 3)
        self.layernorm1, self.layernorm2 = LayerNorm(7, bias=False), LayerNorm(19, eps=1e-4, elementwise_affine=False)

    def forward(self, x):
        h = tanh(self.layernorm1(self.linear1(x)))
        return {"out": self.linear3(tanh(self.layernorm2(self.linear2(h))))}


class LayerNormEnds(Classes):
    """The first layer, to whose input no gradient flows, and the last."""

    spec = """
        input x[9]
        layernorm
        linear 4
        layernorm
        loss cross_entropy
        adamw 0.01
    """
    inputs, targets = {"x": ([9], None)}, {"target": ([], 4)}

    def __init__(self):
        super().__init__()
        self.layernorm1, self.linear1, self.layernorm2 = LayerNorm(9), Linear(9, 4), LayerNorm(4)

    def forward(self, x):
        return {"out": self.layernorm2(self.linear1(self.layernorm1(x)))}


class LayerNormWide(Small):
    """More elements in a row than one block of a sum has terms."""

    spec = """
        input x[2]
        linear 300
        layernorm
        tanh
        linear 2
        loss mse
        sgd 0.005
    """
    inputs = {"x": ([2], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.layernorm1, self.linear2 = Linear(2, 300), LayerNorm(300), Linear(300, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.layernorm1(self.linear1(x))))}


class LayerNormRows(Small):
    """More rows than one block of a sum has."""

    spec = """
        input x[3]
        linear 6
        layernorm
        tanh
        linear 2
        loss mse
        adam 0.01
    """
    rows, batch = 550, 300
    inputs = {"x": ([3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.layernorm1, self.linear2 = Linear(3, 6), LayerNorm(6), Linear(6, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.layernorm1(self.linear1(x))))}


class LayerNormResidual(Small):
    """Norms in front, in a residual in a repetition, as transformers have them; some are frozen."""

    spec = """
        input x[5, 6]
        repeat 2 {
            residual { layernorm; linear 6->12; tanh; linear 12->6 }
        }
        layernorm
        linear 6->2
        freeze "layernorm1.bias" "repeat1.0.layernorm1.*"
        loss mse
        adam 0.01
    """
    inputs, targets = {"x": ([5, 6], None)}, {"target": ([5, 2], None)}

    def __init__(self):
        super().__init__()
        self.repeat1 = ModuleList(ModuleDict({"layernorm1": LayerNorm(6), "linear1": Linear(6, 12), "linear2": Linear(12, 6)})
                                  for _ in range(2))
        self.layernorm1, self.linear1 = LayerNorm(6), Linear(6, 2)
        self.layernorm1.bias.requires_grad_(False)
        self.repeat1[0]["layernorm1"].requires_grad_(False)

    def forward(self, x):
        for each in self.repeat1:
            x = x + each["linear2"](tanh(each["linear1"](each["layernorm1"](x))))
        return {"out": self.linear1(self.layernorm1(x))}


# rmsnorm: in float64 PyTorch's own eps would be another

EPS = 1.1920929e-7


class RMSNormRow(Small):
    """A small one and a large one along rows; the last batch is one row."""

    spec = """
        input x[6]
        linear 5
        rmsnorm
        tanh
        linear 24
        rmsnorm eps=1e-3
        tanh
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 5), Linear(5, 24), Linear(24, 2)
        self.rmsnorm1, self.rmsnorm2 = RMSNorm(5, eps=EPS), RMSNorm(24, eps=1e-3)

    def forward(self, x):
        h = tanh(self.rmsnorm1(self.linear1(x)))
        return {"out": self.linear3(tanh(self.rmsnorm2(self.linear2(h))))}


class RMSNormEnds(Classes):
    """The first layer, to whose input no gradient flows, and the last, without a weight."""

    spec = """
        input x[9]
        rmsnorm
        linear 4
        rmsnorm affine=false
        loss cross_entropy
        adamw 0.01
    """
    inputs, targets = {"x": ([9], None)}, {"target": ([], 4)}

    def __init__(self):
        super().__init__()
        self.rmsnorm1, self.linear1, self.rmsnorm2 = RMSNorm(9, eps=EPS), Linear(9, 4), RMSNorm(4, eps=EPS, elementwise_affine=False)

    def forward(self, x):
        return {"out": self.rmsnorm2(self.linear1(self.rmsnorm1(x)))}


class RMSNormResidual(Small):
    """Norms in front, at every position in a residual in a repetition, as transformers have them; some are frozen."""

    spec = """
        input x[5, 6]
        repeat 2 {
            residual { rmsnorm; linear 6->12; tanh; linear 12->6 }
        }
        rmsnorm
        linear 6->2
        freeze "repeat1.0.rmsnorm1.weight"
        loss mse
        sgd 0.1 momentum=0.9
    """
    inputs, targets = {"x": ([5, 6], None)}, {"target": ([5, 2], None)}

    def __init__(self):
        super().__init__()
        self.repeat1 = ModuleList(ModuleDict({"rmsnorm1": RMSNorm(6, eps=EPS), "linear1": Linear(6, 12), "linear2": Linear(12, 6)})
                                  for _ in range(2))
        self.rmsnorm1, self.linear1 = RMSNorm(6, eps=EPS), Linear(6, 2)
        self.repeat1[0]["rmsnorm1"].requires_grad_(False)

    def forward(self, x):
        for each in self.repeat1:
            x = x + each["linear2"](tanh(each["linear1"](each["rmsnorm1"](x))))
        return {"out": self.linear1(self.rmsnorm1(x))}


class RMSNormRows(Small):
    """More rows than one block of a sum has."""

    spec = """
        input x[3]
        linear 6
        rmsnorm
        tanh
        linear 2
        loss mse
        adam 0.01
    """
    rows, batch = 550, 300
    inputs = {"x": ([3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.rmsnorm1, self.linear2 = Linear(3, 6), RMSNorm(6, eps=EPS), Linear(6, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.rmsnorm1(self.linear1(x))))}


# maxpool


def maxpool(x, kernel, stride=None, pad=0):
    """F.max_pool2d, where the largest value of each window stands out."""
    pair = lambda v: (v, v) if isinstance(v, int) else tuple(v)
    (h, w), (top, left) = pair(kernel), pair(pad)
    windows = F.pad(x, (left, left, top, top), value=-torch.inf)
    for axis, (size, step) in enumerate(zip(pair(kernel), pair(stride or kernel)), 2):
        windows = windows.unfold(axis, size, step)
    if h * w > 1:
        first, second = windows.flatten(-2).topk(2).values.unbind(-1)
        gap = first - second
        if (gap[gap.isfinite()] <= CORNER * x.square().mean().sqrt()).any():
            raise Unsuitable
    return F.max_pool2d(x, kernel, stride, pad)


class MaxPoolInput(Small):
    """On an input, to which no gradient flows, of sizes that the kernel does not divide."""

    spec = """
        input x[2, 6, 7]
        maxpool 2
        flatten
        linear 2
        loss mse
        sgd 0.05
    """
    inputs = {"x": ([2, 6, 7], None)}

    def __init__(self):
        super().__init__()
        self.linear1 = Linear(18, 2)

    def forward(self, x):
        return {"out": self.linear1(maxpool(x, 2).flatten(1))}


class MaxPoolOverlap(Small):
    """Windows that overlap, with a border."""

    spec = """
        input x[2, 7, 5]
        linear 5->6
        maxpool 3 stride=2 pad=1
        tanh
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([2, 7, 5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 6), Linear(24, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(maxpool(self.linear1(x), 3, 2, 1)).flatten(1))}


class MaxPoolPairs(Classes):
    """Pairs for everything, and a stride that leaves values out."""

    spec = """
        input x[3, 6, 5]
        linear 5->7
        maxpool [3, 2]
        tanh
        linear 3->6
        maxpool [1, 2] stride=[1, 3]
        flatten
        linear 3
        loss cross_entropy
        sgd 0.1 momentum=0.9
    """
    inputs, targets = {"x": ([3, 6, 5], None)}, {"target": ([], 3)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(5, 7), Linear(3, 6), Linear(12, 3)

    def forward(self, x):
        h = self.linear2(tanh(maxpool(self.linear1(x), (3, 2))))
        return {"out": self.linear3(maxpool(h, (1, 2), (1, 3)).flatten(1))}


class MaxPoolUneven(Small):
    """Every pair of two different numbers, with a window that holds more border than values."""

    spec = """
        input x[2, 5, 6]
        linear 6->7
        maxpool [2, 4] stride=[2, 1] pad=[1, 2]
        relu
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([2, 5, 6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(6, 7), Linear(48, 2)

    def forward(self, x):
        return {"out": self.linear2(relu(maxpool(self.linear1(x), (2, 4), (2, 1), (1, 2))).flatten(1))}


class MaxPoolGlobal(Small):
    """The largest value of every channel."""

    spec = """
        input x[4, 3, 5]
        linear 5->6
        tanh
        maxpool global
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([4, 3, 5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 6), Linear(4, 2)

    def forward(self, x):
        return {"out": self.linear2(maxpool(tanh(self.linear1(x)), (3, 6)).flatten(1))}


class MaxPoolTwice(Small):
    """A value that is pooled twice and used besides: its gradient is a sum."""

    spec = """
        input x[2, 4, 5]
        linear 5->4
        all: tanh
        maxpool 2 stride=1 pad=1
        maxpool 2 stride=1
        add all
        linear 4->3
        maxpool 3
        flatten
        linear 2
        loss mse
        sgd 0.1 momentum=0.9 nesterov
    """
    inputs = {"x": ([2, 4, 5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(5, 4), Linear(4, 3), Linear(2, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))
        # A value that is the largest of several windows stands at several places of the second pool: these ties are no
        # corner, since all of them lead back to the one value.
        pooled = F.max_pool2d(maxpool(h, 2, 1, 1), 2, 1)
        return {"out": self.linear3(maxpool(self.linear2(pooled + h), 3).flatten(1))}


# embedding


class EmbeddingFlat(Classes):
    """Integers, some of them several times in a row."""

    spec = """
        input tokens[7] of 20
        embedding 8
        tanh
        flatten
        linear 3
        loss cross_entropy
        adam 0.01
    """
    inputs, targets = {"tokens": ([7], 20)}, {"target": ([], 3)}

    def __init__(self):
        super().__init__()
        self.embedding1, self.linear1 = Embedding(20, 8), Linear(56, 3)

    def forward(self, tokens):
        return {"out": self.linear1(tanh(self.embedding1(tokens)).flatten(1))}


class EmbeddingTied(Classes):
    """A linear layer that goes back to the integers by the weight of the embedding."""

    spec = """
        input tokens[4] of 20
        emb: embedding 8
        linear 8
        tanh
        linear 20 tied=emb bias=false
        loss cross_entropy
        sgd 0.1 momentum=0.9
    """
    inputs, targets = {"tokens": ([4], 20)}, {"target": ([4], 20)}

    def __init__(self):
        super().__init__()
        self.emb, self.linear1 = Embedding(20, 8), Linear(8, 8)

    def forward(self, tokens):
        return {"out": tanh(self.linear1(self.emb(tokens))) @ self.emb.weight.T}


class EmbeddingTiedBias(Classes):
    """The same with a bias of its own, of sizes that no panel divides."""

    spec = """
        input tokens[3] of 21
        emb: embedding 18
        linear 18
        tanh
        linear 21 tied=emb
        loss cross_entropy
        adamw 0.01
    """
    inputs, targets = {"tokens": ([3], 21)}, {"target": ([3], 21)}

    def __init__(self):
        super().__init__()
        self.emb, self.linear1 = Embedding(21, 18), Linear(18, 18)
        self.linear2 = torch.nn.Module()
        self.linear2.bias = torch.nn.Parameter(torch.rand(21) - 0.5)

    def forward(self, tokens):
        return {"out": F.linear(tanh(self.linear1(self.emb(tokens))), self.emb.weight, self.linear2.bias)}


class EmbeddingOfLinear(Small):
    """An embedding that is tied to a linear layer above it, of another input."""

    spec = """
        input x[6]
        input tokens[3] of 12
        from x
        out: linear 12
        scores: tanh
        from tokens
        embedding 6 tied=out
        flatten
        concat scores
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([6], None), "tokens": ([3], 12)}

    def __init__(self):
        super().__init__()
        self.out, self.linear2 = Linear(6, 12), Linear(30, 2)

    def forward(self, x, tokens):
        return {"out": self.linear2(torch.cat([F.embedding(tokens, self.out.weight).flatten(1), tanh(self.out(x))], 1))}


class EmbeddingShared(Small):
    """Two inputs of the same integers, one weight; an input of one integer, and one of two axes."""

    spec = """
        input a[3] of 9
        input b[3] of 9
        input one[1] of 4
        input grid[2, 3] of 5
        from a
        words: embedding 4
        from b
        embedding 4 tied=words
        add words
        tanh
        both: flatten
        from one
        embedding 3
        single: flatten
        from grid
        embedding 2
        tanh
        flatten
        concat both single
        linear 2
        loss mse
        sgd 0.1 decay=0.01
    """
    inputs = {"a": ([3], 9), "b": ([3], 9), "one": ([1], 4), "grid": ([2, 3], 5)}

    def __init__(self):
        super().__init__()
        self.words, self.embedding3, self.embedding4, self.linear1 = Embedding(9, 4), Embedding(4, 3), Embedding(5, 2), Linear(27, 2)

    def forward(self, a, b, one, grid):
        both = tanh(self.words(b) + self.words(a)).flatten(1)
        single = self.embedding3(one).flatten(1)
        return {"out": self.linear1(torch.cat([tanh(self.embedding4(grid)).flatten(1), both, single], 1))}


class EmbeddingFrozen(Small):
    """A frozen embedding under layers that learn."""

    spec = """
        input tokens[4] of 11
        embedding 5
        linear 5
        tanh
        flatten
        linear 2
        freeze "embedding1.weight"
        loss mse
        adamw 0.01 decay=0.1
    """
    inputs = {"tokens": ([4], 11)}

    def __init__(self):
        super().__init__()
        self.embedding1, self.linear1, self.linear2 = Embedding(11, 5), Linear(5, 5), Linear(20, 2)
        self.embedding1.requires_grad_(False)

    def forward(self, tokens):
        return {"out": self.linear2(tanh(self.linear1(self.embedding1(tokens))).flatten(1))}


# batchnorm


class AnyBatchNorm1d(BatchNorm1d):
    """Also takes one value per channel, where PyTorch raises: its variance is 0, and the running one stays as it is."""

    def forward(self, x):
        if not self.training or x.numel() > x.shape[1]:
            return super().forward(x)
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean += self.momentum * (x[0] - self.running_mean)
        return (x - x.mean(0)) * self.eps ** -0.5 * self.weight + self.bias


def along(norm, x):
    """A norm of channels that are the last axis of [rows, T, C]."""
    return norm(x.transpose(1, 2)).transpose(1, 2)


class BatchNormRow(Small):
    """A small one and a large one, a channel for every element."""

    spec = """
        input x[6]
        linear 5 bias=false
        batchnorm
        tanh
        linear 24 bias=false
        batchnorm eps=1e-3 momentum=0.2
        tanh
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 5, bias=False), Linear(5, 24, bias=False), Linear(24, 2)
        self.batchnorm1, self.batchnorm2 = BatchNorm1d(5), BatchNorm1d(24, eps=1e-3, momentum=0.2)

    def forward(self, x):
        h = tanh(self.batchnorm1(self.linear1(x)))
        return {"out": self.linear3(tanh(self.batchnorm2(self.linear2(h))))}


class BatchNormImage(Small):
    """Channels of two axes, on the input and behind a layer."""

    spec = """
        input x[3, 4, 5]
        batchnorm
        linear 5->6
        batchnorm momentum=0.05
        tanh
        flatten
        linear 2
        loss mse
        sgd 0.02 momentum=0.9
    """
    inputs = {"x": ([3, 4, 5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 6), Linear(72, 2)
        self.batchnorm1, self.batchnorm2 = BatchNorm2d(3), BatchNorm2d(3, momentum=0.05)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.batchnorm2(self.linear1(self.batchnorm1(x)))).flatten(1))}


class BatchNormSequence(Classes):
    """Channels along the last axis, over rows and positions."""

    spec = """
        input x[5, 3]
        linear 3->17 bias=false
        batchnorm
        tanh
        flatten
        linear 4 bias=false
        batchnorm
        loss cross_entropy
        adamw 0.01 decay=0.1
    """
    inputs, targets = {"x": ([5, 3], None)}, {"target": ([], 4)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(3, 17, bias=False), Linear(85, 4, bias=False)
        self.batchnorm1, self.batchnorm2 = BatchNorm1d(17), BatchNorm1d(4)

    def forward(self, x):
        return {"out": self.batchnorm2(self.linear2(tanh(along(self.batchnorm1, self.linear1(x))).flatten(1)))}


class BatchNormPlain(Small):
    """Neither weight nor bias; a model may have state without them."""

    spec = """
        input x[4, 5]
        batchnorm affine=false
        sigmoid
        linear 5->8 bias=false
        batchnorm affine=false eps=1e-4 momentum=1
        tanh
        linear 8->3
        loss mse
        adam 0.01
    """
    inputs, targets = {"x": ([4, 5], None)}, {"target": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 8, bias=False), Linear(8, 3)
        self.batchnorm1, self.batchnorm2 = BatchNorm1d(5, affine=False), BatchNorm1d(8, eps=1e-4, momentum=1.0, affine=False)

    def forward(self, x):
        return {"out": self.linear2(tanh(along(self.batchnorm2, self.linear1(torch.sigmoid(along(self.batchnorm1, x))))))}


class BatchNormSingle(Small):
    """The last batch is one row, whose variance is 0."""

    spec = """
        input x[6]
        linear 7 bias=false
        batchnorm
        tanh
        linear 2
        loss mse
        sgd 0.1 momentum=0.9
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.batchnorm1, self.linear2 = Linear(6, 7, bias=False), AnyBatchNorm1d(7), Linear(7, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.batchnorm1(self.linear1(x))))}


class BatchNormFrozen(Small):
    """Frozen weight and bias: the running statistics move all the same."""

    spec = """
        input x[5]
        linear 6 bias=false
        batchnorm
        tanh
        linear 18 bias=false
        batchnorm
        tanh
        linear 2
        freeze "batchnorm1.*" "batchnorm2.weight"
        loss mse
        adam 0.01
    """
    inputs = {"x": ([5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(5, 6, bias=False), Linear(6, 18, bias=False), Linear(18, 2)
        self.batchnorm1, self.batchnorm2 = BatchNorm1d(6), BatchNorm1d(18)
        self.batchnorm1.requires_grad_(False)
        self.batchnorm2.weight.requires_grad_(False)

    def forward(self, x):
        h = tanh(self.batchnorm1(self.linear1(x)))
        return {"out": self.linear3(tanh(self.batchnorm2(self.linear2(h))))}


class BatchNormRepeat(Small):
    """In a residual in a repetition, with a value far from 0."""

    spec = """
        input x[6]
        linear 7
        repeat 2 {
            residual { linear 7 bias=false; batchnorm; tanh }
        }
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(6, 7), Linear(7, 2)
        self.repeat1 = ModuleList(ModuleDict({"linear1": Linear(7, 7, bias=False), "batchnorm1": BatchNorm1d(7)}) for _ in range(2))
        torch.nn.init.constant_(self.linear1.bias, 1)

    def forward(self, x):
        x = self.linear1(x)
        for each in self.repeat1:
            x = x + tanh(each["batchnorm1"](each["linear1"](x)))
        return {"out": self.linear2(x)}


class BatchNormRows(Small):
    """More rows than one block of a sum has."""

    spec = """
        input x[3]
        linear 6 bias=false
        batchnorm
        tanh
        linear 2
        loss mse
        adam 0.01
    """
    rows, batch = 550, 300
    inputs = {"x": ([3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.batchnorm1, self.linear2 = Linear(3, 6, bias=False), BatchNorm1d(6), Linear(6, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.batchnorm1(self.linear1(x))))}


# huber


class HuberNet(Small):
    """The loss with residuals on either side of delta, in the first step and in the last."""

    scale, delta = 2, 1.0
    inputs = {"x": ([5], None)}

    def __init__(self):
        super().__init__()
        self.beyond = []

    def huber(self, y, target):
        self.beyond.append((y - target).abs().gt(self.delta).double().mean().item())
        return F.huber_loss(y, target, delta=self.delta)

    def judge(self, x, y, target):
        return self.huber(y["out"], target["target"])

    def trained(self):
        if min(self.beyond[0], self.beyond[-1]) < 0.1 or max(self.beyond[0], self.beyond[-1]) > 0.9:
            raise Unsuitable


class HuberDefault(HuberNet):
    """Written out, with delta 1."""

    spec = """
        input x[5]
        linear 4
        tanh
        linear 2
        loss huber
        sgd 0.1 momentum=0.9
    """

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 4), Linear(4, 2)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.linear1(x)))}


class HuberCall(HuberNet):
    """A call of kernels, with delta 0.5."""

    spec = """
        input x[5]
        linear 21
        tanh
        linear 21
        loss huber delta=0.5
        adam 0.01
    """
    delta = 0.5
    targets = {"target": ([21], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 21), Linear(21, 21)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.linear1(x)))}


class HuberSequence(HuberNet):
    """Of a value of two axes, with a weight."""

    spec = """
        input x[4, 5]
        linear 5->6
        tanh
        linear 6->3
        loss huber delta=2 weight=0.3
        adam 0.01
    """
    delta, scale = 2.0, 4
    inputs, targets = {"x": ([4, 5], None)}, {"target": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 6), Linear(6, 3)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.linear1(x)))}

    def judge(self, x, y, target):
        return 0.3 * self.huber(y["out"], target["target"])


class HuberTwo(HuberNet):
    """Beside another loss, each of an output of its own."""

    spec = """
        input x[5]
        linear 8
        trunk: tanh
        price: linear 2
        from trunk
        size: linear 1
        loss huber price delta=0.5 weight=0.7
        loss mse size
        sgd 0.05
    """
    delta = 0.5
    targets = {"price": ([2], None), "size": ([1], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.price, self.size = Linear(5, 8), Linear(8, 2), Linear(8, 1)

    def forward(self, x):
        trunk = tanh(self.linear1(x))
        return {"price": self.price(trunk), "size": self.size(trunk)}

    def judge(self, x, y, target):
        return 0.7 * self.huber(y["price"], target["price"]) + F.mse_loss(y["size"], target["size"])


# activations: each in a small layer and a large one, whose weights are large enough to reach all of its pieces


def pieces(f, *corners):
    """An activation whose pieces meet there."""

    def apply(x):
        for corner in corners:
            apart(x - corner, CORNER)
        return f(x)
    return apply


class Activation(Small):
    inputs = {"x": ([5], None)}
    rows = 17

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(5, 4), Linear(4, 24), Linear(24, 2)
        with torch.no_grad():
            self.linear1.weight.mul_(5)
            self.linear2.weight.mul_(3)

    def forward(self, x):
        f = type(self).function
        return {"out": self.linear3(f(self.linear2(f(self.linear1(x)))))}


ACTIVATIONS = {
    "GELU": ("gelu", F.gelu),
    "GELUTanh": ("gelu tanh", lambda x: F.gelu(x, approximate="tanh")),
    "SiLU": ("silu", F.silu),
    "Mish": ("mish", F.mish),
    "ELU": ("elu", F.elu),
    "ELUAlpha": ("elu alpha=0.4", pieces(lambda x: F.elu(x, 0.4), 0)),
    "SELU": ("selu", pieces(F.selu, 0)),
    "LeakyReLU": ("leaky_relu", pieces(F.leaky_relu, 0)),
    "LeakyReLUSlope": ("leaky_relu slope=0.3", pieces(lambda x: F.leaky_relu(x, 0.3), 0)),
    "Softplus": ("softplus", lambda x: F.softplus(x, threshold=1000)),
    "SoftplusBeta": ("softplus beta=2.5", lambda x: F.softplus(x, 2.5, threshold=1000)),
    "Softsign": ("softsign", F.softsign),
    "Hardtanh": ("hardtanh", pieces(F.hardtanh, -1, 1)),
    "HardtanhEnds": ("hardtanh min=-0.5 max=2", pieces(lambda x: F.hardtanh(x, -0.5, 2), -0.5, 2)),
    "Hardsigmoid": ("hardsigmoid", pieces(F.hardsigmoid, -3, 3)),
    "Hardswish": ("hardswish", pieces(F.hardswish, -3, 3)),
    "ReLU6": ("relu6", pieces(F.relu6, 0, 6)),
}


def activation(name, statement, function):
    spec = f"""
        input x[5]
        linear 4
        {statement}
        linear 24
        {statement}
        linear 2
        loss mse
        adam 0.01
    """
    return type(name, (Activation,), {"spec": spec, "function": staticmethod(function)})


# together


class Together(HuberNet):
    """All of them in one net."""

    spec = """
        input image[2, 5, 6]
        input tokens[4] of 9
        from image
        batchnorm
        linear 6->6
        maxpool 2 stride=1
        tanh
        flatten
        linear 8
        seen: layernorm
        from tokens
        emb: embedding 6
        layernorm bias=false
        linear 6->6 bias=false
        batchnorm
        tanh
        read: linear 9 tied=emb
        flatten
        concat seen
        linear 3
        loss huber
        adamw 0.01
    """
    inputs, targets = {"image": ([2, 5, 6], None), "tokens": ([4], 9)}, {"target": ([3], None)}

    def __init__(self):
        super().__init__()
        self.batchnorm1, self.linear1, self.linear2, self.seen = BatchNorm2d(2), Linear(6, 6), Linear(40, 8), LayerNorm(8)
        self.emb, self.layernorm2, self.linear3, self.batchnorm2 = Embedding(9, 6), LayerNorm(6, bias=False), Linear(6, 6, bias=False), BatchNorm1d(6)
        self.read, self.linear5 = torch.nn.Module(), Linear(44, 3)
        self.read.bias = torch.nn.Parameter(torch.rand(9) - 0.5)

    def forward(self, image, tokens):
        seen = tanh(maxpool(self.linear1(self.batchnorm1(image)), 2, 1)).flatten(1)
        seen = self.seen(self.linear2(seen))
        h = tanh(along(self.batchnorm2, self.linear3(self.layernorm2(self.emb(tokens)))))
        read = F.linear(h, self.emb.weight, self.read.bias).flatten(1)
        return {"out": self.linear5(torch.cat([read, seen], 1))}


NETS = {
    "layernorm": [LayerNormRow, LayerNormSingle, LayerNormSequence, LayerNormEnds, LayerNormWide, LayerNormRows, LayerNormResidual],
    "rmsnorm": [RMSNormRow, RMSNormEnds, RMSNormResidual, RMSNormRows],
    "maxpool": [MaxPoolInput, MaxPoolOverlap, MaxPoolPairs, MaxPoolUneven, MaxPoolGlobal, MaxPoolTwice],
    "embedding": [EmbeddingFlat, EmbeddingTied, EmbeddingTiedBias, EmbeddingOfLinear, EmbeddingShared, EmbeddingFrozen],
    "batchnorm": [BatchNormRow, BatchNormImage, BatchNormSequence, BatchNormPlain, BatchNormSingle, BatchNormFrozen,
                  BatchNormRepeat, BatchNormRows],
    "huber": [HuberDefault, HuberCall, HuberSequence, HuberTwo],
    "activations": [activation(name, *each) for name, each in ACTIVATIONS.items()],
    "together": [Together],
}

if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem != "make":
            NETS |= importlib.import_module(path.stem).NETS
    for word in sys.argv[1:] or NETS:
        write(FOLDER, word, NETS[word])
