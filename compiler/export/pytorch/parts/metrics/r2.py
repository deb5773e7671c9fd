# needs: compared
# usual: quantity count vector distribution


class R2:
    """1 − Σ(y − t)²/Σ(t − mean)², averaged over the elements of a row; of one that never varies 1 if it is always met,
    else 0."""

    higher = True  # is better

    def __init__(self):
        self.parts = []  # by some rows: their number, Σ(y − t)², the mean of t, and Σ(t − mean)², by element

    def add(self, rows: Compared) -> None:
        predicted, actual = rows.own
        if len(actual):
            mean = actual.mean(0)
            count = torch.full_like(mean, len(actual))
            missed, spread = ((predicted - actual) ** 2).sum(0), ((actual - mean) ** 2).sum(0)
            self.parts.append(torch.stack([count, missed, mean, spread]))
        else:
            self.parts.append(actual.new_zeros(4, actual.shape[1]))

    def value(self) -> float:
        count, missed, mean, spread = every(torch.stack(self.parts)).unbind(1)
        middle = (count * mean).sum(0) / count.sum(0)
        missed, spread = missed.sum(0), (spread + count * (mean - middle) ** 2).sum(0)
        shares = torch.where(spread > 0, 1 - missed / spread, (missed == 0).double())
        return float(shares.mean())
