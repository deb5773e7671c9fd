# needs: by_class


class Precision(ByClass):
    """The share of the predictions of a class that are right, 0 where there are none."""

    def score(self, right, rows, predicted):
        return right / predicted
