"""Trains the ten specs for a step or a few, exports each with its Codec, and compares ONNX Runtime on raw rows with nnc predict.

    python specs.py NNC SPECS DATA [name ...]

NNC is the command, SPECS the folder of the specs, DATA that of the data sets. Works in the running folder, and prints a line
for each spec; the exit status is 1 where something differs by more than 1e-5, or a label is another one.
"""

import gzip
import json
import pathlib
import re
import sys

import numpy

from common import compare, nnc, write

SPECS, DATA = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
draw = numpy.random.default_rng(1)


def bare(weights, to):
    """The same weights without the Codec: of what has no rows for nnc predict, a text that goes on and questions."""
    content = pathlib.Path(weights).read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8:8 + size])
    del header["__metadata__"]
    text = json.dumps(header).encode()
    pathlib.Path(to).write_bytes(len(text).to_bytes(8, "little") + text + content[8 + size:])
    return to


def images(rows):
    with gzip.open(DATA / "mnist-10k-images-idx3-ubyte.gz") as file:
        pixels = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)[:rows]
    with gzip.open(DATA / "mnist-10k-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8)[:rows]
    numpy.save("images.npy", pixels)
    numpy.save("labels.npy", labels)


def restaurant():
    dishes = draw.integers(0, 9, (300, 3)).astype(float)
    total = dishes @ [4.5, 7.25, 12]
    write("bills.csv", {"soups": dishes[:, 0], "salads": dishes[:, 1], "steaks": dishes[:, 2], "total": total, "service fee": 2 + 0.1 * total})
    return ["--data", "bills.csv", "--target", "total,service fee", "--epochs", 2], ["bills.csv"]


def seed():
    x = draw.normal(3, 2, (500, 10))
    write("seed.csv", {**{f"x{i}": x[:, i] for i in range(10)}, "y": x @ numpy.arange(10) + 1e6})
    return ["--data", "seed.csv", "--target", "y", "--epochs", 2], ["seed.csv"]


def house():
    return ["--data", DATA / "california-housing.csv", "--target", "median_house_value", "--epochs", 1], [DATA / "california-housing.csv"]


def digits():
    images(1000)
    return ["--data", "images.npy", "--data", "target=labels.npy", "--steps", 4], ["images.npy"]


def listing():
    rows = 200
    arrays = {"photo": draw.integers(0, 256, (rows, 3, 16, 16), numpy.uint8), "facts": draw.normal(0, 1, (rows, 6)).astype(numpy.float32),
              "price": draw.normal(0, 1, (rows, 1)).astype(numpy.float32), "kind": draw.integers(0, 4, rows)}
    numpy.savez("listing.npz", **arrays)
    numpy.savez("rows.npz", photo=arrays["photo"], facts=arrays["facts"])
    return ["--data", "listing.npz", "--steps", 4], ["rows.npz"]


def sentiment():
    known = ["good", "bad", "film", "plot", "the", "a", "very", "not", "is", "was"]
    texts = [" ".join(draw.choice(known, draw.integers(0, 95))) for _ in range(120)]
    write("reviews.csv", {"review": texts, "label": draw.choice(["nein", "ja"], 120)})
    write("new.csv", {"review": [t.replace("plot", "unheard") for t in texts]})
    return ["--data", "reviews.csv", "--target", "label", "--steps", 3], ["new.csv"]


def shakespeare():
    text = (DATA / "tinyshakespeare.txt").read_text()
    pathlib.Path("text.txt").write_text(text[:100000] + "".join(sorted(set(text))))
    numpy.savez("tokens.npz", tokens=draw.integers(0, 65, (6, 64)))
    return ["--data", "text.txt", "--steps", 2], ["tokens.npz"]


def questions():
    known = ["the", "a", "castle", "was", "built", "in", "by", "king", "of", "who", "when", "what", "?", "."] + [str(n) for n in range(900, 960)]
    pathlib.Path("vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *known]) + "\n")
    paragraphs = []
    for n in range(12):
        year = str(900 + n)
        passage = f"the castle was built in {year} by a king ."
        paragraphs.append({"context": passage, "qas": [{"id": year, "question": "when was the castle built ?", "answers": [{"text": year, "answer_start": passage.index(year)}]}]})
    pathlib.Path("questions.json").write_text(json.dumps({"data": [{"title": "castles", "paragraphs": paragraphs}]}))
    rows, length, vocabulary = 40, 256, len(known) + 4
    mask = (numpy.arange(length) < draw.integers(10, length, (rows, 1))).astype(numpy.float32)
    mask[0] = 0  # no position takes part
    numpy.savez("tokens.npz", tokens=draw.integers(0, vocabulary, (rows, length)), segment=draw.integers(0, 2, (rows, length)), mask=mask)
    return ["--data", "questions.json", "--tokenizer", "wordpiece:vocab.txt", "--steps", 2], ["tokens.npz"]


def small(text):
    """bert-qa.nn with two narrow blocks and few tokens."""
    text = text.replace("width = 384", "width = 48").replace("30522", "78").replace("repeat 6", "repeat 2")
    return text.replace("heads=12 hidden=1536", "heads=4 hidden=96").replace("batch  8", "batch  4")


CASES = {"restaurant": restaurant, "seed": seed, "house": house, "digits-mlp": digits, "digits-cnn": digits, "resnet": digits, "two-heads": listing,
         "sentiment": sentiment, "shakespeare": shakespeare, "bert-qa": questions}


def main():
    well = True
    for name, make in CASES.items():
        if sys.argv[4:] and name not in sys.argv[4:]:
            continue
        text = re.sub(r"warmup=\d+", "warmup=1", (SPECS / f"{name}.nn").read_text())
        spec = pathlib.Path(f"{name}.nn")
        spec.write_text(small(text) if name == "bert-qa" else text)
        train, rows = make()
        nnc("train", spec, *train, "--save", "trained.safetensors")
        nnc("export", "--onnx", spec, "--weights", "trained.safetensors", "-o", f"{name}.onnx")
        predicts = "trained.safetensors"
        if name in ("shakespeare", "bert-qa"):
            predicts = bare(predicts, "bare.safetensors")
        data = [part for row in rows for part in ("--data", row)]
        proba = [] if name in ("restaurant", "seed", "house", "bert-qa") else ["--proba"]
        nnc("predict", spec, "--weights", predicts, *data, *proba, "--out", "predicted.csv")
        well &= compare(name, f"{name}.onnx", rows)
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
