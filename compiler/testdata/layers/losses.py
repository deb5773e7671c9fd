"""The losses, each of a value that is written out, of one that takes calls of kernels, and of sequences; batches end with a
part of one, which may be one row."""

import numpy
import torch
from torch.nn import Linear
from torch.nn import functional as F

from make import CORNER, Small, Unsuitable, apart, tanh


class Row(Small):
    """A loss of two numbers of a row."""

    body = """
        input x[5]
        linear 4
        tanh
        linear 2
    """
    rows = 17
    inputs = {"x": ([5], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 4), Linear(4, 2)

    def forward(self, x):
        return {"out": self.end(self.linear2(tanh(self.linear1(x))))}

    def end(self, y):
        return y

    def judge(self, x, y, target):
        return type(self).loss(y["out"], target["target"])


class Wide(Row):
    """One of 21 numbers, of one row at a time."""

    body = """
        input x[5]
        linear 8
        tanh
        linear 21
    """
    rows, batch = 7, 1
    targets = {"target": ([21], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 8), Linear(8, 21)


class Sequence(Row):
    """One of three numbers at each of four positions."""

    body = """
        input x[4, 5]
        linear 5->6
        tanh
        linear 6->3
    """
    rows = 21
    inputs, targets = {"x": ([4, 5], None)}, {"target": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 6), Linear(6, 3)


def judged(base, name, statements, loss, optimiser="adam 0.01", **more):
    """A net that ends with these statements."""
    spec = base.body + "".join(f"        {line}\n" for line in [*statements.split("; "), optimiser])
    return type(name, (base,), {"spec": spec, "loss": staticmethod(loss), **more})


class Cornered:
    """What judges numbers on either side of a corner, in the last steps and mostly in the first one."""

    first = True

    def judge(self, x, y, target):
        self.beyond = getattr(self, "beyond", []) + [self.corner(y["out"], target["target"]).double().mean().item()]
        return super().judge(x, y, target)

    def trained(self):
        shares = [sum(self.beyond[-5:]) / 5] + self.beyond[:self.first]
        if min(shares) < 0.05 or max(shares) > 0.95:
            raise Unsuitable


def cornered(base, name, statements, loss, corner, **more):
    mixed = type(base.__name__, (Cornered, base), {"corner": staticmethod(corner)})
    return judged(mixed, name, statements, loss, **more)


def smooth_l1(base, name, statements, beta):
    return cornered(base, name, statements, lambda y, t: F.smooth_l1_loss(y, t, beta=beta), lambda y, t: (y - t).abs() > beta, scale=2)


class LogSoftmaxMiddle(Small):
    """Between other layers, of few and of many elements."""

    spec = """
        input x[6]
        linear 5
        log_softmax
        linear 24
        log_softmax
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(6, 5), Linear(5, 24), Linear(24, 2)

    def forward(self, x):
        h = F.log_softmax(self.linear1(x), -1)
        return {"out": self.linear3(F.log_softmax(self.linear2(h), -1))}


class LogSoftmaxSequence(Small):
    """At every position, and of the input, to which no gradient flows."""

    spec = """
        input x[4, 5]
        log_softmax
        linear 5->7
        log_softmax
        linear 7->3
        loss mse
        sgd 0.1 momentum=0.9
    """
    inputs, targets = {"x": ([4, 5], None)}, {"target": ([4, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 7), Linear(7, 3)

    def forward(self, x):
        return {"out": self.linear2(F.log_softmax(self.linear1(F.log_softmax(x, -1)), -1))}


def drawn(numbers):
    """Targets that are made of a teacher's answers so."""
    return {"numbers": classmethod(lambda cls, answer: numbers(answer))}


def side(y, t):
    return (2 * t - 1) * y


def hinge(base, name, **more):
    def loss(y, t):
        apart(1 - side(y, t), CORNER)
        return (1 - side(y, t)).relu().mean()

    return cornered(base, name, "loss hinge", loss, lambda y, t: side(y, t) > 1, first=False, **drawn(lambda answer: answer > 0), **more)


def spread(answer):
    """Probabilities along the last axis, of which the smallest is 0."""
    p = numpy.exp(answer - answer.max(-1, keepdims=True))
    p = numpy.where(p == p.min(-1, keepdims=True), 0, p)
    return p / p.sum(-1, keepdims=True)


def kl(base, name, **more):
    return judged(base, name, "log_softmax; loss kl", lambda y, t: F.kl_div(y, t, reduction="sum") * t.shape[-1] / t.numel(),
                  end=lambda self, y: F.log_softmax(y, -1), **drawn(spread), **more)


def bce(base, name, **more):
    return judged(base, name, "sigmoid; loss bce", F.binary_cross_entropy, end=lambda self, y: torch.sigmoid(y),
                  **drawn(lambda answer: 1 / (1 + numpy.exp(-3 * answer))), **more)


def poisson(base, name, **more):
    return judged(base, name, "loss poisson", F.poisson_nll_loss, **drawn(lambda answer: numpy.floor(numpy.exp(0.5 * answer))), **more)


def cosine(base, name, **more):
    return judged(base, name, "loss cosine", lambda y, t: (1 - F.cosine_similarity(y, t, dim=-1)).mean(), **more)


WEIGHTS = [0.5, 2, 0, 1.25, 3]


class Labelled(Row):
    """One of five classes of a row, or of each position."""

    body = Row.body.replace("linear 2", "linear 5")
    rows, batch = 21, 8
    targets = {"target": ([], 5)}

    def __init__(self):
        super().__init__()
        self.linear2 = Linear(4, 5)


class LabelledSingle(Labelled):
    """Of one row at a time, of which some are left out."""

    rows, batch = 13, 1


class LabelledSequence(Labelled):
    body = """
        input x[4, 5]
        linear 5->6
        tanh
        linear 6->5
    """
    inputs, targets = {"x": ([4, 5], None)}, {"target": ([4], 5)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(5, 6), Linear(6, 5)


class LabelledLong(Labelled):
    """Of more classes than there are rows."""

    body = Row.body.replace("linear 2", "linear 90")
    targets = {"target": ([], 90)}

    def __init__(self):
        super().__init__()
        self.linear2 = Linear(4, 90)


def known(loss):
    """A loss of classes that is 0 where PyTorch's is not a number, all being left out."""
    return lambda y, t: y.sum() * 0 if (value := loss(y.movedim(-1, 1), t)).isnan() else value


def written(weights):
    return "[" + ", ".join(map(str, weights)) + "]"


def cross_entropy(base, name, smoothing=0.0, weights=None, ignore=-100, **more):
    statement = "loss cross_entropy"
    statement += f" smoothing={smoothing}" if smoothing else ""
    statement += f" class_weights={written(weights)}" if weights else ""
    statement += f" ignore={ignore}" if ignore != -100 else ""
    given = torch.tensor(weights, dtype=torch.float64) if weights else None
    loss = known(lambda y, t: F.cross_entropy(y, replaced(t, ignore), given, ignore_index=ignore, label_smoothing=smoothing))
    return judged(base, name, statement, loss, **more)


def nll(base, name, weights=None, ignore=-100, **more):
    statement = "log_softmax; loss nll"
    statement += f" class_weights={written(weights)}" if weights else ""
    statement += f" ignore={ignore}" if ignore != -100 else ""
    given = torch.tensor(weights, dtype=torch.float64) if weights else None
    loss = known(lambda y, t: F.nll_loss(y, replaced(t, ignore), given, ignore_index=ignore))
    return judged(base, name, statement, loss, end=lambda self, y: F.log_softmax(y, -1), **more)


def replaced(t, ignore):
    """Classes with the one to ignore where there is -100."""
    return torch.where(t == -100, ignore, t)


def bce_logits(base, name, weight, **more):
    given = torch.tensor(weight, dtype=torch.float64)
    written = str(weight)
    return judged(base, name, f"loss bce_logits pos_weight={written}", lambda y, t: F.binary_cross_entropy_with_logits(y, t, pos_weight=given), **more)


LARGER = {"optimiser": "sgd 0.2 momentum=0.9"}
NETS = {"losses": [
    LogSoftmaxMiddle, LogSoftmaxSequence,
    smooth_l1(Row, "SmoothL1Row", "loss smooth_l1", 1.0),
    smooth_l1(Wide, "SmoothL1Wide", "loss smooth_l1 beta=0.5", 0.5),
    smooth_l1(Sequence, "SmoothL1Sequence", "loss smooth_l1 beta=2", 2.0),
    hinge(Row, "HingeRow", rows=21, **LARGER), hinge(Wide, "HingeWide", optimiser="adam 0.05"), hinge(Sequence, "HingeSequence", **LARGER),
    bce(Row, "BCERow"), bce(Wide, "BCEWide"), bce(Sequence, "BCESequence", **LARGER),
    bce_logits(Row, "PosWeightRow", [0.25, 4]), bce_logits(Wide, "PosWeightWide", 3), bce_logits(Sequence, "PosWeightSequence", [2, 0, 0.5], **LARGER),
    poisson(Row, "PoissonRow"), poisson(Wide, "PoissonWide"), poisson(Sequence, "PoissonSequence"),
    kl(Row, "KLRow"), kl(Wide, "KLWide"), kl(Sequence, "KLSequence", **LARGER),
    cross_entropy(Labelled, "CrossEntropyWeights", weights=WEIGHTS), cross_entropy(LabelledSequence, "CrossEntropyWeightsSequence", weights=WEIGHTS, **LARGER),
    cross_entropy(Labelled, "CrossEntropyAll", 0.1, WEIGHTS), cross_entropy(LabelledSequence, "CrossEntropyAllSequence", 0.3, WEIGHTS, **LARGER),
    cross_entropy(LabelledSingle, "CrossEntropySingle", 0.1, WEIGHTS[::-1]), cross_entropy(LabelledLong, "CrossEntropyLong", 0.1),
    nll(Labelled, "NLLRow"), nll(LabelledSequence, "NLLSequence", WEIGHTS, **LARGER), nll(LabelledSingle, "NLLSingle", WEIGHTS), nll(LabelledLong, "NLLLong"),
    cosine(Row, "CosineRow"), cosine(Wide, "CosineWide"), cosine(Sequence, "CosineSequence", **LARGER),
]}
