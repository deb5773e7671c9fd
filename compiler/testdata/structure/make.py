"""Trains the nets below with PyTorch and writes structure.json and structure.safetensors beside this file.

../parity holds chains of layers against PyTorch; here are nets with several inputs, outputs and losses, with branches,
blocks, tied and frozen parameters. Each stands twice below, as a spec and, by hand, as a module whose parameters have
the names that the spec's have.

structure.json lists the nets: the text of the spec, how many rows there are, are in a batch, and how many steps, and
the inputs, targets, outputs and frozen parameters by name. structure.safetensors holds, all rounded to float32
(integers: int32),

    <net>/x/<input>  <net>/target/<target>    the rows, taken in order, the last batch of an epoch being smaller
    <net>/init/<parameter>     the start, PyTorch's own
    <net>/start/<output>       what the start predicts for all rows
    <net>/output/<output>      what the first batch gives, and
    <net>/grad/<parameter>     the gradients of its loss; frozen parameters have none
    <net>/losses               the loss of every step, before its update
    <net>/trained/<parameter>, <net>/predicted/<output>    the end, and what it predicts for all rows

PyTorch computes in float64, from rows and parameters that are float32 numbers. Rows are drawn anew until no residual
under mae comes near 0, where float32 and float64 may see different signs.

structure.json lists, too, what torch.nn.init draws a layer's parameters from: `uniform`, the bound, `normal`, the
standard deviation, or `fill`, the one value of all elements.

Run it with torch, numpy and safetensors installed: python make.py
"""

import json
import pathlib
import textwrap
import zlib
from unittest import mock

import numpy
import torch
from safetensors.numpy import save_file
from torch.nn import Linear, ModuleDict, ModuleList, init
from torch.nn import functional as F

torch.set_num_threads(1)
ROWS, BATCH, STEPS = 37, 16, 40
SIGN = 1e-4  # the smallest residual under mae, relative to the root mean square of all


class TooClose(Exception):
    """A residual under mae is too close to 0."""


def mae(y, target):
    residual = y - target
    if residual.abs().min() <= SIGN * residual.square().mean().sqrt():
        raise TooClose
    return F.l1_loss(y, target)


class TwoHeads(torch.nn.Module):
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


class Residual(torch.nn.Module):
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


class Tied(torch.nn.Module):
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


class Gate(torch.nn.Module):
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


class Axes(torch.nn.Module):
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


class Sequence(torch.nn.Module):
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


class Frozen(torch.nn.Module):
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


class Autoencoder(torch.nn.Module):
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


class TwoLosses(torch.nn.Module):
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


def draw(net, rng):
    """The rows of the inputs, and targets that a random teacher gives with noise."""
    x, features = {}, []
    for name, (shape, limit) in net.inputs.items():
        if limit:
            x[name] = rng.integers(limit, size=[ROWS, *shape]).astype(numpy.int32)
            features.append(numpy.eye(limit)[x[name]].reshape(ROWS, -1))
        else:
            x[name] = rng.standard_normal([ROWS, *shape]).astype(numpy.float32)
            features.append(x[name].reshape(ROWS, -1))
    flat, target = numpy.concatenate(features, 1), {}
    for name, (shape, classes) in net.targets.items():
        full = [*shape, classes] if classes else shape
        answer = flat @ rng.standard_normal([flat.shape[1], int(numpy.prod(full))]) / flat.shape[1] ** 0.5
        answer = (numpy.sin(2 * answer) + 0.5 * rng.standard_normal(answer.shape)).reshape([ROWS, *full])
        if classes:
            target[name] = answer.argmax(-1).astype(numpy.int32)
            target[name].reshape(-1)[3::11] = -100  # these take no part
        elif "bce_logits" in net.spec:
            target[name] = (1 / (1 + numpy.exp(-3 * answer))).astype(numpy.float32)
        else:
            target[name] = answer.astype(numpy.float32)
    return x, target


def widened(arrays, rows=slice(None)):
    """PyTorch's tensors of some rows: float64 and int64."""
    tensors = {name: torch.from_numpy(a[rows]) for name, a in arrays.items()}
    return {name: t.double() if t.is_floating_point() else t.long() for name, t in tensors.items()}


def prefixed(prefix, tensors):
    return {f"{prefix}/{name}": t for name, t in tensors.items()}


def train(model, x, target):
    """The tensors of a net by name."""
    tensors = prefixed("init", {name: p.clone() for name, p in model.named_parameters()})
    tensors |= prefixed("start", model(**widened(x)))
    update = model.optimiser()
    losses, first = [], 0
    for step in range(STEPS):
        rows = slice(first, first + BATCH)
        first = first + BATCH if first + BATCH < ROWS else 0
        batch = widened(x, rows)
        y = model(**batch)
        loss = model.judge(batch, y, widened(target, rows))
        update.zero_grad()
        loss.backward()
        if step == 0:
            tensors |= prefixed("output", y)
            tensors |= prefixed("grad", {name: p.grad.clone() for name, p in model.named_parameters() if p.requires_grad})
        update.step()
        losses.append(loss.item())
    tensors |= {"losses": torch.tensor(losses, dtype=torch.float64)}
    tensors |= prefixed("trained", dict(model.named_parameters()))
    return tensors | prefixed("predicted", model(**widened(x)))


def run(net):
    """The entry and the tensors of a net, from the first seed whose residuals keep away from 0."""
    for seed in range(1000):
        x, target = draw(net, numpy.random.default_rng([zlib.crc32(net.__name__.encode()), seed]))
        torch.manual_seed(seed)
        model = net().double()  # drawn in float32
        try:
            trained = train(model, x, target)
            break
        except TooClose:
            pass
    else:
        raise SystemExit(f"{net.__name__}: no seed keeps away from 0")
    print(f"{net.__name__}: seed {seed}, losses {trained['losses'][0]:.3f} to {trained['losses'][-1]:.3f}")
    tensors = {name: numpy.ascontiguousarray(t.detach().numpy().astype(numpy.float32)) for name, t in trained.items()}
    tensors |= prefixed("x", x) | prefixed("target", target)
    return {
        "name": net.__name__, "net": net.__name__, "rows": ROWS, "batch": BATCH, "steps": STEPS,
        "inputs": [{"name": name, "integers": limit is not None} for name, (_, limit) in net.inputs.items()],
        "targets": [{"name": name, "integers": limit is not None} for name, (_, limit) in net.targets.items()],
        "outputs": list(model(**widened(x))),
        "frozen": [name for name, p in model.named_parameters() if not p.requires_grad],
        "spec": textwrap.dedent(net.spec).lstrip() + f"batch {BATCH}\n",
    }, prefixed(net.__name__, tensors)


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


def main():
    nets, tensors = [], {}
    for net in NETS:
        entry, made = run(net)
        nets.append(entry)
        tensors |= made
    inits = [start(name, *way) for name, way in INITS.items()]
    folder = pathlib.Path(__file__).parent
    save_file(tensors, folder / "structure.safetensors")
    folder.joinpath("structure.json").write_text(json.dumps({"nets": nets, "inits": inits}, indent=1) + "\n")


main()
