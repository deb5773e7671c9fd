# needs: compared
# usual: sequences


class Perplexity:
    """e to the mean of −log p over all positions, p being the probability of the right class."""

    higher = False  # is better

    def __init__(self):
        self.sums = torch.zeros(2, dtype=torch.float64, **PLACE)

    def add(self, rows: Compared) -> None:
        output, link = rows.output[rows.counts].double(), rows.judged["link"]
        if link == "softmax":
            logs = output.log_softmax(-1)
        else:
            logs = output if link == "exp" else linked(output, link).log()
        self.sums[0] -= logs.gather(-1, rows.truth[rows.counts][:, None]).sum()
        self.sums[1] += len(output)

    def value(self) -> float:
        surprise, positions = summed(self.sums)
        return float((surprise / positions).exp())
