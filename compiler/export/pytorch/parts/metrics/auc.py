# needs: compared


class Auc:
    """The probability that a row of class 1 scores above one of class 0, where equal scores count half; of several
    flags in a row the mean. It keeps each score until the end."""

    higher = True  # is better

    def __init__(self):
        self.scores, self.truth = [], []

    def add(self, rows: Compared) -> None:
        self.scores.append(by_row(rows.output))
        self.truth.append(by_row(rows.truth) > 0.5)

    def value(self) -> float:
        scores, truth = every(torch.cat(self.scores)), every(torch.cat(self.truth).to(torch.uint8)) > 0
        return float(torch.stack([area(s, t) for s, t in zip(scores.T, truth.T)]).mean())


def area(scores: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """The area under the ROC curve; not a number where there is one class only."""
    no, yes = scores[~truth].sort().values, scores[truth]
    if not len(no) or not len(yes) or scores.isnan().any():
        return torch.tensor(torch.nan, dtype=torch.float64, device=scores.device)
    below = torch.searchsorted(no, yes).sum() + torch.searchsorted(no, yes, right=True).sum()
    return below.double() / (2 * len(no) * len(yes))
