# needs: compared


class Top:
    """The share of positions whose class is among the k of the largest scores; of equal ones the first is larger."""

    higher = True  # is better

    def __init__(self, k: int):
        self.k, self.sums = k, torch.zeros(2, dtype=torch.float64, **PLACE)

    def add(self, rows: Compared) -> None:
        scores, actual = rows.output[rows.counts], rows.classes[0][:, None]
        own = scores.gather(-1, actual)
        earlier = torch.arange(scores.shape[-1], device=scores.device) < actual
        before = (~(scores <= own) | (scores == own) & earlier).sum(-1)
        self.sums[0] += (before < self.k).sum()
        self.sums[1] += len(actual)

    def value(self) -> float:
        right, positions = summed(self.sums)
        return float(right / positions)
