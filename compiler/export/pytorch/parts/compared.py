# needs: processes
from functools import cached_property

import torch

# ---- Metrics: of all held-out rows together, in float64 and in own units ---------------------------------------------


class Compared:
    """Some rows of an output beside the truth. judged is the target's line of TARGETS, units those of its elements."""

    def __init__(self, output: torch.Tensor, truth: torch.Tensor, judged: dict, units: tuple):
        self.output, self.truth, self.judged, self.units = output, truth, judged, units

    @cached_property
    def classes(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The true and the predicted class of every position, of a class or a flag, that is not left out."""
        if self.judged["kind"] == "class":
            return self.truth[self.counts], self.output.argmax(-1)[self.counts]
        if self.judged["link"] in ("sigmoid", "score"):
            predicted = self.output > 0  # of a sigmoid near to 0: its value may be rounded to ½
        else:
            predicted = linked(self.output, self.judged["link"]) > 0.5
        return (self.truth > 0.5).long().reshape(-1), predicted.long().reshape(-1)

    @cached_property
    def counts(self) -> torch.Tensor:
        """Where the class of a position counts."""
        return self.truth != self.judged.get("left_out", -100)

    @cached_property
    def own(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Predictions and truth in their own units: float64 [rows, elements]."""
        shift, divisor = self.units
        predicted = linked(self.output.double(), self.judged["link"])
        return tuple(by_row(y.double()) * divisor + shift for y in (predicted, self.truth))


def by_row(values: torch.Tensor) -> torch.Tensor:
    """Values as [rows, elements]."""
    return values[:, None] if values.ndim == 1 else values.flatten(1)


def linked(output: torch.Tensor, link: str) -> torch.Tensor:
    """What a prediction is of an output."""
    if link == "softmax":
        return output.softmax(-1)
    if link == "sigmoid":
        return output.sigmoid()
    return output.exp() if link == "exp" else output


def units(codec: dict, at: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What model values of a target are in its own units: y · divisor + shift, by element of a row."""
    target = codec["targets"][at]
    columns, place = target.get("columns", []), {"dtype": torch.float64, **PLACE}
    if target.get("input"):  # it is an input, and has that one's units
        for array in codec.get("arrays", []):
            if array["name"] == target["name"] and array.get("divisor"):
                return torch.zeros(1, **place), torch.tensor([array["divisor"]], **place)
        columns = input_columns(codec, target["name"])
    shift = [c.get("mean", 0.0) for c in columns] or [0.0]
    divisor = [c.get("deviation", 1.0) for c in columns] or [1.0]
    return torch.tensor(shift, **place), torch.tensor(divisor, **place)


def input_columns(codec: dict, name: str) -> list[dict]:
    """The columns of an input by element of a row: an indicator, and each class, is one of its own."""
    columns, at = codec.get("columns", []), 0
    for of in codec.get("inputs", []):
        if of["name"] == name:
            columns = columns[at : at + of["columns"]]
            break
        at += of["columns"]
    elements = []
    for c in columns:
        if c["kind"] == "class":
            elements += [{}] * len(c["classes"])
        elif c["kind"] != "tokens":
            elements += [c, {}] if c.get("indicator") else [c]
    return elements
