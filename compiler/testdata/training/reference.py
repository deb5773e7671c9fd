"""Trains nets with PyTorch as testdata/training/main.go trains them with nnc: what the make.py of the folders beside share.

In comes a module with the text of the spec that it stands for; out go an entry that describes the run and its tensors:

    <net>/x/<input>  <net>/target/<target>    the rows, taken in order, the last batch of an epoch being smaller
    <net>/init/<parameter>     the start
    <net>/start/<output>       what the start predicts for all rows
    <net>/output/<output>      what the first batch gives in training, and
    <net>/grad/<parameter>     the gradients of its loss, before clipping; frozen parameters have none
    <net>/losses               the loss of every step, before its update
    <net>/rates                the learning rate of every step, where there is a schedule
    <net>/trained/<parameter>, <net>/state/<buffer>, <net>/predicted/<output>
                               the end, running statistics included, and what it predicts for all rows
    <net>/saved/<parameter>    the averages, where there are any: then it is they that predict

Where batches accumulate, a step is one of the optimiser, and losses are of batches.

All are rounded to float32, integers in data are int32, counters int64. PyTorch computes in float64, from rows and
parameters that are float32 numbers. Rows are drawn anew until no step is Unsuitable.
"""

import json
import textwrap
import zlib

import numpy
import torch
from safetensors.numpy import save_file
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

torch.set_num_threads(1)
CORNER, SIGN = 2e-5, 1e-4  # see apart
LEAST = 0.005  # of the largest loss: one near 0 is a difference of larger numbers
NORMS = torch.nn.LayerNorm, torch.nn.BatchNorm1d, torch.nn.BatchNorm2d, torch.nn.GroupNorm


class Unsuitable(Exception):
    """Float32 and float64 may legitimately part here, or the run does not show what it is there for."""


def apart(x, margin):
    """Asks that no element of x is closer to 0 than that, in units of their root mean square."""
    if x.numel() and x.abs().min() <= margin * x.square().mean().sqrt():
        raise Unsuitable


def mae(y, target):
    apart(y - target, SIGN)
    return F.l1_loss(y, target)


def relu(x):
    apart(x, CORNER)
    return torch.relu(x)


class Lion(torch.optim.Optimizer):
    """Lion, which PyTorch does not have, by its formula."""

    def __init__(self, parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                p.mul_(1 - lr * group["weight_decay"])
                p.sub_(lr * (beta1 * m + (1 - beta1) * p.grad).sign())
                m.mul_(beta2).add_((1 - beta2) * p.grad)


OPTIMISERS = {
    "sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "nadam": torch.optim.NAdam,
    "radam": torch.optim.RAdam, "adamax": torch.optim.Adamax, "rmsprop": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad, "adadelta": torch.optim.Adadelta, "lion": Lion,
}
RENAMED = {"decay": "weight_decay", "initial": "initial_accumulator_value"}


def optimiser(statement, parameters):
    """The optimiser of a spec; what the spec leaves out is left to PyTorch's defaults."""
    word, *args = statement.split()
    parameters = list(parameters)
    options, betas, spare = {}, [0.9, 0.99 if word == "lion" else 0.999], False
    for a in args:
        name, _, value = a.partition("=")
        if name in ("nesterov", "amsgrad", "centered"):
            options[name] = True
        elif name in ("beta1", "beta2"):
            betas[int(name[-1]) - 1] = float(value)
            options["betas"] = tuple(betas)
        elif name == "decay_skip":
            spare = value == "vectors"
        elif value:
            options[RENAMED.get(name, name)] = float(value)
        else:
            options["lr"] = float(name)
    if spare:
        vectors = [p for p in parameters if p.dim() <= 1]
        parameters = [{"params": [p for p in parameters if p.dim() > 1]}, {"params": vectors, "weight_decay": 0}]
    return OPTIMISERS[word](parameters, **options)


class Net(torch.nn.Module):
    """A spec, and by hand its layers, with the names that the spec's have. forward returns the outputs by name."""

    rows, batch, steps = 37, 16, 40
    inputs = {}   # name: shape, and for integers how many there are
    targets = {"target": ([2], None)}  # name: shape, and for classes how many there are
    scale = 1     # of the targets' numbers
    unmoved = []  # parameters whose gradients are 0 but for what rounding leaves
    deep = False  # so many sums lie behind the first gradients that they have no closer bounds than what training leads to

    def judge(self, x, y, target):
        return F.mse_loss(y["out"], target["target"])

    @classmethod
    def numbers(cls, answer):
        """The targets that are no classes, of what a teacher answers."""
        return 1 / (1 + numpy.exp(-3 * answer)) if "bce_logits" in cls.spec else cls.scale * answer

    def statement(self, *words):
        """The spec's statement that begins with one of the words, None if there is none."""
        return next((s for s in map(str.strip, self.spec.splitlines()) if s.split()[:1] and s.split()[0] in words), None)

    def optimiser(self):
        return optimiser(self.statement(*OPTIMISERS), self.parameters())

    def schedule(self, update):
        """PyTorch's scheduler of the learning rate, None for a constant one."""

    def clip(self):
        """Clips the gradients, where the spec does."""

    def accumulate(self):
        """How many batches a step of the optimiser has."""
        statement = self.statement("accumulate")
        return int(statement.split()[1]) if statement else 1

    def updates(self):
        """The number of the optimiser's steps: what is left at the end of an epoch makes one of its own."""
        epoch, each = -(-self.rows // self.batch), self.accumulate()
        return self.steps // epoch * -(-epoch // each) + self.steps % epoch // each

    def averages(self):
        """Averages of the parameters, None where the spec has none."""
        statement = self.statement("average")
        if not statement:
            return None
        decay = float(statement.partition("decay=")[2] or 0.999)
        return AveragedModel(self, multi_avg_fn=get_ema_multi_avg_fn(decay))

    @classmethod
    def draw(cls, rng):
        """The rows of the inputs and the targets."""
        return draw(cls, rng)

    @classmethod
    def settle(cls, x, target):
        """Changes what was drawn where it does not fit together."""

    def trained(self):
        """Raises Unsuitable if the run does not show what it is there for."""


def draw(net, rng):
    """The rows of the inputs, and targets that a random teacher gives with noise."""
    x, features = {}, []
    for name, (shape, limit) in net.inputs.items():
        if limit:
            x[name] = rng.integers(limit, size=[net.rows, *shape]).astype(numpy.int32)
            features.append(numpy.eye(limit)[x[name]].reshape(net.rows, -1))
        else:
            x[name] = rng.standard_normal([net.rows, *shape]).astype(numpy.float32)
            features.append(x[name].reshape(net.rows, -1))
    flat, target = numpy.concatenate(features, 1), {}
    for name, (shape, classes) in net.targets.items():
        full = [*shape, classes] if classes else shape
        answer = flat @ rng.standard_normal([flat.shape[1], int(numpy.prod(full))]) / flat.shape[1] ** 0.5
        answer = (numpy.sin(2 * answer) + 0.5 * rng.standard_normal(answer.shape)).reshape([net.rows, *full])
        if classes:
            target[name] = answer.argmax(-1).astype(numpy.int32)
            target[name].reshape(-1)[3::11] = -100  # these take no part
        else:
            target[name] = net.numbers(answer).astype(numpy.float32)
    net.settle(x, target)
    return x, target


def start(net, seed):
    """A net as PyTorch starts it, drawn in float32; weights and biases of norms, which start at 1 and 0, are drawn too."""
    torch.manual_seed(seed)
    model = net()
    for layer in model.modules():
        if isinstance(layer, NORMS) and layer.weight is not None:
            torch.nn.init.uniform_(layer.weight, 0.5, 1.5)
            if layer.bias is not None:
                torch.nn.init.uniform_(layer.bias, -0.5, 0.5)
    return model.double()


def widened(arrays, rows=slice(None)):
    """PyTorch's tensors of some rows: float64 and int64."""
    tensors = {name: torch.from_numpy(a[rows]) for name, a in arrays.items()}
    return {name: t.double() if t.is_floating_point() else t.long() for name, t in tensors.items()}


def narrowed(tensor):
    """A tensor as it stands in the file."""
    array = numpy.array(tensor.detach().numpy(), order="C")
    return array.astype(numpy.float32) if tensor.is_floating_point() else array


def prefixed(prefix, tensors):
    return {f"{prefix}/{name}": t for name, t in tensors.items()}


def predict(model, x):
    model.eval()
    y = model(**widened(x))
    model.train()
    return y


def train(model, x, target):
    """The tensors of a net by name."""
    tensors = prefixed("init", {name: p.clone() for name, p in model.named_parameters()})
    tensors |= prefixed("start", predict(model, x))
    update = model.optimiser()
    schedule = model.schedule(update)
    averages, each = model.averages(), model.accumulate()
    losses, rates, first, held = [], [], 0, []
    for step in range(model.steps):
        rows = slice(first, first + model.batch)
        first = first + model.batch if first + model.batch < model.rows else 0
        batch = widened(x, rows)
        y = model(**batch)
        loss = model.judge(batch, y, widened(target, rows))
        if not held:
            update.zero_grad()
        count = len(batch[next(iter(batch))])
        (loss * count if each > 1 else loss).backward()
        held.append(count)
        if step == 0:
            tensors |= prefixed("output", y)
            tensors |= prefixed("grad", {name: p.grad / (count if each > 1 else 1) for name, p in model.named_parameters() if p.requires_grad})
        losses.append(loss.item())
        if len(held) < each and first:
            continue
        if each > 1:
            for p in model.parameters():
                if p.grad is not None:
                    p.grad /= sum(held)
        held = []
        model.clip()
        update.step()
        if averages:
            averages.update_parameters(model)
        if schedule:
            rates.append(update.param_groups[0]["lr"])
            schedule.step()
    model.trained()
    if min(filter(None, losses)) < LEAST * max(losses):  # that of nothing is exactly 0
        raise Unsuitable
    tensors |= {"losses": torch.tensor(losses, dtype=torch.float64)}
    if schedule:
        tensors |= {"rates": torch.tensor(rates, dtype=torch.float64)}
    tensors |= prefixed("trained", dict(model.named_parameters()))
    tensors |= prefixed("state", dict(model.named_buffers()))
    if averages:
        model = averages.module
        tensors |= prefixed("saved", dict(model.named_parameters()))
    return tensors | prefixed("predicted", predict(model, x))


def run(net):
    """The entry and the tensors of a net, from the first seed that suits."""
    for seed in range(1000):
        x, target = net.draw(numpy.random.default_rng([zlib.crc32(net.__name__.encode()), seed]))
        model = start(net, seed)
        try:
            made = train(model, x, target)
            break
        except Unsuitable:
            pass
    else:
        raise SystemExit(f"{net.__name__}: no seed suits")
    assert all(torch.isfinite(t).all() for t in made.values()), f"{net.__name__}: not finite"
    print(f"{net.__name__}: seed {seed}, losses {made['losses'][0]:.3f} to {made['losses'][-1]:.3f}")
    tensors = {name: narrowed(t) for name, t in made.items()} | prefixed("x", x) | prefixed("target", target)
    entry = {
        "name": net.__name__, "net": net.__name__, "rows": net.rows, "batch": net.batch, "steps": net.steps,
        "inputs": [{"name": name, "integers": limit is not None} for name, (_, limit) in net.inputs.items()],
        "targets": [{"name": name, "integers": limit is not None} for name, (_, limit) in net.targets.items()],
        "outputs": list(predict(model, x)),
        "frozen": [name for name, p in model.named_parameters() if not p.requires_grad],
        "spec": textwrap.dedent(net.spec).strip() + f"\nbatch {net.batch}\n",
    }
    if net.deep:
        entry["deep"] = True
    if net.unmoved:
        entry["unmoved"] = net.unmoved
    if "rates" in made:
        entry["scheduled"] = True
    if model.accumulate() > 1:
        entry["accumulate"], entry["updates"] = model.accumulate(), model.updates()
    if any(name.startswith("saved/") for name in made):
        entry["averaged"] = True
    if state := [name for name, _ in model.named_buffers()]:
        entry["state"] = state
    return entry, prefixed(net.__name__, tensors)


def write(folder, name, nets, **more):
    """Trains nets and writes name.json and name.safetensors to the folder."""
    entries, tensors = [], {}
    for net in nets:
        entry, made = run(net)
        entries.append(entry)
        tensors |= made
    save_file(tensors, folder / f"{name}.safetensors")
    folder.joinpath(f"{name}.json").write_text(json.dumps({"nets": entries, **more}, indent=1) + "\n")
