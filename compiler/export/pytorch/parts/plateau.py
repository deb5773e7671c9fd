
# ---- The learning rate falls where the loss does not -----------------------------------------------------------------


class Plateau:
    """As PyTorch's ReduceLROnPlateau, of the learning rate before its warm-up."""

    def __init__(self):
        self.best, self.bad, self.cooling = None, 0, 0

    def next(self, lr: float, loss: float) -> float:
        """Takes in the loss of an epoch and returns the rate from the next step on."""
        factor, patience, threshold, cooldown, least = PLATEAU
        if loss < (float("inf") if self.best is None else self.best * (1 - threshold)):
            self.best, self.bad = loss, 0
        else:
            self.bad += 1
        if self.cooling > 0:
            self.cooling, self.bad = self.cooling - 1, 0
        if self.bad <= patience:
            return lr
        self.bad, self.cooling = 0, cooldown
        lower = max(lr * factor, least)
        return lower if lr - lower > 1e-8 else lr
