# needs: compared
# usual: quantity count vector distribution


class Mae:
    """The mean of |y − t| over all elements, in own units."""

    higher = False  # is better

    def __init__(self):
        self.sums = torch.zeros(2, dtype=torch.float64, **PLACE)

    def add(self, rows: Compared) -> None:
        predicted, actual = rows.own
        self.sums[0] += (predicted - actual).abs().sum()
        self.sums[1] += actual.numel()

    def value(self) -> float:
        error, elements = summed(self.sums)
        return float(error / elements)
