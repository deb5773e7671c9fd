# ---- The model -------------------------------------------------------------------------------------------------------

class House(nn.Module):
    """A house's price from what is known about it: 8 numbers, and its distance
    class to the ocean as 5 indicator columns."""

    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(13, 64)
        self.linear2 = nn.Linear(64, 64)
        self.linear3 = nn.Linear(64, 1)

    def forward(self, features):            # [n, 13]
        x = F.relu(self.linear1(features))  # house.nn:6  [n, 64]
        x = F.relu(self.linear2(x))         # house.nn:7  [n, 64]
        return self.linear3(x)              # house.nn:8  [n, 1]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "linear1.*": ("uniform", 0.2773501),  # ±1/√13
    "linear2.*": ("uniform", 0.125),      # ±1/√64
    "linear3.*": ("uniform", 0.125),      # ±1/√64
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [("features", (13,), None)]  # name, shape, and of integers the number that they are below
TARGETS = [  # what the losses compare with
    dict(name="target", loss="mse", kind="quantity", link="identity", shape=(1,), limit=None),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["mse"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    (output,) = outputs
    (target,) = targets
    if weights is not None:
        return [
            (1, (F.mse_loss(output, target, reduction="none") * weights.view(-1, 1)).sum(), weights.sum()),
        ]
    return [
        (1, F.mse_loss(output, target, reduction="sum"), output.numel()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

JUDGED = [(0, 0)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 0  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [("mae", (0, 0), Mae())]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step."""
    return lr


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.Adam(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08)


def read(args, codec: dict | None):
    path = bound(args.data[0])[1]
    kind = kind_of(path)
    arrays = kind in ("folder", "npy", "npz", "idx", "image")
    if not arrays:
        return TableData(args, codec)
    advice = f"`nnc export --pytorch --reads {'arrays' if arrays else 'table'}` writes one for such files"
    raise SystemExit(f"{path}: this program reads table: {advice}")


class Column:
    """A column as it is read: every cell as a number and, while there are not too many different ones, as a text. What
    it is, "number", "class", "index" or "tokens", may be decided when all are there."""

    def __init__(self, name: str, field: int, writing: Writing, kind: str = "", most: int = MOST_INDICATORS):
        self.name, self.field, self.writing, self.kind, self.most = name, field, writing, kind, most
        self.signed = False  # of numbers: signs and units are taken off, and other texts are missing
        self.limit, self.by_place = None, False  # of an index: integers are below it; they are places of texts
        self.sure = False  # of tokens: they are texts though all are numbers
        self.target, self.required = False, ""  # no cell may be missing; the flag that wants it so
        self.numbers, self.codes, self.texts = [], [], []  # of each chunk
        self.code: dict[str, int] = {}  # of each text
        self.filled = self.numeric = 0  # cells that are not missing, as cells of numbers, and those that are numbers
        self.first: dict[int, tuple[str, str]] = {}  # of each kind of cell: the place and the text
        self.start = self.last = self.file = None  # of the numbers, while they count up by one
        self.counts_up = True

    def add(self, file: str, lines, cells, keep) -> None:
        """Takes the cells of a chunk; keep says which rows belong to the table, None: all do."""
        numbers = self.kind in ("", "number")
        if numbers:
            values, kinds = self.writing.numbers(cells, self.signed)
            self.follow(values, file)
        if keep is not None:
            lines, cells = list(compress(lines, keep)), list(compress(cells, keep))
        if numbers:
            values, kinds = (values, kinds) if keep is None else (values[keep], kinds[keep])
            self.numbers.append(values)
            self.filled, self.numeric = self.filled + (kinds >= NUMBER).sum(), self.numeric + (kinds == NUMBER).sum()
        else:
            kinds = np.array([TEXT if cell.strip(SPACES) else EMPTY for cell in cells])
            self.filled += (kinds == TEXT).sum()
        for kind in set(kinds.tolist()) - {NUMBER} - self.first.keys():
            row = int(np.argmax(kinds == kind))
            self.first[kind] = f"{file}:{lines[row]}", cells[row].strip(SPACES)
        if self.kind != "number" and len(self.code) <= self.most:
            texts, code = [cell.strip(SPACES) for cell in cells], self.code
            coded = [code.setdefault(text, len(code)) if text else -1 for text in texts]
            self.codes.append(np.array(coded, dtype=np.int64))

    def follow(self, values, file: str) -> None:
        """Follows whether the numbers count up by one. A file of its own may have an index of its own."""
        if not self.counts_up or not len(values):
            return
        if self.start is None or file != self.file and values[0] == self.start:
            self.start, self.last = values[0], values[0] - 1
        self.counts_up = bool((np.diff(values, prepend=self.last) == 1).all() and values[0] == np.floor(values[0]))
        self.last, self.file = values[-1], file

    def counts(self, rows: int) -> bool:
        """Whether the cells are whole numbers that count up by one."""
        return self.counts_up and self.start is not None and rows > 1

    def wrong(self, place: str, what: str) -> SystemExit:
        return SystemExit(f'{place}: column "{self.name}": {what}')

    def lacks(self, cells):
        """Which cells of a target have no value."""
        if self.kind != "number":
            return np.array([not cell.strip(SPACES) for cell in cells])
        kinds = self.writing.numbers(cells, self.signed)[1]
        return (kinds < NUMBER) | (kinds == TEXT) & self.signed

    def names(self) -> list[str]:
        """The different texts, in the order in which they appear."""
        return list(self.code)

    def finish(self) -> None:
        """Makes one array of the chunks."""
        if isinstance(self.numbers, list):
            self.numbers = np.concatenate(self.numbers) if self.numbers else None
            self.codes = np.concatenate(self.codes) if self.codes else None

    def decide(self, file: str) -> None:
        """Says what the column is, and refuses cells that do not suit it."""
        self.finish()
        undecided, few = not self.kind, ", ".join(self.names()[:3])
        if undecided and not self.filled:
            raise self.wrong(file, f"there is no value in any row: leave it out with --drop {self.name}")
        if undecided:
            self.kind = "number" if 2 * self.numeric >= self.filled else "class"
        missing = [kind for kind in (EMPTY, MISSING, TEXT) if kind in self.first]
        if self.kind != "number":
            missing = missing and [kind for kind in missing if kind == EMPTY]
        elif not self.signed:
            missing = [kind for kind in missing if kind != TEXT]
        if missing and (self.target or self.required):
            advice = f"{self.required} wants one in every row" if self.required else "see --skip-missing-target"
            raise self.wrong(self.first[missing[0]][0], f"the value is missing: {advice}")
        if self.kind == "number":
            self.codes, self.code = None, {}
            self.refuse_strays()
        elif undecided:
            self.numbers = None
            self.refuse_written()
        if len(self.code) > self.most:
            advice = "leave it out with --drop, or give it to an input of integers with --index"
            raise self.wrong(file, f"more than {self.most} different texts, such as {few}: {advice}")

    def refuse_strays(self) -> None:
        """Refuses texts in a column of numbers. In a signed one they are missing."""
        if NOT_FINITE in self.first:
            place, text = self.first[NOT_FINITE]
            raise self.wrong(place, f"{quoted(text)} is not a finite number: empty the cell if the value is missing")
        if TEXT in self.first and not (self.signed and self.numeric):
            place, text = self.first[TEXT]
            advice = f"say --missing {text!r} if it stands for none, --number {self.name} if there are signs or units,"
            advice = f"{self.numeric} of {self.filled} cells are numbers; {advice} --text {self.name} if all are texts"
            raise self.wrong(place, f"{quoted(text)} is not a number: {advice}")

    def refuse_written(self) -> None:
        """Refuses texts that are all numbers, written in a way that a flag has to accept."""
        names, ways = self.names(), [(self.writing, "")]
        if any(self.writing.parse(name)[1] == TEXT and any(map(str.isalpha, name)) for name in names):
            return
        if not self.writing.thousands and self.writing.decimal == ".":
            signs = ("", ""), (",", ""), ("", ","), (".", ","), (" ", ""), ("'", "")
            ways = [(Writing(*pair), f"--thousands {pair[0]!r} --decimal {pair[1]!r}") for pair in signs]
        for writing, flags in ways:
            kinds = {writing.parse(name, signed=True)[1] for name in names}
            if NUMBER in kinds and kinds <= {NUMBER, MISSING}:
                place, text = self.first[TEXT]
                flags = f"--number {self.name} {flags}"
                what = f"{quoted(text)} is not a number: accept it with {flags}, or say --text {self.name}"
                raise self.wrong(place, what)
