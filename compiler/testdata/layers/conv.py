"""The nets of convolutions, for make.py."""

from torch.nn import BatchNorm2d, Conv1d, Conv2d, ConvTranspose2d, Linear
from torch.nn import functional as F

from make import Small, relu, tanh


class Conv(Small):
    """Of one channel, then of several, odd and uneven, without a border; the last batch is smaller."""

    spec = """
        input image[1, 9, 7]
        conv 3 kernel=3
        tanh
        conv 3->18 kernel=[2, 4]
        relu
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"image": ([1, 9, 7], None)}

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.linear1 = Conv2d(1, 3, 3), Conv2d(3, 18, (2, 4)), Linear(216, 2)

    def forward(self, image):
        return {"out": self.linear1(relu(self.conv2(tanh(self.conv1(image)))).flatten(1))}


class ConvStrided(Small):
    """With strides, borders and gaps, different ones along rows and columns; one row at a time."""

    spec = """
        input image[3, 11, 8]
        conv 5 kernel=[3, 2] stride=2 pad=[2, 1] dilation=[1, 2] bias=false
        tanh
        conv 4 kernel=3 stride=[1, 2] pad=1
        tanh
        flatten
        linear 2
        loss mse
        sgd 0.05 momentum=0.9
    """
    rows, batch = 7, 1
    inputs = {"image": ([3, 11, 8], None)}

    def __init__(self):
        super().__init__()
        self.conv1 = Conv2d(3, 5, (3, 2), stride=2, padding=(2, 1), dilation=(1, 2), bias=False)
        self.conv2, self.linear1 = Conv2d(5, 4, 3, stride=(1, 2), padding=1), Linear(56, 2)

    def forward(self, image):
        return {"out": self.linear1(tanh(self.conv2(tanh(self.conv1(image)))).flatten(1))}


class ConvSame(Small):
    """Borders that keep the size, of an even kernel and of one with gaps, beside a residual; the images are predicted."""

    spec = """
        input image[2, 5, 6]
        conv 4 kernel=[4, 3] pad=same
        residual {
            tanh
            conv 4 kernel=2 pad=same dilation=[2, 1]
        }
        conv 2 kernel=1
        loss mse
        adam 0.01
    """
    inputs, targets = {"image": ([2, 5, 6], None)}, {"target": ([2, 5, 6], None)}

    def __init__(self):
        super().__init__()
        self.conv1 = Conv2d(2, 4, (4, 3), padding="same")
        self.conv2, self.conv3 = Conv2d(4, 4, 2, padding="same", dilation=(2, 1)), Conv2d(4, 2, 1)

    def forward(self, image):
        h = self.conv1(image)
        return {"out": self.conv3(h + self.conv2(tanh(h)))}


class ConvGroups(Small):
    """In groups, and with each channel by itself, normalised, pooled."""

    spec = """
        input image[4, 8, 7]
        conv 6 kernel=3 groups=2 bias=false
        batchnorm
        relu
        conv 12 kernel=3 pad=1 groups=6
        tanh
        maxpool 2
        flatten
        linear 2
        loss mse
        adamw 0.01
    """
    inputs = {"image": ([4, 8, 7], None)}

    def __init__(self):
        super().__init__()
        self.conv1, self.batchnorm1 = Conv2d(4, 6, 3, groups=2, bias=False), BatchNorm2d(6)
        self.conv2, self.linear1 = Conv2d(6, 12, 3, padding=1, groups=6), Linear(72, 2)

    def forward(self, image):
        h = tanh(self.conv2(relu(self.batchnorm1(self.conv1(image)))))
        return {"out": self.linear1(F.max_pool2d(h, 2).flatten(1))}


class ConvWide(Small):
    """So many channels that there are several panels, also within groups, and terms of more than a block."""

    spec = """
        input image[17, 4, 5]
        conv 40 kernel=3 pad=1
        tanh
        conv 40->36 kernel=2 groups=2
        tanh
        flatten
        linear 2
        loss mse
        sgd 0.02
    """
    inputs = {"image": ([17, 4, 5], None)}

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.linear1 = Conv2d(17, 40, 3, padding=1), Conv2d(40, 36, 2, groups=2), Linear(432, 2)

    def forward(self, image):
        return {"out": self.linear1(tanh(self.conv2(tanh(self.conv1(image)))).flatten(1))}


class Sequence1d(Small):
    """Along sequences: with a stride, with gaps, in groups, with borders that keep the length."""

    spec = """
        input x[13, 4]
        conv1d 6 kernel=4 stride=2 pad=1
        tanh
        conv1d 6 kernel=2 dilation=2 groups=3 pad=same bias=false
        tanh
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([13, 4], None)}

    def __init__(self):
        super().__init__()
        self.conv1d1 = Conv1d(4, 6, 4, stride=2, padding=1)
        self.conv1d2 = Conv1d(6, 6, 2, dilation=2, groups=3, padding="same", bias=False)
        self.linear1 = Linear(36, 2)

    def forward(self, x):
        h = tanh(self.conv1d2(tanh(self.conv1d1(x.mT))))
        return {"out": self.linear1(h.mT.flatten(1))}


class Sequence1dSingle(Sequence1d):
    """One row at a time."""

    rows, batch = 7, 1


class Deconv(Small):
    """Back to a larger image: with strides, borders, gaps and what is added behind, in groups."""

    spec = """
        input image[4, 3, 2]
        deconv 6 kernel=3 stride=2 pad=1 output_pad=[1, 0]
        tanh
        deconv 4 kernel=[2, 3] dilation=[3, 1] stride=[1, 2] output_pad=[2, 1] groups=2
        tanh
        conv 1 kernel=3
        loss mse
        adam 0.01
    """
    inputs, targets = {"image": ([4, 3, 2], None)}, {"target": ([1, 9, 6], None)}

    def __init__(self):
        super().__init__()
        self.deconv1 = ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=(1, 0))
        self.deconv2 = ConvTranspose2d(6, 4, (2, 3), stride=(1, 2), dilation=(3, 1), output_padding=(2, 1), groups=2)
        self.conv1 = Conv2d(4, 1, 3)

    def forward(self, image):
        return {"out": self.conv1(tanh(self.deconv2(tanh(self.deconv1(image)))))}


class DeconvSingle(Deconv):
    """One row at a time, without a bias."""

    spec = Deconv.spec.replace("output_pad=[1, 0]", "output_pad=[1, 0] bias=false").replace("adam 0.01", "sgd 0.05")
    rows, batch = 7, 1

    def __init__(self):
        super().__init__()
        self.deconv1 = ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=(1, 0), bias=False)


NETS = {"conv": [Conv, ConvStrided, ConvSame, ConvGroups, ConvWide, Sequence1d, Sequence1dSingle, Deconv, DeconvSingle]}
