# needs: compared split
# usual: span


class ExactMatch:
    """The share of rows that are right everywhere: the classes at all positions that count, or both ends of a span."""

    higher = True  # is better

    def __init__(self):
        self.sums = torch.zeros(2, dtype=torch.float64, **PLACE)

    def add(self, rows: Compared) -> None:
        if rows.judged["kind"] == "span":
            counts, predicted = rows.truth != IGNORED, best_spans(rows.output, rows.judged["longest"])
        else:
            counts, predicted = by_row(rows.counts), by_row(rows.output.argmax(-1))
        right = (by_row(rows.truth) == predicted) | ~counts
        self.sums[0] += (right.all(1) & counts.any(1)).sum()
        self.sums[1] += counts.any(1).sum()

    def value(self) -> float:
        right, among = summed(self.sums)
        return float(right / among)


def best_spans(scores: torch.Tensor, longest: int) -> torch.Tensor:
    """The start and the end with the largest sum of scores, of spans that are not too long: int64 [rows, 2]."""
    length, scores = scores.shape[1], scores.double()
    scores = scores.masked_fill(scores <= torch.finfo(torch.float32).min, -torch.inf)  # what a mask leaves out
    sums = scores[:, :, None, 0] + scores[:, None, :, 1]
    i = torch.arange(length, device=scores.device)
    allowed = (i[None, :] >= i[:, None]) & (i[None, :] - i[:, None] < longest)
    best, at = sums.masked_fill(~allowed, -torch.inf).flatten(1).max(1)
    spans = torch.stack([at // length, at % length], 1)
    return torch.where((best > -torch.inf)[:, None], spans, IGNORED)
