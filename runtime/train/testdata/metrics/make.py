"""Writes metrics.json: outputs of models, the truth, and what scikit-learn makes of them.

Run it here with numpy and scikit-learn: python make.py. Scores are multiples of 1/4 where ties are wanted.
"""
import json
import warnings

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")  # of quotients 0/0
IGNORED = -100
cases = []


def add(name, kind, link, classes, size, out, truth, want):
    """out [rows, size], written as the shortest numbers that float32 tells apart; want by metric, None: undefined."""
    cases.append({
        "name": name, "kind": kind, "link": link, "classes": classes, "size": size,
        "out": [float(str(x)) for x in np.asarray(out, np.float32).ravel()], "truth": np.asarray(truth).ravel().tolist(),
        "want": {k: None if v is None else float(v) for k, v in want.items()},
    })


def of_classes(name, classes, scores, truth, positions=1, link="softmax"):
    """scores [rows, positions, classes], truth [rows, positions]."""
    scores = np.asarray(scores, np.float32)
    counted = truth.ravel() != IGNORED
    y, s = truth.ravel()[counted], scores.reshape(-1, classes)[counted].astype(np.float64)
    predicted = s.argmax(1)  # the first of equals
    logp = s if link == "exp" else s - np.log(np.exp(s).sum(1, keepdims=True))
    rows = [[p == t for p, t in zip(ps, ts) if t != IGNORED] for ps, ts in zip(scores.argmax(-1).reshape(-1, positions), truth.reshape(-1, positions))]
    average = dict(average="macro", zero_division=0)
    want = {
        "accuracy": sk.accuracy_score(y, predicted),
        "precision": sk.precision_score(y, predicted, **average),
        "recall": sk.recall_score(y, predicted, **average),
        "f1": sk.f1_score(y, predicted, **average),
        "perplexity": np.exp(-logp[np.arange(len(y)), y].mean()),
        "exact_match": np.mean([all(r) for r in rows if r]),
    }
    for k in range(1, classes):
        # Of equal scores scikit-learn takes the higher index for the larger: the classes are turned round.
        if classes > 2:
            want[f"top:{k}"] = sk.top_k_accuracy_score(classes - 1 - y, s[:, ::-1], k=k, labels=range(classes))
    want[f"top:{classes}"] = 1
    add(name, "class", link, classes, positions * classes, scores, truth, want)


def of_flags(name, scores, truth):
    """scores and truth [rows, flags]: logits, and zeros and ones."""
    scores, truth = np.asarray(scores, np.float32), np.asarray(truth)
    y, predicted = truth.ravel(), (scores > 0).ravel()
    both = all(len(set(column)) == 2 for column in truth.T)
    want = {
        "accuracy": sk.accuracy_score(y, predicted),
        "precision": sk.precision_score(y, predicted, zero_division=0),
        "recall": sk.recall_score(y, predicted, zero_division=0),
        "f1": sk.f1_score(y, predicted, zero_division=0),
        "auc": sk.roc_auc_score(truth, scores, average="macro") if both else None,
    }
    add(name, "flag", "sigmoid", 2, truth.shape[1], scores, truth, want)


def of_quantities(name, out, truth):
    out, truth = np.asarray(out, np.float32), np.asarray(truth, np.float32)
    a, b = truth.astype(np.float64), out.astype(np.float64)
    add(name, "quantity", "identity", 0, truth.shape[1], out, truth, {
        "mae": sk.mean_absolute_error(a, b),
        "rmse": np.sqrt(sk.mean_squared_error(a, b)),
        "r2": sk.r2_score(a, b),
    })


def quarters(r, *shape, spread=1.0):
    return np.round(4 * r.normal(0, spread, shape)) / 4


r = np.random.default_rng(11)
of_classes("classes", 4, r.normal(0, 2, (120, 1, 4)), r.integers(0, 4, (120, 1)))
of_classes("ties", 5, quarters(r, 150, 1, 5, spread=0.4), r.integers(0, 5, (150, 1)))
scores = r.normal(0, 1, (90, 1, 6))
scores[:, :, 4] -= 50  # never predicted, and below never true: it is left out of the means
scores[:, :, 2] += 1.5  # predicted, but never true
of_classes("classes that are missing", 6, scores, r.choice([0, 1, 3, 5], (90, 1)))
truth = r.integers(0, 3, (60, 5))
scores = quarters(r, 60, 5, 3)
for i in range(60):
    for t in range(5):
        if r.random() < 0.6:
            scores[i, t, truth[i, t]] += 3
truth[r.random((60, 5)) < 0.3] = IGNORED
truth[7:10] = IGNORED
of_classes("positions, some ignored", 3, scores, truth, positions=5)
logp = np.log(r.dirichlet(np.ones(4), (80, 1)))
of_classes("log-probabilities", 4, logp, r.integers(0, 4, (80, 1)), link="exp")
scores = r.normal(0, 1, (10, 1, 3))
scores[:, :, 0] += 300  # probabilities that float64 holds as 0 have a logarithm all the same
of_classes("sure and wrong", 3, scores, np.array([[0]] * 9 + [[1]]))

truth = r.integers(0, 2, (140, 1))
of_flags("a flag", r.normal(0, 1, (140, 1)) + truth, truth)
truth = (r.random((200, 1)) < 0.2).astype(int)
of_flags("a flag with ties", quarters(r, 200, 1, spread=0.5) + truth / 2, truth)
truth = (r.random((100, 3)) < [0.5, 0.1, 0.9]).astype(int)
of_flags("three flags", quarters(r, 100, 3) + truth - 0.5, truth)
of_flags("scores that are all the same", np.zeros((12, 1)), np.array([[0, 1] * 6]).T)
of_flags("nobody is taken for it", -1 - r.random((20, 1)), r.integers(0, 2, (20, 1)))
of_flags("there is none of it", r.normal(0, 1, (20, 1)), np.zeros((20, 1), int))
truth = r.integers(0, 2, (30, 2))
truth[:, 1] = 1
of_flags("one of two never varies", r.normal(0, 1, (30, 2)), truth)

of_quantities("a quantity", r.normal(5, 3, (70, 1)), r.normal(5, 3, (70, 1)))
truth = r.normal([0, 1000, -3], [1, 20, 0.1], (80, 3))
of_quantities("three quantities", truth + r.normal(0, [0.5, 5, 0.3], (80, 3)), truth)
truth = r.normal(0, 1, (25, 2))
truth[:, 1] = 2
of_quantities("one of two never varies", truth + r.normal(0, 0.1, (25, 2)), truth)

# The classes of a whole model, where there are more than could be read.
scores = quarters(r, 150, 1, 60)
truth = r.integers(0, 55, (150, 1))
scores[np.arange(150), 0, truth[:, 0]] += 2
of_classes("sixty classes", 60, scores, truth)

with open("metrics.json", "w") as f:
    json.dump(cases, f, separators=(",", ":"))
    f.write("\n")
