"""Trains the nets below with PyTorch and writes structure.json and structure.safetensors beside this file.

../parity holds chains of layers against PyTorch; here are nets with several inputs, outputs and losses, with branches,
blocks, tied and frozen parameters. Each stands twice below, as a spec and, by hand, as a module whose parameters have
the names that the spec's have.

../training/reference.py says what the files hold.

structure.json lists, too, what torch.nn.init draws a layer's parameters from: `uniform`, the bound, `normal`, the
standard deviation, or `fill`, the one value of all elements.

Run it with torch, numpy and safetensors installed: python make.py
"""

import pathlib
import sys
from unittest import mock

import torch
from torch.nn import Linear, ModuleDict, ModuleList, init
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from reference import Net, mae, write


class TwoHeads(Net):
    """Two inputs, a trunk that two heads share, a loss for each."""

    spec = """
        input photo[3, 4]
        input facts[5]
        from photo
        flatten
        concat facts
        linear 9
        tanh
        linear 20
        trunk: tanh
        price: linear 2
        from trunk
        kind: linear 4
        loss mse price weight=1
        loss cross_entropy kind weight=0.5 smoothing=0.1
        adam 0.01
    """
    inputs = {"photo": ([3, 4], None), "facts": ([5], None)}
    targets = {"price": ([2], None), "kind": ([], 4)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(17, 9), Linear(9, 20)
        self.price, self.kind = Linear(20, 2), Linear(20, 4)

    def forward(self, photo, facts):
        joined = torch.cat([photo.flatten(1), facts], 1)
        trunk = torch.tanh(self.linear2(torch.tanh(self.linear1(joined))))
        return {"price": self.price(trunk), "kind": self.kind(trunk)}

    def judge(self, x, y, target):
        kind = F.cross_entropy(y["kind"], target["kind"], label_smoothing=0.1)
        return F.mse_loss(y["price"], target["price"]) + 0.5 * kind

    def optimiser(self):
        return torch.optim.Adam(self.parameters(), lr=0.01)


class Residual(Net):
    """A block in a repetition, the same block by itself, a repetition in a residual."""

    spec = """
        const width = 6
        block Layer(hidden, joined=false) {
            linear hidden
            tanh
            back: linear width bias=joined
            add in
            tanh
        }
        input x[width]
        repeat 3 { Layer 2*width }
        wide: Layer hidden=3*width joined
        residual {
            repeat 2 {
                residual { linear width; tanh }
                linear width
            }
            tanh
        }
        linear 2
        loss mse
        sgd 0.05 momentum=0.9
    """
    inputs = {"x": ([6], None)}
    targets = {"target": ([2], None)}

    def __init__(self):
        super().__init__()
        self.layer1 = ModuleList(self.layer(12, False) for _ in range(3))
        self.wide = self.layer(18, True)
        self.repeat1 = ModuleList(ModuleDict({"linear1": Linear(6, 6), "linear2": Linear(6, 6)}) for _ in range(2))
        self.linear1 = Linear(6, 2)

    @staticmethod
    def layer(hidden, joined):
        return ModuleDict({"linear1": Linear(6, hidden), "back": Linear(hidden, 6, bias=joined)})

    def forward(self, x):
        for layer in [*self.layer1, self.wide]:
            x = torch.tanh(layer["back"](torch.tanh(layer["linear1"](x))) + x)
        inner = x
        for each in self.repeat1:
            inner = each["linear2"](torch.tanh(each["linear1"](inner)) + inner)
        return {"out": self.linear1(torch.tanh(inner) + x)}

    def judge(self, x, y, target):
        return F.mse_loss(y["out"], target["target"])

    def optimiser(self):
        return torch.optim.SGD(self.parameters(), lr=0.05, momentum=0.9)


class Tied(Net):
    """One layer's weight and bias used three times, the weight once more without the bias."""

    spec = """
        input x[7]
        first: linear 7
        one: tanh
        linear 7 tied=first
        two: tanh
        linear 7 tied=first
        add x one two
        tanh
        linear 7 bias=false tied=first
        linear 3
        loss mse
        adam 0.01
    """
    inputs = {"x": ([7], None)}
    targets = {"target": ([3], None)}

    def __init__(self):
        super().__init__()
        self.first, self.linear5 = Linear(7, 7), Linear(7, 3)

    def forward(self, x):
        one = torch.tanh(self.first(x))
        two = torch.tanh(self.first(one))
        total = torch.tanh(self.first(two) + x + one + two)
        return {"out": self.linear5(total @ self.first.weight.T)}

    def judge(self, x, y, target):
        return F.mse_loss(y["out"], target["target"])

    def optimiser(self):
        return torch.optim.Adam(self.parameters(), lr=0.01)


class Gate(Net):
    """Parts that gate one another and come together in another order, along either axis of two."""

    spec = """
        input x[4, 10]
        split a[3] b[4] c[3]
        from c
        sigmoid
        gated: mul a
        from b
        concat gated c a
        linear 13->8
        tanh
        split top[1] rest[3] axis=0
        from rest
        concat top axis=0
        linear 8->8
        split left right
        sigmoid
        mul right
        linear 4->3
        loss mse
        sgd 0.2 momentum=0.9 nesterov
    """
    inputs = {"x": ([4, 10], None)}
    targets = {"target": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(13, 8), Linear(8, 8), Linear(4, 3)

    def forward(self, x):
        a, b, c = x.split([3, 4, 3], 2)
        h = torch.tanh(self.linear1(torch.cat([b, torch.sigmoid(c) * a, c, a], 2)))
        top, rest = h.split([1, 3], 1)
        left, right = self.linear2(torch.cat([rest, top], 1)).chunk(2, 2)
        return {"out": self.linear3(torch.sigmoid(left) * right)}

    def judge(self, x, y, target):
        return F.mse_loss(y["out"], target["target"])

    def optimiser(self):
        return torch.optim.SGD(self.parameters(), lr=0.2, momentum=0.9, nesterov=True)


class Axes(Net):
    """Values of three axes, cut and joined along each of them."""

    spec = """
        input x[2, 4, 6]
        input y[2, 2, 5]
        from x
        linear 6->5
        tanh
        concat y axis=1
        split up down axis=0
        mul up down
        squared: add down
        from down
        concat squared up axis=0
        linear 5->4
        split even[1] odd[3] axis=2
        from odd
        concat even axis=2
        sigmoid
        flatten
        linear 3
        loss bce_logits
        adam 0.01
    """
    inputs = {"x": ([2, 4, 6], None), "y": ([2, 2, 5], None)}
    targets = {"target": ([3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 5), Linear(5, 4), Linear(72, 3)

    def forward(self, x, y):
        up, down = torch.cat([torch.tanh(self.linear1(x)), y], 2).chunk(2, 1)
        h = self.linear2(torch.cat([down, up * up * down + down, up], 1))
        even, odd = h.split([1, 3], 3)
        return {"out": self.linear3(torch.sigmoid(torch.cat([odd, even], 3)).flatten(1))}

    def judge(self, x, y, target):
        return F.binary_cross_entropy_with_logits(y["out"], target["target"])

    def optimiser(self):
        return torch.optim.Adam(self.parameters(), lr=0.01)


class Sequence(Net):
    """Integers, a class for each of them and one for the whole."""

    spec = """
        input text[6] of 5
        onehot
        linear 8
        hidden: tanh
        tags: linear 4
        from hidden
        flatten
        kind: linear 3
        loss cross_entropy tags
        loss cross_entropy kind weight=0.25
        sgd 0.5 momentum=0.9 decay=0.01
    """
    inputs = {"text": ([6], 5)}
    targets = {"tags": ([6], 4), "kind": ([], 3)}

    def __init__(self):
        super().__init__()
        self.linear1, self.tags, self.kind = Linear(5, 8), Linear(8, 4), Linear(48, 3)

    def forward(self, text):
        hidden = torch.tanh(self.linear1(F.one_hot(text, 5).double()))
        return {"tags": self.tags(hidden), "kind": self.kind(hidden.flatten(1))}

    def judge(self, x, y, target):
        tags = F.cross_entropy(y["tags"].permute(0, 2, 1), target["tags"])
        return tags + 0.25 * F.cross_entropy(y["kind"], target["kind"])

    def optimiser(self):
        return torch.optim.SGD(self.parameters(), lr=0.5, momentum=0.9, weight_decay=0.01)


class Frozen(Net):
    """A layer, and the bias of another, that gradients go through and decay leaves alone."""

    spec = """
        input x[6]
        linear 8
        tanh
        stem: linear 18
        tanh
        linear 2
        freeze "stem.*" "linear3.bias"
        loss mse
        adamw 0.01 decay=0.1
    """
    inputs = {"x": ([6], None)}
    targets = {"target": ([2], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.stem, self.linear3 = Linear(6, 8), Linear(8, 18), Linear(18, 2)
        self.stem.requires_grad_(False)
        self.linear3.bias.requires_grad_(False)

    def forward(self, x):
        return {"out": self.linear3(torch.tanh(self.stem(torch.tanh(self.linear1(x)))))}

    def judge(self, x, y, target):
        return F.mse_loss(y["out"], target["target"])

    def optimiser(self):
        return torch.optim.AdamW(self.parameters(), lr=0.01, weight_decay=0.1)


class Autoencoder(Net):
    """The input is the target, and the code is an output that no loss judges."""

    spec = """
        input x[9]
        linear 4
        code: tanh
        rebuilt: linear 9
        output rebuilt code
        loss mse rebuilt target=x
        adam 0.01
    """
    inputs = {"x": ([9], None)}
    targets = {}

    def __init__(self):
        super().__init__()
        self.linear1, self.rebuilt = Linear(9, 4), Linear(4, 9)

    def forward(self, x):
        code = torch.tanh(self.linear1(x))
        return {"rebuilt": self.rebuilt(code), "code": code}

    def judge(self, x, y, target):
        return F.mse_loss(y["rebuilt"], x["x"])

    def optimiser(self):
        return torch.optim.Adam(self.parameters(), lr=0.01)


class TwoLosses(Net):
    """Two losses of one output, which share its target."""

    spec = """
        input x[5]
        linear 8
        tanh
        linear 2
        loss mse
        loss mae weight=0.1
        sgd 0.1
    """
    inputs = {"x": ([5], None)}
    targets = {"target": ([2], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 8), Linear(8, 2)

    def forward(self, x):
        return {"out": self.linear2(torch.tanh(self.linear1(x)))}

    def judge(self, x, y, target):
        return F.mse_loss(y["out"], target["target"]) + 0.1 * mae(y["out"], target["target"])

    def optimiser(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


NETS = [TwoHeads, Residual, Tied, Gate, Axes, Sequence, Frozen, Autoencoder, TwoLosses]


# The start of a layer: the arguments of `init`, and PyTorch's way to the same.
INITS = {
    "Default": ("default", lambda weight, bias: None),
    "Xavier": ("xavier", lambda weight, bias: init.xavier_uniform_(weight)),
    "XavierGain": ("xavier gain=0.6", lambda weight, bias: init.xavier_uniform_(weight, gain=0.6)),
    "XavierNormal": ("xavier_normal", lambda weight, bias: init.xavier_normal_(weight)),
    "XavierTanh": (f"xavier_normal gain={init.calculate_gain('tanh')!r}",
                   lambda weight, bias: init.xavier_normal_(weight, init.calculate_gain("tanh"))),
    "Kaiming": ("kaiming", lambda weight, bias: init.kaiming_uniform_(weight, nonlinearity="relu")),
    "KaimingNormal": ("kaiming_normal", lambda weight, bias: init.kaiming_normal_(weight, nonlinearity="relu")),
    "KaimingLinear": ("kaiming_normal gain=1", lambda weight, bias: init.kaiming_normal_(weight, nonlinearity="linear")),
    "Normal": ("normal std=0.02", lambda weight, bias: init.normal_(weight, std=0.02)),
    "Uniform": ("uniform bound=0.3", lambda weight, bias: init.uniform_(weight, -0.3, 0.3)),
    "Zeros": ("zeros", lambda weight, bias: init.zeros_(weight)),
    "Ones": ("ones", lambda weight, bias: init.ones_(weight)),
    "Bias": ("xavier bias=0.25", lambda weight, bias: (init.xavier_uniform_(weight), init.constant_(bias, 0.25))),
}


def start(name, arguments, draw):
    """The entry of an `init`: PyTorch's draws are recorded, so that its own formulas give the numbers."""
    drawn = {}
    uniform_, normal_ = torch.Tensor.uniform_, torch.Tensor.normal_

    def uniform(tensor, low=0.0, high=1.0, **options):
        assert low == -high
        drawn[tensor.dim()] = {"uniform": high}
        return uniform_(tensor, low, high, **options)

    def normal(tensor, mean=0.0, std=1.0, **options):
        assert mean == 0
        drawn[tensor.dim()] = {"normal": std}
        return normal_(tensor, mean, std, **options)

    with mock.patch.object(torch.Tensor, "uniform_", uniform), mock.patch.object(torch.Tensor, "normal_", normal):
        layer = Linear(64, 48)
        draw(layer.weight, layer.bias)
    for p in layer.parameters():
        if (p == p.flatten()[0]).all():
            drawn[p.dim()] = {"fill": p.flatten()[0].item()}
    return {"name": "Init" + name, "spec": f"init {arguments}\nlinear 64->48\nloss mse\nsgd 0.1\n",
            "weight": drawn[2], "bias": drawn[1]}


write(FOLDER, "structure", NETS, inits=[start(name, *way) for name, way in INITS.items()])
