# needs: processes
import math

import torch

# ---- What rows that did not train say, and when that ends a training -------------------------------------------------


class Judgement:
    """Losses and metrics of some rows."""

    def __init__(self, rows: int, loss: float, losses: list, metrics: list):
        self.rows, self.loss, self.losses, self.metrics, self.reports = rows, loss, losses, metrics, []

    def whole(self) -> str:
        """The loss, and behind it the losses that it is made of."""
        if len(self.losses) < 2:
            return short(self.loss)
        return f"{short(self.loss)} ({', '.join(f'{name} {short(value)}' for name, value in self.losses)})"

    def spelled(self) -> str:
        return "".join(f"  {name} {short(value)}" for name, value in self.metrics)


class Patience:
    """Counts the epochs in a row that did not better the best: what --patience watches, else the `stop` of the spec."""

    def __init__(self, args, data):
        self.epochs, self.least, self.watched, self.higher = args.patience, 0.0, None, False
        flag = f"--patience {args.patience}"
        #+ stop
        if args.patience is None:
            self.epochs, self.least, self.watched = STOP
            self.higher, flag = self.watched is not None and metrics()[self.watched][2].higher, "`stop` in the spec"
        #- stop
        self.best, self.bad = None, 0
        if self.epochs is not None and not len(data.valid):
            raise SystemExit(f"{flag} watches held-out rows, and no rows are held out: hold some out, as with "
                             "--valid 0.1 or --valid-data FILE, or leave it out")

    def ends(self, now: Judgement | None) -> str:
        """Takes in an epoch, and returns why it is the last; "" if it is not."""
        if self.epochs is None or now is None:
            return ""
        value = now.loss if self.watched is None else now.metrics[self.watched][1]
        sign = 1 if self.higher else -1
        if not math.isnan(value) and (self.best is None or sign * value > sign * self.best + self.least):
            self.best, self.bad = value, 0
            return ""
        self.bad += 1
        if self.bad < self.epochs:
            return ""
        name = "loss" if self.watched is None else now.metrics[self.watched][0]
        who = "it" if self.epochs == 1 else f"{self.epochs} epochs in a row"
        by = f" by more than {self.least:g}" if self.least else ""
        best = short(math.nan if self.best is None else self.best)
        return f"{who} did not better the best held-out {name}, {best}{by}"


def short(value: float) -> str:
    """A number in four digits, or with one decimal from a thousand up."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return f"{value:.1f}" if 1000 <= abs(value) < 1e9 else f"{value:.4g}"


def truth(of: int, inputs: tuple, targets: tuple) -> torch.Tensor:
    """What an output is compared with: a target, or an input."""
    if not TARGETS[of].get("input"):
        return targets[of]
    return inputs[[name for name, *_ in INPUTS].index(TARGETS[of]["name"])]


def as_tuple(outputs) -> tuple:
    return outputs if isinstance(outputs, tuple) else (outputs,)


def mean_of(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def not_finite(weights: dict[str, torch.Tensor]) -> str | None:
    """Names the first element that is not a finite number."""
    for name, tensor in weights.items():
        if not tensor.isfinite().all():
            at = int((~tensor.isfinite()).flatten().nonzero()[0])
            return f"element {at} of {name} is {tensor.flatten()[at]:g}"
    return None
