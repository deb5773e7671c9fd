# needs: table_cells processes
import numpy as np

# ---- Columns: numbers or texts, and what is wrong with their cells ---------------------------------------------------

MOST_INDICATORS = 50  # different texts of a feature
MOST_TEXTS = 1 << 16  # of a target's classes, or of what an input of integers takes by place
MOST_GROUPS = 1 << 24


class Column:
    """A column as it is read: every cell as a number and, while there are not too many different ones, as a text. What
    it is, "number", "class", "index" or "tokens", may be decided when all are there."""

    def __init__(self, name: str, field: int, writing: Writing, kind: str = "", most: int = MOST_INDICATORS):
        self.name, self.field, self.writing, self.kind, self.most = name, field, writing, kind, most
        self.signed = False  # of numbers: signs and units are taken off, and other texts are missing
        self.by_place = False  # of an index: the place of a text
        self.limit = None  # of an index
        self.sure = False  # of tokens: they are texts though all are numbers
        self.target, self.required = False, ""  # no cell may be missing; the flag that wants it so
        self.numbers, self.codes, self.texts = [], [], []  # of each chunk
        self.code: dict[str, int] = {}  # of each text
        self.many = False
        self.filled = self.numeric = 0  # cells that are not missing, as cells of numbers, and those that are numbers
        self.strays, self.gaps = [], []  # the first cells that are no numbers, and that are missing: (place, text)
        self.first = self.last = self.file = None  # of the numbers, while they count up by one
        self.counts_up, self.seen = True, 0

    def add(self, cells, keep, place) -> None:
        """Takes the cells of a chunk, of which keep says which rows belong to the table; place(i) is that of a cell."""
        if self.kind in ("", "number"):
            values, kinds = self.writing.numbers(cells, self.signed)
            self.follow(values, place(0).rpartition(":")[0])
            if keep is not None:
                values, kinds = values[keep], kinds[keep]
        if keep is not None:
            places, whole = np.flatnonzero(keep).tolist(), place
            cells, place = [cells[i] for i in places], lambda i: whole(places[i])
        if self.kind in ("", "number"):
            self.numbers.append(values)
            self.filled += int((kinds >= NUMBER).sum())
            self.numeric += int((kinds == NUMBER).sum())
            self.keep_first(self.strays, cells, place, kinds > NUMBER)
            lacking = (kinds < NUMBER) | (kinds == TEXT) if self.signed else kinds < NUMBER
            self.keep_first(self.gaps, cells, place, lacking)
        elif self.kind == "tokens":
            self.texts += cells
            if not self.sure and self.numeric == self.filled:  # all were numbers so far
                self.numeric += int((self.writing.numbers(cells)[1] == NUMBER).sum())
            self.filled += len(cells)
        elif self.kind == "index" and not self.by_place:
            self.numbers.append(self.integers(cells, place))
        if self.kind in ("", "class") or self.by_place:
            self.add_texts([cell.strip(SPACES) for cell in cells], place)

    def add_texts(self, texts: list[str], place) -> None:
        if self.kind:
            self.filled += sum(map(bool, texts))
            self.keep_first(self.gaps, texts, place, np.array([not text for text in texts]))
        if not self.many:
            codes = self.code
            coded = [codes.setdefault(text, len(codes)) if text else -1 for text in texts]
            self.codes.append(np.array(coded, dtype=np.int64))
            self.many = len(codes) > self.most

    def integers(self, cells, place):
        """The integers of an input's cells, each of its range."""
        values, kinds = self.writing.numbers(cells)
        low, high = (0, self.limit) if self.limit else (-(2**31), 2**31)
        whole = (kinds == NUMBER) & (values == np.floor(values))
        fits = whole & (values >= low) & (values < high)
        if not fits.all():
            i = int(np.argmin(fits))
            what = f"is out of range [{low}, {high})" if whole[i] else "is not an integer"
            if kinds[i] < NUMBER:
                raise self.wrong(place(i), "the value is missing, and of integers there is no mean to put in its place")
            raise self.wrong(place(i), f"{quoted(cells[i])} {what}")
        return values

    def keep_first(self, to: list, cells, place, which) -> None:
        for i in np.flatnonzero(which)[: 4 - len(to)].tolist():
            to.append((place(i), cells[i].strip(SPACES)))

    def follow(self, values, file: str) -> None:
        """Follows whether the numbers count up by one. A file of its own may have an index of its own."""
        if not self.counts_up or not len(values):
            return
        if self.first is None:
            self.first, self.last = values[0], values[0] - 1
        elif file != self.file and values[0] == self.first:
            self.last = values[0] - 1
        steps = np.diff(values, prepend=self.last)
        self.counts_up = bool((steps == 1).all() and (values == np.floor(values)).all() and (abs(values) < 2**53).all())
        self.last, self.file, self.seen = values[-1], file, self.seen + len(values)

    def counts(self) -> bool:
        """Whether the cells are whole numbers that count up by one."""
        return self.counts_up and self.seen > 1

    def wrong(self, place: str, what: str) -> SystemExit:
        return SystemExit(f'{place}: column "{self.name}": {what}')

    def lacks(self, cells):
        """Which cells of a target have no value."""
        if self.kind not in ("", "number"):
            return np.array([not cell.strip(SPACES) for cell in cells])
        kinds = self.writing.numbers(cells, self.signed)[1]
        return (kinds < NUMBER) | (kinds == TEXT) if self.signed else kinds < NUMBER

    def names(self) -> list[str]:
        """The different texts, in the order in which they appear."""
        return list(self.code)

    def settle(self) -> list[int]:
        """Of a target's classes: takes NA and its like for missing where at least half of the others are numbers, as in
        any column, and returns their rows."""
        self.finish()
        names = self.names()
        kinds = np.array([self.writing.parse(name)[1] for name in names])
        cells = np.bincount(self.codes[self.codes >= 0], minlength=len(names))
        others = cells[kinds != MISSING].sum()
        if (kinds != MISSING).all() or not others or 2 * cells[kinds == NUMBER].sum() < others:
            return []
        self.gaps += [("", name) for name, kind in zip(names, kinds) if kind == MISSING]
        self.code = {name: i for i, name in enumerate(name for name, kind in zip(names, kinds) if kind != MISSING)}
        missing = np.append(kinds == MISSING, False)[self.codes]
        renamed = np.array([self.code.get(name, -1) for name in names] + [-1])
        self.codes = renamed[self.codes]
        return np.flatnonzero(missing).tolist()

    def finish(self) -> None:
        """Makes one array of the chunks."""
        if isinstance(self.numbers, list):
            self.numbers = np.concatenate(self.numbers) if self.numbers else None
            self.codes = np.concatenate(self.codes) if self.codes and not self.many else None

    def take(self, rows) -> None:
        """Leaves the column the cells of these rows."""
        self.numbers = None if self.numbers is None else self.numbers[rows]
        self.codes = None if self.codes is None else self.codes[rows]
        self.texts = [self.texts[row] for row in rows] if self.texts else []

    def decide(self, file: str) -> None:
        """Says what the column is, and refuses cells that do not suit it."""
        self.finish()
        undecided = not self.kind
        if undecided and not self.filled and not self.target:
            raise self.wrong(file, f"there is no value in any row: leave it out with --drop {self.name}")
        if undecided:
            self.kind = "number" if 2 * self.numeric >= self.filled else "class"
        if (self.target or self.required) and self.gaps:
            advice = f"{self.required} wants one in every row"
            if not self.required:
                advice = "a row without a target cannot be learned from; leave such rows out with --skip-missing-target"
            raise self.wrong(self.gaps[0][0] or file, f"the value is missing: {advice}")
        if self.kind == "number":
            self.codes, self.code = None, {}
            self.refuse_strays()
            return
        if undecided:
            self.numbers = None
            self.refuse_written()
        if self.many and self.kind != "tokens":
            few = ", ".join(self.names()[:3])
            advice = f"leave it out with --drop {self.name}"
            if not self.target and not self.required:
                advice += f", or give it to an input of integers with --index {self.name}"
            raise self.wrong(file, f"more than {self.most} different texts, such as {few}: {advice}")

    def refuse_strays(self) -> None:
        """Refuses texts in a column of numbers. In a signed one they are missing."""
        finite = [stray for stray in self.strays if self.writing.parse(stray[1], self.signed)[1] != NOT_FINITE]
        if len(finite) < len(self.strays):
            place, text = next(stray for stray in self.strays if stray not in finite)
            raise self.wrong(place, f"{quoted(text)} is not a finite number: empty the cell if the value is missing")
        if not self.strays or self.signed and self.numeric:
            return
        place, text = self.strays[0]
        advice = f"{self.numeric} of {self.filled} cells are numbers; say --missing {text!r} if it stands for none, or"
        advice += f" --number {self.name} if there are signs or units around numbers"
        if not self.target and not self.required:
            advice += f"; or take the column as texts with --text {self.name}"
        raise self.wrong(place, f"{quoted(text)} is not a number: {advice}")

    def refuse_written(self) -> None:
        """Refuses texts that are all numbers, written in a way that a flag has to accept."""
        names = self.names()
        letters = any(self.writing.parse(name)[1] == TEXT and any(c.isalpha() for c in name) for name in names)
        ways = {"": self.writing}
        if not self.writing.thousands and self.writing.decimal == ".":
            ways |= {"--thousands ,": Writing(","), "--decimal ,": Writing("", ",")}
            ways |= {"--decimal , --thousands .": Writing(".", ",")}
            ways |= {"--thousands ' '": Writing(" "), "--thousands \"'\"": Writing("'")}
        for flags, signed in [(flags, signed) for signed in (False, True) for flags in ways]:
            kinds = [ways[flags].parse(name, signed)[1] for name in names]
            if not letters and NUMBER in kinds and set(kinds) <= {NUMBER, MISSING} and (flags or signed):
                flags += f" --number {self.name}" if signed else ""
                place, text = self.strays[0]
                advice = f"accept it with {flags.strip()}; or take the column as texts with --text {self.name}"
                raise self.wrong(place, f"{quoted(text)} is not a number: {advice}")
