# needs: table_read table_codec split weighing codec processes
import numpy as np
import torch

# ---- Data: a table, as `nnc train` reads it --------------------------------------------------------------------------


def table_arguments(parser) -> None:
    add = parser.add_argument_group("columns of a table").add_argument
    columns = {"type": column_list, "action": "extend", "default": [], "metavar": "COLUMN,..."}
    add("--target", **columns, help="the columns of the targets")
    add("--features", **columns, help="those of the features, otherwise all others; INPUT=COLUMN begins an input's")
    add("--drop", **columns, help="columns to leave out")
    add("--id", **columns, help="columns that tell rows apart: no features")
    add("--number", **columns, help="columns of numbers with signs and units; other texts are missing")
    add("--text", **columns, help="columns of texts, though most of their cells are numbers")
    add("--index", **columns, help="columns of texts for an input of integers, by their place in byte order")
    add("--group", metavar="COLUMN", help="rows of one value are held out together; no feature")
    add("--weight", metavar="COLUMN", help="how much each row counts in the losses; no feature")
    add("--missing-indicator", action="store_true", help="missing numbers make a second feature")
    add("--skip-missing-target", action="store_true", help="leave out rows whose target is missing")
    add("--scale", choices=["standard", "none"], help="of numbers (standard)")
    add = parser.add_argument_group("how a table is written").add_argument
    add("--sep", metavar="SIGN", help="what separates the cells of CSV, such as ';' or tab (a comma)")
    add("--no-header", action="store_true", help="the first line of CSV is a row; columns are named 1, 2 and so on")
    add("--decimal", metavar="SIGN", help="what stands before the fraction of a number (a point)")
    add("--thousands", metavar="SIGN", help="what stands between the thousands of a number")
    add("--missing", type=column_list, action="extend", metavar="TEXT,...", help="texts that stand for no number")
    add("--unseen", choices=["error"], help="refuse texts in held-out files that training never saw")


def column_list(text: str) -> list[str]:
    """Names between commas; \\, is a comma of a name."""
    return [name.replace("\0", ",") for name in text.replace("\\,", "\0").split(",")]


class TableData:
    """The rows' model values. The Codec has the statistics, of the weight file or of the rows to train on."""

    reader = Table

    def __init__(self, args, codec: dict | None):
        self.args, self.place, self.notes = args, {}, []
        self.ports = [{"name": name, "shape": shape, "limit": limit} for name, shape, limit in INPUTS]
        self.judged = [target for target in TARGETS if not target.get("input")]
        self.check(codec)
        table = self.open(args.data, codec)
        self.divide(table)
        stored = self.fit(table, self.train_rows(table), codec)
        self.codec, self.targets = as_json(stored), stored["targets"]
        parts, rows = [self.encode(table, stored)], self.count(table)
        for part, files in ("valid", args.valid_data), ("test", test_files(args)):
            if files:
                held = self.open(files, stored, held=True)
                parts.append(self.encode(held, stored, held=True))
                setattr(self, part, np.arange(rows, rows + self.count(held)))
                rows += self.count(held)
        inputs, answers, weights = zip(*parts)
        self.inputs = [torch.from_numpy(np.concatenate(values)) for values in zip(*inputs)]
        self.answers = [torch.from_numpy(np.concatenate(values)) for values in zip(*answers)]
        self.weigh(None if weights[0] is None else np.concatenate(weights))

    def check(self, codec: dict | None) -> None:
        """Refuses flags that say what the weights say already."""
        args = self.args
        if codec is None:
            return
        if "columns" not in codec:
            raise SystemExit(f"{args.data[0]} is a table, which the weights were not trained on")
        for flag in "number", "text", "index", "missing_indicator":
            if getattr(args, flag):
                what = "what columns are is said by the weights that the training starts from"
                raise SystemExit(f"--{flag.replace('_', '-')}: {what}: leave the flag out")
        if args.scale and args.scale != codec["scale"]:
            raise SystemExit(f"--scale {args.scale}: the weights were trained with --scale {codec['scale']}")
        for flag, columns in ("--target", codec_sources(codec)), ("--features", codec["columns"]):
            named = [name.split("=")[-1] for name in getattr(args, flag[2:])]
            known = [column["name"] for column in columns]
            if named and sorted(named) != sorted(known):
                raise SystemExit(f"{flag} names {listed(named)}, but the weights were trained on {listed(known)}")

    def open(self, files: list[str], codec: dict | None, held: bool = False) -> Table:
        """Reads a table's columns."""
        table = self.reader(files, self.args, self.ports, self.judged, codec)
        if codec is None:
            table.choose(self.ports, self.judged)
        else:
            table.choose_stored(codec, self.judged)
        table.read()
        self.notes += table.notes
        return table

    def divide(self, table: Table) -> None:
        """Holds rows out."""
        groups = table.group.codes if table.group else None
        classes = None
        #+ classes
        classes = stratified(table.targets[0][0], self.judged[0]) if len(self.judged) == 1 else None
        #- classes
        self.train, self.valid, self.test = split_rows(table.rows, self.args, classes, groups)

    def train_rows(self, table: Table):
        """The rows of the table that the statistics are those of."""
        return self.train

    def count(self, table: Table) -> int:
        """How many rows of the model a table makes."""
        return table.rows

    def fit(self, table: Table, train, codec: dict | None) -> dict:
        """The Codec: the texts and classes of the whole table, the statistics of the rows to train on."""
        columns, inputs = [], []
        for i, port in enumerate(self.ports):
            for column in table.inputs[i]:
                known = codec and codec["columns"][len(columns)]
                columns.append(take_over(column, known, train) if codec else self.fit_column(column, port, train))
            inputs.append(table.measures.get(i) or {"name": port["name"], "columns": len(table.inputs[i])})
        scale = self.args.scale or (codec or {}).get("scale", "standard")
        targets = codec_targets()
        for i, target in enumerate(self.judged):
            own = codec["targets"][i].get("columns") if codec else None
            targets[i]["columns"] = own or [fit_target(column, target, train) for column in table.targets[i]]
        written = {key: value for key, value in table.written.items() if value or isinstance(value, list)}
        stored = {"version": table_version(columns, inputs, targets), "scale": scale, "cells": written}
        stored |= {"columns": columns, "inputs": inputs if len(inputs) > 1 else [], "targets": targets}
        return {key: value for key, value in stored.items() if value}

    def fit_column(self, column: Column, port: dict, train) -> dict:
        stored, notes = fit_column(column, train, self.args.missing_indicator)
        self.notes += notes
        return stored

    def encode(self, table: Table, codec: dict, held: bool = False):
        """The model values of a table's rows: of each input, of each target, and how much the rows count."""
        inputs, known = [], iter(codec["columns"])
        for i, port in enumerate(self.ports):
            columns = [(column, next(known)) for column in table.inputs[i]]
            inputs.append(self.encode_input(table, i, columns, codec["scale"], held))
        answers = []
        for i, target in enumerate(self.judged):
            columns = list(zip(table.targets[i], codec["targets"][i]["columns"]))
            answers.append(encode_target(table, target, columns, codec["scale"], held))
        weights = None if table.weight is None else table.weight.numbers.astype(np.float32)
        return inputs, answers, weights

    def encode_input(self, table: Table, i: int, columns: list, scale: str, held: bool):
        """The model values of input i: those of each of its columns, one behind the other."""
        port, parts = self.ports[i], []
        for column, stored in columns:
            values, notes = encode_feature(table, column, stored, scale, held)
            self.notes += notes if held else []
            parts.append(values)
        values = np.concatenate(parts, axis=1)
        if values.shape[1] != size(port):
            of_each = [f"{part.shape[1]} from {stored['name']}" for part, (_, stored) in zip(parts, columns)]
            made = f"the columns make {counted(values.shape[1], 'feature')} ({', '.join(of_each)})"
            takes = f"but the model's input {port['name']} takes {size(port)}: choose with --features or --drop"
            raise SystemExit(f"{table.file}: {made}, {takes}")
        #+ mirrored
        target = next((target for target in TARGETS if target.get("input") and target["name"] == port["name"]), None)
        if target:
            refuse_scaled(table, target, [stored for _, stored in columns], scale)
            #+ checked
            check_values(table, target, values)
            #- checked
        #- mirrored
        return values.reshape(-1, *port["shape"])

    def weigh(self, own) -> None:
        """Works out how much rows count."""
        self.classes = self.classes_of_rows() if self.answers else None
        of_class = balanced_weights(self.args, None if self.classes is None else self.classes[self.train])
        self.class_weights = None if of_class is None else of_class.tolist()
        weights = row_weights(own, self.classes, of_class)
        self.weights = None if weights is None else torch.from_numpy(weights)
        for what, rows in ("to train on", self.train), ("held out", self.valid), ("to test on", self.test):
            if own is not None and len(rows) and not own[rows].any():
                raise SystemExit(f"every row {what} has the weight 0 in the column {self.args.weight}")

    def classes_of_rows(self):
        return row_classes(self.answers[0], self.judged[0])

    def order(self, epoch: int):
        """The rows to train on in the order of an epoch."""
        classes = None if self.classes is None else self.classes[self.train]
        return self.train[shuffled(len(self.train), self.args, epoch, classes)]

    def gather(self, rows, epoch: int | None = None, place: int | None = None):
        """Some rows: the inputs, the targets, and how much each counts."""
        inputs = tuple(self.to_place(values[rows]) for values in self.inputs)
        targets = tuple(self.to_place(values[rows]) for values in self.answers)
        return inputs, targets, None if self.weights is None else self.to_place(self.weights[rows])

    def to_place(self, values: torch.Tensor) -> torch.Tensor:
        return values.to(**self.place) if values.is_floating_point() else values.to(self.place.get("device"))
