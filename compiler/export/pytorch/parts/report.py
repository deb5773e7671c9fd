# needs: compared judgement
import torch

# ---- How well the classes of an output are told apart ----------------------------------------------------------------

MOST_REPORTED = 50  # classes, or columns of flags


class Report:
    """Counts which class is taken for which, of a class or of each column of flags, unless they are too many."""

    def __init__(self, judged: dict, codec: dict, at: int):
        self.judged, self.columns = judged, codec["targets"][at].get("columns", [])
        classes, tables = judged.get("count", 0), 1
        if judged["kind"] not in ("class", "flag") or classes > MOST_REPORTED or codec.get("text"):
            classes = 0
        elif judged["kind"] == "flag" and not judged.get("input") and len(self.columns) <= MOST_REPORTED:
            tables = max(1, len(self.columns))
        self.counts = torch.zeros(tables, classes, classes, dtype=torch.float64, **PLACE)

    def add(self, rows: Compared) -> None:
        if self.counts.numel():
            actual, predicted = rows.classes
            table = torch.arange(len(actual), device=actual.device) % len(self.counts)
            tables, classes, _ = self.counts.shape
            places = (table * classes + actual) * classes + predicted
            self.counts += torch.bincount(places, minlength=self.counts.numel()).reshape(self.counts.shape)

    def tables(self) -> list:
        """Of each table its title, and its lines: a class, how many rows have it, are taken for it, and are both."""
        if not self.counts.numel():
            return []
        tables = []
        for i, counts in enumerate(summed(self.counts)):
            column = self.columns[i] if i < len(self.columns) else {}
            names = column.get("classes") or [str(k) for k in range(len(counts))]
            title = column["name"] if len(self.counts) > 1 else self.judged["name"]
            columns = counts.sum(1), counts.sum(0), counts.diagonal()
            lines = zip(names, *(column.long().tolist() for column in columns))
            tables.append([title, [list(line) for line in lines]])
        return tables


def scores(title: str, said: Judgement) -> str:
    """The precision, recall and F1 of every class."""
    text = ""
    for target, classes in said.reports:
        of = f"{title}, {target}" if len(said.losses) > 1 or len(said.reports) > 1 else title
        lines, sums = [[of, "precision", "recall", "f1", "rows"]], torch.zeros(2, 4, dtype=torch.float64)
        for name, rows, taken, right in classes:
            if not rows + taken:
                lines.append([name, "–", "–", "–", str(rows)])
                continue
            three = [right / taken if taken else 0.0, right / rows if rows else 0.0, 2 * right / (rows + taken)]
            sums += torch.tensor([[1.0], [rows]]) * torch.tensor([*three, 1.0], dtype=torch.float64)
            lines.append([name, *(f"{score:.4f}" for score in three), str(rows)])
        for name, (*three, count) in zip(("(mean)", "(mean by rows)"), sums.tolist()):
            means = [f"{score / count:.4f}" if count else "–" for score in three]
            lines.append([name, *means, str(sum(rows for _, rows, _, _ in classes))])
        wide = [max(len(cell) for cell in column) for column in zip(*lines)]
        text += "\n"
        for line in lines:
            text += "".join(f"{cell:>{width + 2}}" for cell, width in zip(line, wide)) + "\n"
    return text
