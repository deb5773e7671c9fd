"""Compares ONNX files that take raw rows with nnc predict.

    python rows.py model.onnx predictions.csv [data.csv | data.npz | name=data.npy] [--window N]

predictions.csv is what nnc predict --proba wrote of the same data. Prints how many rows there are, the largest relative
difference of a number, and how many labels are equal; the exit status is 1 where something differs.
"""

import argparse
import csv
import gzip
import json
import sys

import numpy
import onnx
import onnxruntime

MISSING = {"", "NA", "NaN", "nan", "null", "None", "N/A", "?", "-"}
TYPES = {"tensor(double)": numpy.float64, "tensor(float)": numpy.float32, "tensor(int64)": numpy.int64, "tensor(uint8)": numpy.uint8,
         "tensor(string)": object}


def idx(path):
    """An array as MNIST has it: bytes."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        data = file.read()
    axes = data[3]
    shape = numpy.frombuffer(data, ">u4", axes, 4)
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * axes).reshape(shape)


def arrays(bindings):
    found = {}
    for binding in bindings:
        name, _, path = binding.rpartition("=")
        if path.endswith(".npz"):
            found.update(numpy.load(path))
        else:
            found[name] = numpy.load(path) if path.endswith(".npy") else idx(path)
    return found


def column(cells, kind):
    """The cells of a column as the model takes them."""
    if kind == "tensor(double)":
        return numpy.array([float("nan") if cell.strip() in MISSING else float(cell) for cell in cells])
    if kind == "tensor(int64)":
        return numpy.array([int(cell) for cell in cells])
    return numpy.array([cell.strip() for cell in cells], object)


def table(path, session, window):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for port in session.get_inputs():
        if port.name not in rows[0]:
            continue
        values = column([row[port.name] for row in rows], port.type)
        if window:
            values = numpy.lib.stride_tricks.sliding_window_view(values, window) if port.type != "tensor(string)" else numpy.array(
                [values[i:i + window] for i in range(len(values) - window + 1)], object)
        found[port.name] = values[..., None]
    return found


def words(path, model, session, found):
    """The integers of a text, which no operators make: by the vocabulary in the Codec, of texts of plain words."""
    codec = json.loads(next(p.value for p in model.metadata_props if p.key == "nnc.codec"))
    inputs = codec.get("inputs") or [{"name": session.get_inputs()[0].name, "columns": len(codec["columns"])}]
    columns = iter(codec["columns"])
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for port in inputs:
        for text in [next(columns) for _ in range(port["columns"])]:
            if text["kind"] != "tokens":
                continue
            place = {word: i + 2 for i, word in enumerate(text["tokens"]["vocabulary"]["symbols"])}
            length, front = text["tokens"]["length"], text["tokens"].get("pad_start")
            values = numpy.zeros((len(rows), length), numpy.int64)
            for i, row in enumerate(rows):
                ids = [place.get(word, 1) for word in row[text["name"]].lower().split()][:length]
                if ids:
                    values[i, length - len(ids) if front else 0:][:len(ids)] = ids
            found[port["name"]] = values


def compare(session, outputs, predictions):
    """The largest relative difference, and of how many labels how many are equal."""
    with open(predictions, newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    worst, labels, equal, at = None, 0, 0, 0

    def take():
        nonlocal at
        at += 1
        return [line[at - 1] for line in lines]

    def numbers(values):
        nonlocal worst
        want = numpy.array(take(), numpy.float64)
        have = values.astype(numpy.float64)
        assert have.shape == want.shape, (have.shape, want.shape)
        # What is near 0 by accident is judged by what stands around it.
        scale = numpy.maximum(numpy.abs(want), 1e-3 * numpy.abs(want).max())
        worst = max(worst or 0.0, (numpy.abs(have - want) / numpy.maximum(scale, 1e-30)).max())

    def texts(values):
        nonlocal labels, equal
        want = take()
        labels += len(want)
        equal += sum(str(a) == b for a, b in zip(values, want))

    names = [port.name for port in session.get_outputs()]
    skip = set()
    for name in names:
        if name in skip:
            continue
        values = outputs[name].reshape(len(outputs[name]), -1)
        stem = name.removesuffix(".label")
        if name.endswith(".label"):
            how = next(stem + ending for ending in (".probabilities", ".score") if stem + ending in outputs)
            skip.add(how)
            beside = outputs[how].reshape(values.shape + (-1,))
            for i in range(values.shape[1]):
                texts(values[:, i])
                for k in range(beside.shape[2]):
                    numbers(beside[:, i, k])
        elif name.endswith(".scores"):
            pass  # of a span, which nnc predict does not write
        elif values.dtype == numpy.int64:
            texts(values[:, 0])
        else:
            for i in range(values.shape[1]):
                numbers(values[:, i])
    assert at == len(header), f"{at} of the columns {header}"
    return len(lines), worst, labels, equal


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("predictions")
    parser.add_argument("data", nargs="+")
    parser.add_argument("--window", type=int, default=0)
    args = parser.parse_args()
    model = onnx.load(args.model)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(args.model)
    if args.data[0].endswith(".csv"):
        found = table(args.data[0], session, args.window)
        if '"tokens"' in next((p.value for p in model.metadata_props if p.key == "nnc.codec"), ""):
            words(args.data[0], model, session, found)
    else:
        found = arrays(args.data)
    feed = {}
    for port in session.get_inputs():
        values = found[port.name] if port.name in found else found[""]
        feed[port.name] = numpy.ascontiguousarray(values.reshape([len(values)] + port.shape[1:]), TYPES[port.type])
    outputs = dict(zip([port.name for port in session.get_outputs()], session.run(None, feed)))
    rows, worst, labels, equal = compare(session, outputs, args.predictions)
    print(json.dumps({"rows": rows, "worst": worst, "labels": labels, "equal": equal}))
    return int(worst is not None and not worst <= 1e-5 or equal < labels)


if __name__ == "__main__":
    sys.exit(main())
