# needs: compared
# usual: class flag


class Accuracy:
    """The share of positions whose class is right."""

    higher = True  # is better

    def __init__(self):
        self.sums = torch.zeros(2, dtype=torch.float64, **PLACE)

    def add(self, rows: Compared) -> None:
        actual, predicted = rows.classes
        self.sums[0] += (actual == predicted).sum()
        self.sums[1] += len(actual)

    def value(self) -> float:
        right, positions = summed(self.sums)
        return float(right / positions)
