"""Computes losses weighted by rows with PyTorch in float64, and writes weighted.json beside this file.

A case is a linear layer under a loss, two batches of rows with a weight for each, and what must come of them: the
loss Σ w·l / Σ w of each batch, the gradients of the first, and the loss of all rows together. l is a row's own loss, the
mean over its elements; of cross_entropy the sums go over the positions that are not ignored.

Run it with torch installed: python make.py
"""

import json
import pathlib

import torch
from torch.nn import functional as F

torch.manual_seed(4)
torch.set_default_dtype(torch.float64)
IGNORED = -100


def elements(loss):
    """Turns a loss of single elements into one of rows, each with a share of 1."""
    return lambda y, t: (loss(y, t).flatten(1).mean(1, keepdim=True), torch.ones(len(y), 1))


def classes(**options):
    """The cross-entropy of every position of a row, and which of them count."""

    def judge(y, t):
        loss = F.cross_entropy(y.movedim(-1, 1), t, reduction="none", **options)
        return loss.reshape(len(y), -1), (t != IGNORED).double().reshape(len(y), -1)

    return judge


UNEVEN = torch.tensor([0.5, 2, 0])


def uneven(**options):
    """The same by weights of classes, by whose sum it is divided."""

    def judge(y, t):
        loss = F.cross_entropy(y.movedim(-1, 1), t, UNEVEN, reduction="none", **options)
        return loss.reshape(len(y), -1), UNEVEN[t].reshape(len(y), -1)

    return judge


def spans(y, t):
    """The cross-entropies of starts and of ends, two means whose mean the loss is."""
    sides = [F.cross_entropy(y[..., i], t[:, i], reduction="none")[:, None] for i in range(2)]
    return [(loss, (t[:, i : i + 1] != IGNORED).double()) for i, loss in enumerate(sides)]


def weighted(parts, w):
    if isinstance(parts, list):
        return sum(weighted(part, w) for part in parts) / len(parts)
    loss, counts = parts
    total = (w[:, None] * counts).sum()
    return (w[:, None] * loss).sum() / total if total > 0 else loss.sum() * 0


def rounded(x):
    return x.float().double()


def case(name, spec, shape, out, judge, target, weights=None):
    n = 8
    x = rounded(torch.randn(n, *shape))
    w = torch.tensor([0.5, 0, 2, 1.25, 3, 0.25, 1, 4]) if weights is None else weights
    t = target(n)
    matrix = rounded(torch.randn(out, shape[-1]) / 2).requires_grad_()
    bias = rounded(torch.randn(out) / 2).requires_grad_()

    def run(rows):
        return weighted(judge(x[rows] @ matrix.T + bias, t[rows]), w[rows])

    batches = [slice(0, 5), slice(5, 8)]
    first = run(batches[0])
    first.backward()
    flat = lambda v: v.detach().flatten().tolist()
    return {
        "Name": name, "Spec": f"input x{list(shape)}\nlinear {out}\n{spec}\nsgd 0.1\nbatch 5\n",
        "Integers": t.dtype == torch.int64, "In": x[0].numel(), "Out": x[0].numel() // shape[-1] * out, "Target": t[0].numel(),
        "X": flat(x), "T": flat(t.double()), "W": flat(w), "Weight": flat(matrix), "Bias": flat(bias),
        "Losses": [first.item(), run(batches[1]).item()], "Whole": run(slice(0, n)).item(),
        "GradWeight": flat(matrix.grad), "GradBias": flat(bias.grad),
    }


def numbers(*shape):
    return lambda n: rounded(torch.randn(n, *shape))


def flags(*shape):
    return lambda n: torch.randint(0, 2, (n, *shape)).double()


def labels(count, *shape, ignored=()):
    def draw(n):
        t = torch.randint(0, count, (n, *shape))
        for at in ignored:
            t[at] = IGNORED
        return t

    return draw


mse = elements(lambda y, t: (y - t) ** 2)
CASES = [
    case("Mse", "loss mse", (4,), 2, mse, numbers(2)),
    case("MseWide", "loss mse", (3, 5), 9, mse, numbers(3, 9)),
    case("MseNothing", "loss mse", (4,), 2, mse, numbers(2), torch.zeros(8)),
    case("Mae", "loss mae", (4,), 2, elements(lambda y, t: (y - t).abs()), numbers(2)),
    case("Huber", "loss huber delta=0.5", (4,), 3, elements(lambda y, t: F.huber_loss(y, t, delta=0.5, reduction="none")), numbers(3)),
    case("Smooth1", "loss smooth_l1 beta=0.5", (4,), 3, elements(lambda y, t: F.smooth_l1_loss(y, t, beta=0.5, reduction="none")), numbers(3)),
    case("Hinge", "loss hinge", (4,), 2, elements(lambda y, t: (1 - (2 * t - 1) * y).relu()), flags(2)),
    case("Counts", "loss poisson", (4,), 2, elements(lambda y, t: F.poisson_nll_loss(y, t, reduction="none")), flags(2)),
    case("Shares", "loss kl", (3, 4), 5, elements(lambda y, t: 5 * F.kl_div(y, t, reduction="none")), flags(3, 5)),
    case("Directions", "loss cosine", (3, 4), 5, elements(lambda y, t: 1 - F.cosine_similarity(y, t, dim=-1)), numbers(3, 5)),
    case("Flags", "loss bce_logits", (4,), 2, elements(lambda y, t: F.binary_cross_entropy_with_logits(y, t, reduction="none")), flags(2)),
    case("Classes", "loss cross_entropy", (4,), 3, classes(), labels(3)),
    case("Smooth", "loss cross_entropy smoothing=0.1", (4,), 3, classes(label_smoothing=0.1), labels(3)),
    case("Yes", "loss bce_logits pos_weight=[3, 0.5]", (4,), 2,
         elements(lambda y, t: F.binary_cross_entropy_with_logits(y, t, pos_weight=torch.tensor([3, 0.5]), reduction="none")), flags(2)),
    case("Uneven", "loss cross_entropy class_weights=[0.5, 2, 0]", (4,), 3, uneven(), labels(3)),
    case("UnevenSmooth", "loss cross_entropy class_weights=[0.5, 2, 0] smoothing=0.2", (5, 4), 3, uneven(label_smoothing=0.2), labels(3, 5)),
    case("Likelihood", "loss nll class_weights=[0.5, 2, 0]", (5, 4), 3,
         lambda y, t: (F.nll_loss(y.movedim(-1, 1), t, UNEVEN, reduction="none"), UNEVEN[t]), labels(3, 5)),
    case("Ignored", "loss cross_entropy", (3, 4), 5, classes(), labels(5, 3, ignored=[(0, 1), (2, 0), (2, 1), (2, 2), (6, 2)])),
    case("ClassesNothing", "loss cross_entropy", (4,), 3, classes(), labels(3), torch.tensor([0.0, 0, 0, 0, 0, 1, 1, 1])),
    case("Spans", "loss span", (7, 4), 2, spans, labels(7, 2, ignored=[(0, 1), (2, 0), (2, 1), (6, 1)])),
    case("SpansNothing", "loss span", (7, 4), 2, spans, labels(7, 2, ignored=[(3, 1)]), torch.tensor([0.0, 0, 0, 1, 0, 1, 1, 1])),
]

pathlib.Path(__file__).with_suffix("").with_name("weighted.json").write_text(json.dumps(CASES, indent=1) + "\n")
