"""Compares ONNX Runtime on raw rows with nnc predict for made-up tables of every kind of column and of target, and for bytes.

    python tables.py NNC [name ...]

NNC is the command. Works in the running folder, and prints a line for each table; the exit status is 1 where something differs
by more than 1e-5, or a label is another one.
"""

import pathlib
import sys

import numpy

from common import compare, nnc, write

draw = numpy.random.default_rng(2)
N = 160
CITIES = ["Köln", "Москва", "東京", "São Paulo", "a, \"b\""]


def numbers(mean, deviation, n=N):
    return [f"{x:.6g}" for x in draw.normal(mean, deviation, n)]


def holes(cells, empty=""):
    """The cells, an eighth of them missing."""
    return [empty if draw.random() < 1 / 8 else cell for cell in cells]


def kinds():
    """Numbers with holes and stand-ins, far from 0; texts with holes, numbers and truth values among them."""
    table = {
        "id": list(range(N)),
        "area": holes(numbers(80, 20)),
        "time": [f"{1.7e9 + 3600 * x:.0f}" for x in draw.integers(0, 1000, N)],
        "lat": [f"{47 + x:.9f}" for x in draw.normal(0, 1e-4, N)],
        "age": holes(numbers(30, 10), "999"),
        "city": holes(list(draw.choice(CITIES, N))),
        "floor": list(draw.choice(["0", "1", "2"], N)),
        "garden": list(draw.choice(["True", "False"], N)),
        "price": numbers(4e5, 1e5),
    }
    new = {name: cells[:40] for name, cells in table.items() if name != "price"}
    new["city"] = ["Atlantis"] + new["city"][1:]
    new["floor"] = ["1.0", "7"] + new["floor"][2:]
    new["garden"] = ["true", "FALSE"] + new["garden"][2:]
    spec = "input x[16]\nlinear 8; tanh\nlinear 1\nloss mse\nadam 0.01\nbatch 32\nepochs 2\n"
    return spec, table, new, ["--target", "price", "--id", "id", "--text", "floor", "--missing", ",999", "--missing-indicator"], 0


def stamps():
    """A target with a large offset: seconds since 1970."""
    table = {"x": numbers(5, 2), "when": [f"{1.7e9 + x:.3f}" for x in draw.normal(0, 50, N)]}
    return "linear 1->1\nloss mse\nsgd 0.1\nbatch 32\nepochs 2\n", table, {"x": table["x"]}, ["--target", "when"], 0


def places():
    """Two inputs of integers, one of texts that are places, and numbers as they stand."""
    table = {"rooms": list(draw.integers(0, 9, N)), "city": holes(list(draw.choice(CITIES, N))), "x": numbers(0, 1), "y": holes(numbers(2, 1)),
             "kind": list(draw.choice(["Haus", "Грот", "flat"], N))}
    new = {name: cells[:30] for name, cells in table.items() if name != "kind"}
    new["city"] = ["Atlantis"] + new["city"][1:]
    spec = """input rooms[1] of 10
input city[1] of 7
input facts[2]
from rooms
embedding 3; a: flatten
from city
embedding 3; b: flatten
from facts
concat a b
linear 3
loss cross_entropy
adam 0.05
batch 32
epochs 2
"""
    return spec, table, new, ["--target", "kind", "--index", "city", "--scale", "none"], 0


def flags():
    """Several flags, each with names of its own, and the model's score of another."""
    table = {"x": numbers(0, 1), "z": numbers(0, 1), "churn": list(draw.choice(["ja", "nein"], N)), "won": list(draw.choice(["True", "False"], N)),
             "side": list(draw.integers(0, 2, N))}
    spec = """input x[2]
from x
both: linear 2
from x
side: linear 1
loss bce_logits both
loss hinge side
sgd 0.1
batch 32
epochs 2
"""
    return spec, table, {"x": table["x"], "z": table["z"]}, ["--target", "churn,won,side"], 0


def counts():
    """Counts, probabilities and a vector."""
    p = draw.dirichlet([1, 2, 3], N)
    table = {"x": numbers(0, 1), "visits": list(draw.poisson(4, N)), "p0": p[:, 0], "p1": p[:, 1], "p2": p[:, 2], "u": numbers(1, 1), "v": numbers(1, 1)}
    spec = """input x[1]
from x
n: linear 1
from x
parts: linear 3; log_softmax
from x
to: linear 2
loss poisson n
loss kl parts
loss cosine to
sgd 0.1
batch 32
epochs 2
"""
    return spec, table, {"x": table["x"]}, ["--target", "visits,p0,p1,p2,u,v"], 0


def again():
    """An autoencoder of a table: the columns are inputs and outputs."""
    table = {"x": numbers(100, 1), "y": numbers(-3, 7), "kind": list(draw.choice(["a", "b"], N))}
    return "input row[4]\nlinear 2; tanh\nlinear 4\nloss mse target=row\nsgd 0.1\nbatch 32\nepochs 2\n", table, table, [], 0


def series():
    """Windows of rows in order; two rows are forecast, of a column that is a feature too."""
    table = {"load": numbers(50, 5), "day": list(draw.choice(["Mo", "Di"], N)), "hour": [i % 24 for i in range(N)]}
    spec = """input past[12, 3]
input hour[12] of 24
from hour
h: embedding 2
from past
concat h axis=1
flatten
linear 2
loss mse
sgd 0.01
batch 32
epochs 2
"""
    return spec, table, table, ["--target", "load", "--features", "past=load,day,hour=hour"], 12


def spans():
    """Spans of positions that a mask leaves in."""
    n = 9
    starts = draw.integers(0, 5, N)
    table = {f"t{i}": list(draw.integers(0, 20, N)) for i in range(n)}
    table.update({f"m{i}": [1 if i < 7 else int(draw.random() < 0.5) for _ in range(N)] for i in range(n)})
    table.update({"from": list(starts), "to": list(starts + 2)})
    new = {name: list(cells) for name, cells in table.items() if name not in ("from", "to")}
    for i in range(n):
        new[f"m{i}"][0] = 0
    spec = """input tokens[9] of 20
input mask[9] of 2
from tokens
embedding 4
linear 2
loss span mask=mask max=4
sgd 0.1
batch 32
epochs 2
"""
    tokens, mask = ",".join(f"t{i}" for i in range(n)), ",".join(f"m{i}" for i in range(n))
    return spec, table, new, ["--target", "from,to", "--features", f"tokens={tokens},mask={mask}"], 0


def copies():
    """Two autoencoders of the same bytes, which come back as bytes' values."""
    spec = """input image[1, 4, 4]
flatten; linear 8; hidden: tanh
from hidden
linear 16; a: reshape [1, 4, 4]
from hidden
linear 16; b: reshape [1, 4, 4]
loss bce_logits b target=image
loss bce_logits a target=image
sgd 0.1
batch 32
epochs 2
"""
    pixels = draw.integers(0, 256, (N, 1, 4, 4), numpy.uint8)
    return spec, pixels, pixels, [], 0


def stored(name, table):
    """The file of a table or of an array."""
    if isinstance(table, dict):
        return write(f"{name}.csv", table)
    numpy.save(f"{name}.npy", table)
    return f"{name}.npy"


CASES = {"kinds": kinds, "stamps": stamps, "places": places, "flags": flags, "counts": counts, "again": again, "series": series, "spans": spans, "copies": copies}
CLASSES = ("places", "flags")


def main():
    well = True
    for name, make in CASES.items():
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        text, table, new, train, window = make()
        spec = pathlib.Path(f"{name}.nn")
        spec.write_text(text, encoding="utf-8")
        train += ["--window", window] if window else []
        nnc("train", spec, "--data", stored("table", table), *train, "--save", "trained.safetensors")
        nnc("export", "--onnx", spec, "--weights", "trained.safetensors", "-o", f"{name}.onnx")
        rows = stored("new", new)
        nnc("predict", spec, "--weights", "trained.safetensors", "--data", rows, *(["--proba"] if name in CLASSES else []), "--out", "predicted.csv")
        well &= compare(name, f"{name}.onnx", [rows], "--window", window)
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
