"""The nets of the words that change shapes and move elements, for make.py."""

import torch
from torch.nn import Conv2d, Linear
from torch.nn import functional as F

from make import Small, relu, tanh


class Reshape(Small):
    """From rows to a matrix, to three axes and back, with a size that is worked out."""

    spec = """
        input x[6]
        linear 12
        tanh
        reshape [3, -1]
        linear 4->5
        tanh
        reshape [5, 1, 3]
        linear 3->2
        reshape [-1]
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4 = Linear(6, 12), Linear(4, 5), Linear(3, 2), Linear(10, 2)

    def forward(self, x):
        h = tanh(self.linear2(tanh(self.linear1(x)).reshape(-1, 3, 4)))
        return {"out": self.linear4(self.linear3(h.reshape(-1, 5, 1, 3)).flatten(1))}


class ReshapeInput(Small):
    """Of an input, one row at a time, and what is predicted is a matrix."""

    spec = """
        input x[4, 3]
        reshape [2, 6]
        linear 6->9
        tanh
        linear 9->4
        reshape [4, 2]
        loss mse
        sgd 0.05
    """
    rows, batch = 7, 1
    inputs, targets = {"x": ([4, 3], None)}, {"target": ([4, 2], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(6, 9), Linear(9, 4)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.linear1(x.reshape(-1, 2, 6)))).reshape(-1, 4, 2)}


class Transpose(Small):
    """Mixing along time and along columns, as mixers do, of large and of odd sizes."""

    spec = """
        input x[17, 9]
        linear 9->8
        tanh
        residual { transpose; linear 17->21; tanh; linear 21->17; transpose [1, 0] }
        transpose
        linear 17->1
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([17, 9], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(9, 8), Linear(17, 21), Linear(21, 17)
        self.linear4, self.linear5 = Linear(17, 1), Linear(8, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))
        h = h + self.linear3(tanh(self.linear2(h.mT))).mT
        return {"out": self.linear5(self.linear4(h.mT).flatten(1))}


class TransposeOrders(Small):
    """Every order of three axes, with a layer along the last axis behind each."""

    spec = """
        input x[2, 3, 5]
        transpose [1, 2, 0]
        linear 2->4
        tanh
        transpose [2, 0, 1]
        linear 5->6
        tanh
        transpose [1, 0, 2]
        linear 6->5
        tanh
        transpose [2, 1, 0]
        linear 3->7
        tanh
        transpose [0, 2, 1]
        linear 4->1
        tanh
        transpose [2, 0, 1]
        linear 7->3
        transpose [0, 1, 2]
        loss mse
        sgd 0.1 momentum=0.9
    """
    inputs, targets = {"x": ([2, 3, 5], None)}, {"target": ([1, 5, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4 = Linear(2, 4), Linear(5, 6), Linear(6, 5), Linear(3, 7)
        self.linear5, self.linear6 = Linear(4, 1), Linear(7, 3)

    def forward(self, x):
        def order(x, *axes):
            return x.permute(0, *(1 + a for a in axes))

        h = tanh(self.linear1(order(x, 1, 2, 0)))
        h = tanh(self.linear2(order(h, 2, 0, 1)))
        h = tanh(self.linear3(order(h, 1, 0, 2)))
        h = tanh(self.linear4(order(h, 2, 1, 0)))
        h = tanh(self.linear5(order(h, 0, 2, 1)))
        return {"out": self.linear6(order(h, 2, 0, 1))}


class Slice(Small):
    """Along each axis of three, from either end, and of two without saying which; all of one, which is nothing."""

    spec = """
        input x[3, 4, 6]
        linear 6->7
        tanh
        slice 1 -1 axis=2
        slice -2 4 axis=1
        slice 0 2 axis=0
        flatten
        linear 9
        top: tanh
        slice 0 9
        slice 2 5
        linear 4
        part: tanh
        from top
        slice -4 9
        concat part
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([3, 4, 6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4 = Linear(6, 7), Linear(20, 9), Linear(3, 4), Linear(8, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))[:, :2, 2:4, 1:-1]
        top = tanh(self.linear2(h.flatten(1)))
        part = tanh(self.linear3(top[:, 2:5]))
        return {"out": self.linear4(torch.cat([top[:, -4:], part], 1))}


class SliceSequence(Small):
    """The first position and the last, and the last columns."""

    spec = """
        input x[5, 7]
        linear 7->19
        all: tanh
        slice 0 1 axis=0
        flatten
        first: linear 3
        from all
        slice 4 5 axis=0
        slice 2 19
        flatten
        linear 3
        add first
        linear 2
        loss mse
        sgd 0.02
    """
    rows, batch = 7, 1
    inputs = {"x": ([5, 7], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.first, self.linear3, self.linear4 = Linear(7, 19), Linear(19, 3), Linear(17, 3), Linear(3, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))
        return {"out": self.linear4(self.first(h[:, 0]) + self.linear3(h[:, 4, 2:]))}


class Pad(Small):
    """Every mode around images, with other sizes on each side."""

    spec = """
        input x[2, 4, 3]
        linear 3->4
        tanh
        pad [1, 2, 3, 0] value=-0.5
        linear 7->3
        tanh
        pad [2, 1, 1, 2] mode=reflect
        linear 6->2
        tanh
        pad [0, 3, 4, 1] mode=replicate
        linear 7->3
        tanh
        pad [2, 3] mode=circular
        linear 9->2
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([2, 4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4 = Linear(3, 4), Linear(7, 3), Linear(6, 2), Linear(7, 3)
        self.linear5, self.linear6 = Linear(9, 2), Linear(68, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))
        h = tanh(self.linear2(F.pad(h, (3, 0, 1, 2), value=-0.5)))
        h = tanh(self.linear3(F.pad(h, (1, 2, 2, 1), mode="reflect")))
        h = tanh(self.linear4(F.pad(h, (4, 1, 0, 3), mode="replicate")))
        h = self.linear5(F.pad(h, (3, 3, 2, 2), mode="circular"))
        return {"out": self.linear6(h.flatten(1))}


class PadSequence(Small):
    """Every mode before and behind sequences, and around a row; none at all is nothing."""

    spec = """
        input x[4, 3]
        linear 3->5
        tanh
        pad [2, 0]
        linear 5->4
        tanh
        pad 5 mode=reflect
        linear 4->3
        tanh
        pad [1, 9] mode=replicate
        linear 3->5
        tanh
        pad [26, 1] mode=circular
        pad 0
        linear 5->1
        flatten
        pad [3, 2] mode=reflect
        linear 6
        tanh
        pad [6, 1] mode=circular
        linear 4
        tanh
        pad 2 mode=replicate
        pad 1 value=0.25
        linear 2
        loss mse
        sgd 0.02
    """
    rows = 17
    inputs = {"x": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4 = Linear(3, 5), Linear(5, 4), Linear(4, 3), Linear(3, 5)
        self.linear5, self.linear6, self.linear7, self.linear8 = Linear(5, 1), Linear(58, 6), Linear(13, 4), Linear(10, 2)

    def forward(self, x):
        def pad(x, *sizes, **mode):
            return F.pad(x.mT, sizes, **mode).mT

        def row(x, *sizes, **mode):
            return F.pad(x[:, None], sizes, **mode)[:, 0]

        h = tanh(self.linear1(x))
        h = tanh(self.linear2(pad(h, 2, 0)))
        h = tanh(self.linear3(pad(h, 5, 5, mode="reflect")))
        h = tanh(self.linear4(pad(h, 1, 9, mode="replicate")))
        h = self.linear5(pad(h, 26, 1, mode="circular")).flatten(1)
        h = tanh(self.linear6(row(h, 3, 2, mode="reflect")))
        h = tanh(self.linear7(row(h, 6, 1, mode="circular")))
        h = row(row(h, 2, 2, mode="replicate"), 1, 1, value=0.25)
        return {"out": self.linear8(h)}


def average(x, mask):
    """The mean over positions that take part, 0 where there is none."""
    part = mask.ne(0).double()[..., None]
    return (x * part).sum(1) / part.sum(1).clamp(min=1)


def latest(x, mask):
    """The last position that takes part, 0 where there is none."""
    place = torch.arange(1, x.shape[1] + 1) * mask.ne(0)
    at = place.max(1).values
    return x[torch.arange(len(x)), (at - 1).clamp(min=0)] * at.ne(0)[:, None]


class Mean(Small):
    """Along every axis of three and both of two."""

    spec = """
        input x[3, 4, 5]
        linear 5->6
        all: tanh
        mean 1
        linear 6->4
        tanh
        mean
        by: linear 7
        from all
        mean 0
        linear 6->19
        tanh
        mean 1
        linear 7
        tanh
        add by
        here: tanh
        from all
        mean axis=2
        flatten
        linear 7
        add here
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([3, 4, 5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.by = Linear(5, 6), Linear(6, 4), Linear(4, 7)
        self.linear4, self.linear5, self.linear6, self.linear7 = Linear(6, 19), Linear(4, 7), Linear(12, 7), Linear(7, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))
        by = self.by(tanh(self.linear2(h.mean(2))).mean(1))
        here = tanh(self.linear4(h.mean(1))).mean(2)
        here = tanh(tanh(self.linear5(here)) + by)
        return {"out": self.linear7(self.linear6(h.mean(3).flatten(1)) + here)}


class MaskedMean(Small):
    """With masks of integers, of which some rows have no position at all, and of numbers; of two axes behind the first."""

    spec = """
        input x[3, 8]
        input kept[3] of 2
        input weighed[5, 7]
        from weighed
        linear 7->1
        flatten
        numbers: relu
        from weighed
        linear 7->21
        tanh
        mean mask=numbers
        some: linear 6
        from x
        linear 8->6
        tanh
        reshape [3, 2, 3]
        mean mask=kept
        flatten
        add some
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([3, 8], None), "kept": ([3], 2), "weighed": ([5, 7], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.some, self.linear4, self.linear5 = Linear(7, 1), Linear(7, 21), Linear(21, 6), Linear(8, 6), Linear(6, 2)
        self.linear1.requires_grad_(False)

    def forward(self, x, kept, weighed):
        numbers = relu(self.linear1(weighed).flatten(1))
        some = self.some(average(tanh(self.linear2(weighed)), numbers))
        return {"out": self.linear5(average(tanh(self.linear4(x)), kept) + some)}


class Last(Small):
    """Of all positions, by a length from 0 on, and by a mask."""

    spec = """
        input x[6, 3]
        input count[1] of 7
        input kept[6] of 3
        from x
        linear 3->5
        all: tanh
        last
        whole: linear 4
        from all
        last length=count
        counted: linear 4
        from all
        linear 5->20
        tanh
        last mask=kept
        linear 4
        add whole counted
        linear 2
        loss mse
        sgd 0.1
    """
    inputs = {"x": ([6, 3], None), "count": ([1], 7), "kept": ([6], 3)}

    def __init__(self):
        super().__init__()
        self.linear1, self.whole, self.counted = Linear(3, 5), Linear(5, 4), Linear(5, 4)
        self.linear4, self.linear5, self.linear6 = Linear(5, 20), Linear(20, 4), Linear(4, 2)

    def forward(self, x, count, kept):
        h = tanh(self.linear1(x))
        counted = self.counted(latest(h, torch.arange(6) < count))
        masked = self.linear5(latest(tanh(self.linear4(h)), kept))
        return {"out": self.linear6(masked + self.whole(h[:, -1]) + counted)}


class UpsampleImages(Small):
    """Both modes, by factors that are alike and not, of odd sizes, between convolutions and by itself; 1 is nothing."""

    spec = """
        input x[2, 3, 5]
        conv 4 kernel=3 pad=1
        tanh
        upsample [2, 3]
        conv 3 kernel=3
        tanh
        upsample 3 mode=bilinear
        conv 3 kernel=[5, 4] stride=[2, 5]
        tanh
        upsample [1, 2] mode=bilinear
        upsample 1
        conv 2 kernel=3 pad=1
        tanh
        reshape [4, -1, 8]
        upsample [3, 2] mode=bilinear
        linear 16->2
        upsample [2, 1]
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([2, 3, 5], None)}

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.conv3, self.conv4 = Conv2d(2, 4, 3, padding=1), Conv2d(4, 3, 3), Conv2d(3, 3, (5, 4), (2, 5)), Conv2d(3, 2, 3, padding=1)
        self.linear1, self.linear2 = Linear(16, 2), Linear(192, 2)

    def forward(self, x):
        def bilinear(x, factor):
            return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)

        h = tanh(self.conv1(x))
        h = tanh(self.conv2(F.interpolate(h, scale_factor=(2, 3))))
        h = tanh(self.conv3(bilinear(h, 3)))
        h = tanh(self.conv4(bilinear(h, (1, 2))))
        h = self.linear1(bilinear(h.reshape(len(h), 4, -1, 8), (3, 2)))
        return {"out": self.linear2(F.interpolate(h, scale_factor=(2, 1)).flatten(1))}


class UpsampleSequence(Small):
    """Both modes along sequences, one row at a time."""

    spec = """
        input x[3, 4]
        linear 4->5
        tanh
        upsample 2
        linear 5->17
        tanh
        upsample 3 mode=bilinear
        linear 17->2
        tanh
        upsample 4 mode=bilinear
        linear 2->1
        flatten
        linear 2
        loss mse
        sgd 0.02
    """
    rows, batch = 7, 1
    inputs = {"x": ([3, 4], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4, self.linear5 = Linear(4, 5), Linear(5, 17), Linear(17, 2), Linear(2, 1), Linear(72, 2)

    def forward(self, x):
        def linear(x, factor):
            return F.interpolate(x.mT, scale_factor=factor, mode="linear", align_corners=False).mT

        h = tanh(self.linear1(x))
        h = tanh(self.linear2(F.interpolate(h.mT, scale_factor=2).mT))
        h = tanh(self.linear3(linear(h, 3)))
        return {"out": self.linear5(self.linear4(linear(h, 4)).flatten(1))}


class Images(Small):
    """Borders, parts and joined channels of images between convolutions."""

    spec = """
        input x[2, 5, 6]
        conv 3 kernel=3 pad=1
        left: tanh
        conv 4 kernel=3 pad=1
        right: tanh
        pad [1, 0, 2, 3] mode=replicate
        conv 3 kernel=[2, 6]
        tanh
        add left
        concat right axis=0
        split all[5] rest[2] axis=0
        pad [2, 1] mode=reflect
        slice 1 4 axis=0
        slice 2 9 axis=1
        conv 4 kernel=[5, 3]
        down: tanh
        from rest
        pad 1 mode=circular
        slice 0 3 axis=1
        conv 4 kernel=[1, 3]
        tanh
        add down
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([2, 5, 6], None)}

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.conv3 = Conv2d(2, 3, 3, padding=1), Conv2d(3, 4, 3, padding=1), Conv2d(4, 3, (2, 6))
        self.conv4, self.conv5, self.linear1 = Conv2d(3, 4, (5, 3)), Conv2d(2, 4, (1, 3)), Linear(72, 2)

    def forward(self, x):
        left = tanh(self.conv1(x))
        right = tanh(self.conv2(left))
        h = tanh(self.conv3(F.pad(right, (2, 3, 1, 0), mode="replicate"))) + left
        h, rest = torch.cat([h, right], 1).split([5, 2], 1)
        down = tanh(self.conv4(F.pad(h, (1, 1, 2, 2), mode="reflect")[:, 1:4, 2:9]))
        rest = tanh(self.conv5(F.pad(rest, (1, 1, 1, 1), mode="circular")[:, :, 0:3]))
        return {"out": self.linear1((rest + down).flatten(1))}


NETS = {
    "shape": [Reshape, ReshapeInput, Transpose, TransposeOrders, Slice, SliceSequence, Pad, PadSequence, Mean, MaskedMean, Last,
              UpsampleImages, UpsampleSequence, Images],
}
