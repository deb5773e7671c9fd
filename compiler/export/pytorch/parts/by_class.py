# needs: compared

class ByClass:
    """A score of each class: of flags that of class 1, of classes the mean over those that occur."""

    higher = True  # is better

    def __init__(self):
        self.sums = torch.zeros(3, 0, dtype=torch.float64, **PLACE)  # right, of the class, taken for it

    def add(self, rows: Compared) -> None:
        self.flags, classes = rows.judged["kind"] == "flag", rows.judged["count"]
        actual, predicted = rows.classes
        lists = actual[actual == predicted], actual, predicted
        counts = [torch.bincount(k, minlength=classes).double() for k in lists]
        self.sums = self.sums + torch.stack(counts) if self.sums.numel() else torch.stack(counts)

    def score(self, right, rows, predicted):
        raise NotImplementedError

    def value(self) -> float:
        right, rows, predicted = summed(self.sums)
        scores, occurs = self.score(right, rows, predicted).nan_to_num(), rows + predicted > 0
        if self.flags and occurs.any():
            return float(scores[1])
        return float(scores[occurs].mean())
