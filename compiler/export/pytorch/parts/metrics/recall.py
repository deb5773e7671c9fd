# needs: by_class


class Recall(ByClass):
    """The share of a class that is found, 0 where there is none of it."""

    def score(self, right, rows, predicted):
        return right / rows
