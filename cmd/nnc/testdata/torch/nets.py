"""Nets of PyTorch and the specs of the same nets: what make.py and check.py share.

Together they have every layer that has tensors. A net's `names` is the map file with which its tensors are found, empty
where its layers have the spec's names.
"""

import torch
from torch import nn


class Sequence(nn.Module):
    """Integers, and positions whose channels are last here and second in PyTorch."""

    rows, inputs = 7, {"x": ([6], 11)}
    names = ""
    spec = """
        input x[6] of 11
        embedding 4
        conv1d 6 kernel=3 pad=1 stride=2
        prelu per=channel
        layernorm
        flatten
        linear 3
        loss mse
        adam 0.01
        batch 4
    """

    def __init__(self):
        super().__init__()
        self.embedding1, self.conv1d1 = nn.Embedding(11, 4), nn.Conv1d(4, 6, 3, 2, 1)
        self.prelu1, self.layernorm1, self.linear1 = nn.PReLU(6), nn.LayerNorm(6), nn.Linear(18, 3)

    def forward(self, x):
        h = self.prelu1(self.conv1d1(self.embedding1(x).transpose(1, 2))).transpose(1, 2)
        return self.linear1(self.layernorm1(h).flatten(1))


class Image(nn.Module):
    """Convolutions with groups, strides and dilation, of images of an odd size; a layer shares the weight of another."""

    rows, inputs = 5, {"x": ([4, 7, 6], None)}
    names = ""
    spec = """
        input x[4, 7, 6]
        conv 6 kernel=3 pad=1 groups=2 bias=false
        batchnorm
        relu
        stem: conv 8 kernel=[3, 2] stride=2 dilation=[1, 2]
        groupnorm 4
        deconv 3 kernel=3 stride=2 output_pad=1
        batchnorm affine=false
        relu
        flatten
        linear 5
        first: linear 5
        linear 5 tied=first
        loss mse
        sgd 0.01
        batch 4
    """

    def __init__(self):
        super().__init__()
        self.conv1, self.batchnorm1 = nn.Conv2d(4, 6, 3, padding=1, groups=2, bias=False), nn.BatchNorm2d(6)
        self.stem, self.groupnorm1 = nn.Conv2d(6, 8, (3, 2), 2, dilation=(1, 2)), nn.GroupNorm(4, 8)
        self.deconv1, self.batchnorm2 = nn.ConvTranspose2d(8, 3, 3, 2, output_padding=1), nn.BatchNorm2d(3, affine=False)
        self.linear1, self.first = nn.Linear(3 * 8 * 6, 5), nn.Linear(5, 5)
        self.linear3 = self.first

    def forward(self, x):
        h = self.groupnorm1(self.stem(torch.relu(self.batchnorm1(self.conv1(x)))))
        h = torch.relu(self.batchnorm2(self.deconv1(h)))
        return self.linear3(self.first(self.linear1(h.flatten(1))))


class Table(nn.Sequential):
    """Layers that PyTorch numbers, so that their names want a map."""

    rows, inputs = 9, {"x": ([6], None)}
    names = "".join(f"{i}.* = {layer}.*\n" for i, layer in {
        0: "linear1", 1: "batchnorm1", 2: "prelu1", 3: "linear2", 4: "layernorm1", 6: "linear3", 7: "rmsnorm1", 8: "linear4"}.items())
    spec = """
        input x[6]
        linear 8
        batchnorm eps=1e-3 momentum=0.2
        prelu
        linear 10 bias=false
        layernorm bias=false
        tanh
        linear 4
        rmsnorm
        linear 2
        loss mse
        adam 0.01
        batch 4
    """

    def __init__(self):
        super().__init__(
            nn.Linear(6, 8), nn.BatchNorm1d(8, 1e-3, 0.2), nn.PReLU(), nn.Linear(8, 10, bias=False), nn.LayerNorm(10, bias=False),
            nn.Tanh(), nn.Linear(10, 4), nn.RMSNorm(4), nn.Linear(4, 2))


class Steps(nn.Module):
    """Recurrent layers, stacked and in both directions."""

    rows, inputs, names = 6, {"x": ([5, 3], None)}, ""
    spec = """
        input x[5, 3]
        rnn 4
        gru 3 layers=2 bidirectional
        lstm 5 bidirectional last
        linear 2
        loss mse
        adam 0.01
        batch 4
    """

    def __init__(self):
        super().__init__()
        self.rnn1, self.gru1 = nn.RNN(3, 4, batch_first=True), nn.GRU(4, 3, 2, batch_first=True, bidirectional=True)
        self.lstm1, self.linear1 = nn.LSTM(6, 5, batch_first=True, bidirectional=True), nn.Linear(10, 2)

    def forward(self, x):
        return self.linear1(self.lstm1(self.gru1(self.rnn1(x)[0])[0])[1][0].movedim(0, 1).flatten(1))


NETS = Sequence, Image, Table, Steps


def draw(net, seed):
    """Rows of the net's inputs, by name: float32 and int64."""
    generator = torch.Generator().manual_seed(seed)
    rows = {}
    for name, (shape, limit) in net.inputs.items():
        shape = [net.rows, *shape]
        rows[name] = torch.randint(limit, shape, generator=generator) if limit else torch.randn(shape, generator=generator)
    return rows


def made(net, seed):
    """A net with random tensors, those of norms and running statistics included, in float32."""
    torch.manual_seed(seed)
    model = net()
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and (".running_" in name or tensor.dim() == 1):
            torch.nn.init.uniform_(tensor, 0.5, 1.5)
        elif not tensor.is_floating_point():
            tensor.fill_(40 + seed)
    return model.eval()


def state(model):
    """What is saved of a net: tensors that layers share by each of their names, as PyTorch has it."""
    return {name: t.contiguous().clone() for name, t in model.state_dict().items()}


def shared(model):
    """The names but the first of tensors that have several."""
    names, first = [], set()
    for name, t in model.state_dict().items():
        if t.dim() and t.data_ptr() in first:
            names.append(name)
        first.add(t.data_ptr())
    return names


def predicted(model, rows):
    """What the net makes of the rows, in float64 from the float32 numbers of both."""
    model = model.double()
    answer = model(**{name: x.double() if x.is_floating_point() else x for name, x in rows.items()}) if not isinstance(
        model, nn.Sequential) else model(rows["x"].double())
    model.float()
    return answer.detach()
