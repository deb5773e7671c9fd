"""Nets with what has a number to learn for each channel: groupnorm and prelu."""

from torch import tanh
from torch.nn import Conv2d, GroupNorm, Linear, PReLU

from make import Small
from reference import CORNER, apart


def prelu(layer, x):
    """A PReLU along the last axis of a sequence, elsewhere as torch has it, away from the corner."""
    apart(x, CORNER)
    return layer(x.transpose(1, 2)).transpose(1, 2) if x.dim() == 3 else layer(x)


class GroupNormRow(Small):
    """Groups of a row's values; the last batch is one row."""

    spec = """
        input x[6]
        linear 12
        groupnorm 4 eps=0.01
        tanh
        linear 20
        groupnorm 1
        tanh
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 12), Linear(12, 20), Linear(20, 2)
        self.groupnorm1, self.groupnorm2 = GroupNorm(4, 12, eps=0.01), GroupNorm(1, 20)

    def forward(self, x):
        h = tanh(self.groupnorm1(self.linear1(x)))
        return {"out": self.linear3(tanh(self.groupnorm2(self.linear2(h))))}


class GroupNormImage(Small):
    """Images of odd sizes between convolutions, channels that lie together and apart; one norm without w and b."""

    spec = """
        input x[3, 7, 5]
        conv 10 kernel=3 bias=false
        groupnorm 5
        tanh
        conv 4 kernel=2
        groupnorm 2 affine=false
        tanh
        flatten
        linear 2
        loss mse
        adam 0.002
    """
    inputs = {"x": ([3, 7, 5], None)}

    def __init__(self):
        super().__init__()
        self.conv1, self.groupnorm1 = Conv2d(3, 10, 3, bias=False), GroupNorm(5, 10)
        self.conv2, self.groupnorm2 = Conv2d(10, 4, 2), GroupNorm(2, 4, affine=False)
        self.linear1 = Linear(32, 2)

    def forward(self, x):
        h = tanh(self.groupnorm1(self.conv1(x)))
        return {"out": self.linear1(tanh(self.groupnorm2(self.conv2(h))).flatten(1))}


class GroupNormInput(Small):
    """On an input, a row at a time, and a frozen bias."""

    spec = """
        input x[4, 3, 3]
        groupnorm 2
        freeze "groupnorm1.bias"
        flatten
        linear 2
        loss mse
        sgd 0.01 momentum=0.9
    """
    batch = 1
    inputs = {"x": ([4, 3, 3], None)}

    def __init__(self):
        super().__init__()
        self.groupnorm1, self.linear1 = GroupNorm(2, 4), Linear(36, 2)
        self.groupnorm1.bias.requires_grad_(False)

    def forward(self, x):
        return {"out": self.linear1(self.groupnorm1(x).flatten(1))}


class GroupNormSequence(Small):
    """Channels that are last, groups over all positions."""

    spec = """
        input x[7, 4]
        linear 4->9
        groupnorm 3
        tanh
        linear 9->4
        groupnorm 2 affine=false
        tanh
        flatten
        linear 2
        loss mse
        adam 0.002
    """
    inputs = {"x": ([7, 4], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(4, 9), Linear(9, 4), Linear(28, 2)
        self.groupnorm1, self.groupnorm2 = GroupNorm(3, 9), GroupNorm(2, 4, affine=False)

    def forward(self, x):
        h = tanh(self.groupnorm1(self.linear1(x).transpose(1, 2)).transpose(1, 2))
        h = tanh(self.groupnorm2(self.linear2(h).transpose(1, 2)).transpose(1, 2))
        return {"out": self.linear3(h.flatten(1))}


class PReLURow(Small):
    """One number for a layer, and one for each value; the last batch is one row."""

    spec = """
        input x[6]
        linear 5
        prelu
        linear 24
        prelu per=channel
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 5), Linear(5, 24), Linear(24, 2)
        self.prelu1, self.prelu2 = PReLU(), PReLU(24)

    def forward(self, x):
        return {"out": self.linear3(prelu(self.prelu2, self.linear2(prelu(self.prelu1, self.linear1(x)))))}


class PReLUImage(Small):
    """Behind convolutions, per channel and for all."""

    spec = """
        input x[3, 7, 5]
        conv 10 kernel=3
        prelu per=channel
        conv 4 kernel=2
        prelu
        flatten
        linear 2
        loss mse
        adam 0.002
    """
    inputs = {"x": ([3, 7, 5], None)}

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.linear1 = Conv2d(3, 10, 3), Conv2d(10, 4, 2), Linear(32, 2)
        self.prelu1, self.prelu2 = PReLU(10), PReLU()

    def forward(self, x):
        return {"out": self.linear1(prelu(self.prelu2, self.conv2(prelu(self.prelu1, self.conv1(x)))).flatten(1))}


class PReLUSequence(Small):
    """Channels that are last, a frozen one, a row at a time."""

    spec = """
        input x[5, 4]
        linear 4->6
        prelu per=channel
        linear 6->3
        prelu
        freeze "prelu2.weight"
        flatten
        linear 2
        loss mse
        sgd 0.01 momentum=0.9
    """
    batch = 1
    inputs = {"x": ([5, 4], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(4, 6), Linear(6, 3), Linear(15, 2)
        self.prelu1, self.prelu2 = PReLU(6), PReLU()
        self.prelu2.weight.requires_grad_(False)

    def forward(self, x):
        h = prelu(self.prelu2, self.linear2(prelu(self.prelu1, self.linear1(x))))
        return {"out": self.linear3(h.flatten(1))}


NETS = {"scales": [GroupNormRow, GroupNormImage, GroupNormInput, GroupNormSequence, PReLURow, PReLUImage, PReLUSequence]}
