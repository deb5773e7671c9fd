# needs: by_class


class F1(ByClass):
    """The harmonic mean of the precision and the recall of a class."""

    def score(self, right, rows, predicted):
        return 2 * right / (rows + predicted)
