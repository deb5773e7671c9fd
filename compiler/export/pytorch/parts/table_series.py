# needs: table
import numpy as np
import torch

# ---- Data: a time series, whose rows make windows --------------------------------------------------------------------


def series_arguments(parser) -> None:
    add = parser.add_argument_group("time series").add_argument
    add("--window", type=int, metavar="ROWS", help="so many rows in order, the oldest first, make a row of the model")
    add("--horizon", type=int, metavar="ROWS", help="rows from a window's last to the first that is forecast (1)")


class SeriesTable(Table):
    def __init__(self, *args):
        super().__init__(*args)
        self.series = True


class SeriesData(TableData):
    """Windows of a table's rows, each of which is a row of the model; targets are those of rows behind it."""

    reader = SeriesTable

    def check(self, codec: dict | None) -> None:
        """Divides what the model takes and gives into rows of a table."""
        args, known = self.args, (codec or {}).get("series", {})
        for flag in "window", "horizon", "group":
            said = getattr(args, flag)
            if known and said and said != known.get(flag):
                raise SystemExit(f"--{flag} {said}: the weights were trained with {known.get(flag)}: leave it out")
        self.window, self.horizon = args.window or known.get("window", 0), args.horizon or known.get("horizon", 1)
        args.group = args.group or known.get("group")
        if self.window < 1 or self.horizon < 1:
            raise SystemExit(f"--window {self.window} --horizon {self.horizon}: each takes a row at least")
        if args.weight:
            raise SystemExit("--weight and --window exclude each other: a row is a part of several windows")
        if args.split_seed is not None:
            raise SystemExit("--split-seed draws the rows that are held out, but with --window they are the last")
        if len(self.judged) < len(TARGETS):
            raise SystemExit("--window: a loss compares with an input itself, not with what comes after a window")
        for port in self.ports:
            if port["shape"][0] != self.window:
                of = f"windows of {counted(port['shape'][0], 'row')}"
                raise SystemExit(f"the model's input {port['name']} takes {of}: say so with --window")
            port["shape"] = (size(port) // self.window,)
        columns = len(codec_sources(codec) if codec else args.target)
        values = sum(map(size, self.judged))
        if columns < 1:
            raise SystemExit("which column is the target? Name it with --target")
        if columns < values and values % columns or any(target["kind"] == "span" for target in self.judged):
            what = f"{counted(columns, 'target column')} for {values} values that the model gives"
            raise SystemExit(f"{what}: each column is forecast for as many rows as the others")
        self.ahead = values // columns if columns < values else 1  # rows that are forecast, one behind the other
        self.judged = [{**target, "shape": (size(target) // self.ahead,)} for target in self.judged]
        self.behind = self.window - 1 + self.horizon  # from a window's first row to the first that is forecast
        self.span = self.behind + self.ahead
        self.starts, self.places = [], 0  # the first rows of windows, of all files
        super().check(codec)

    def open(self, files: list[str], codec: dict | None, held: bool = False) -> Table:
        table = super().open(files, codec, held)
        table.order, table.begin = np.arange(table.rows), [0]
        if table.group:
            table.order = np.argsort(table.group.codes, kind="stable")  # one series behind the other
            table.begin += (np.flatnonzero(np.diff(table.group.codes[table.order])) + 1).tolist()
        ends = table.begin[1:] + [table.rows]
        table.starts = [self.starts_of(table, begin, end) for begin, end in zip(table.begin, ends)]
        longest = max(end - begin for begin, end in zip(table.begin, ends))
        if longest < self.span:
            of = f"no {self.args.group} has more than" if self.args.group else "there are only"
            raise SystemExit(f"{table.file}: {of} {counted(longest, 'row')}: a window and its target take {self.span}")
        if not sum(map(len, table.starts)):
            raise SystemExit(f"{table.file}: no window has a target after it")
        return table

    def starts_of(self, table: Table, begin: int, end: int):
        """The first places of a series' windows, but for those that forecast a row without a target."""
        starts = np.arange(begin, max(begin, end - self.span + 1))
        gaps = np.cumsum(np.append(0, table.without[table.order]))
        first = starts + self.behind
        return starts[gaps[first + self.ahead] == gaps[first]]

    def divide(self, table: Table) -> None:
        """Holds the last windows of each series out. No row, be it a target, is in windows of two sides."""
        parts: tuple = ([], [], [])
        at = between = short = 0
        for starts in table.starts:
            cut = self.cut(table, starts)
            short += cut is None
            cut = cut or (np.arange(len(starts)), np.arange(0), np.arange(0))
            between += len(starts) - sum(map(len, cut))
            for to, rows in zip(parts, cut):
                to.append(at + rows)
            at += len(starts)
        if short == len(table.starts):
            what = "no series is long enough to hold windows out, and others to train on that share no row with them"
            raise SystemExit(f"{table.file}: {what}: a window and its target take {counted(self.span, 'row')}")
        if short:
            self.notes.append(f"{self.args.group}: {short} of {len(table.starts)} are too short to hold windows out")
        if between:
            what = "before those held out share rows with them and train nothing"
            self.notes.append(f"{counted(between, 'window')} {what}")
        self.train, self.valid, self.test = map(np.concatenate, parts)

    def cut(self, table: Table, starts):
        """The windows of a series that train, that judge, and that are tested on; None where it is too short."""
        left, held = np.arange(len(starts)), []
        for part in test_part(self.args), valid_part(self.count(table), self.args):
            n = part_size(part, len(starts))
            at = max(0, len(left) - n) if n else len(left)
            held.append(left[at:])
            if n:
                stay = int(np.searchsorted(starts[:at] + self.span, starts[at], side="right")) if at else 0
                if not stay:
                    return None
                left = left[:stay]
        return left, held[1], held[0]

    def train_rows(self, table: Table):
        """The rows of the table that the windows to train on, or their targets, take."""
        touched = np.zeros(table.rows + 1, dtype=np.int64)
        first = np.concatenate(table.starts)[self.train]
        np.add.at(touched, first, 1)
        np.add.at(touched, first + self.span, -1)
        return table.order[np.cumsum(touched)[:-1] > 0]

    def count(self, table: Table) -> int:
        return sum(map(len, table.starts))

    def fit(self, table: Table, train, codec: dict | None) -> dict:
        stored = super().fit(table, train, codec)
        for target, judged in zip(stored["targets"], self.judged):
            row = [{key: item for key, item in column.items() if key != "ahead"} for column in target["columns"]]
            ahead = range(self.horizon, self.horizon + (1 if judged["kind"] == "class" else self.ahead))
            row = row[: size(judged)]
            target["columns"] = [column | {"ahead": k} for k in ahead for column in row] if self.ahead > 1 else row
        stored["series"] = {"window": self.window, "horizon": self.horizon}
        if self.args.group:
            stored["series"]["group"] = self.args.group
        return stored

    def encode(self, table: Table, codec: dict, held: bool = False):
        inputs, answers, _ = super().encode(table, codec, held)
        self.starts.append(np.concatenate(table.starts) + self.places)
        self.places += table.rows
        return [values[table.order] for values in inputs], [values[table.order] for values in answers], None

    def weigh(self, own) -> None:
        self.starts = torch.from_numpy(np.concatenate(self.starts))
        super().weigh(None)

    def classes_of_rows(self):
        first = self.answers[0][self.starts + self.behind]
        return row_classes(first, self.judged[0]) if self.ahead == 1 else None

    def gather(self, rows, epoch: int | None = None, place: int | None = None):
        first = self.starts[rows][:, None]
        inputs, targets, window, ahead = [], [], torch.arange(self.window), self.behind + torch.arange(self.ahead)
        for values, (_, shape, _) in zip(self.inputs, INPUTS):
            inputs.append(self.to_place(values[first + window].reshape(len(rows), *shape)))
        for values, target in zip(self.answers, TARGETS):
            targets.append(self.to_place(values[first + ahead].reshape(len(rows), *target["shape"])))
        return tuple(inputs), tuple(targets), None if self.weights is None else self.to_place(self.weights[rows])
