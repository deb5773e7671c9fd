# needs: stream processes
import numpy as np

# ---- Rows to hold out, and the order of those that train: nnc's draws, so that both train on the same rows -----------


def split_arguments(parser) -> None:
    add = parser.add_argument_group("rows to hold out, and the order of the others").add_argument
    add("--valid", metavar="SPLIT", help="a part (0.1), the last (last:500), or none (0)")
    add("--valid-data", metavar="FILE", action="append", default=[], help="held-out rows from a file of their own")
    add("--test", metavar="SPLIT|FILE", action="append", default=[], help="rows that neither train nor choose weights")
    add("--split-seed", metavar="SEED", type=int, help="of the rows that are held out (0)")
    add("--shuffle", metavar="true|false", default="true", choices=["true", "false"], help="a new order each epoch")


def split_rows(n: int, args, classes=None, groups=None):
    """The rows to train on, to judge the training by, and to test on, ascending. With classes, integers by row, each is
    held out by its share; with groups these stay whole."""
    seed, held = args.split_seed or 0, []
    train = np.arange(n)
    for flag, part, stream in ("--test", test_part(args), "split.test"), ("--valid", valid_part(n, args), "split"):
        try:
            train, out = held_out(train, n, part, Stream(seed, stream), classes, groups)
        except ValueError as error:
            raise SystemExit(f"{flag}: {error}")
        held.append(out)
        if groups is not None and part[0] == "fraction" and len(out) != part_size(part, n):
            wanted = part_size(part, n)
            note(f"{counted(len(out), 'row')} for {flag}, of {wanted} that were asked for: groups stay whole")
    return train, held[1], held[0]


def valid_part(n: int, args) -> tuple:
    """What --valid asks for; where nothing is said, a tenth of 50 rows or more."""
    if args.valid is not None and args.valid_data:
        raise SystemExit(f"--valid {args.valid} and --valid-data exclude each other")
    if args.valid is not None:
        return parse_part("--valid", args.valid)
    return ("fraction", 0.1 if n >= 50 and not args.valid_data else 0.0)


def test_part(args) -> tuple:
    return parse_part("--test", args.test[0]) if args.test and not test_files(args) else ("fraction", 0.0)


def test_files(args) -> list[str]:
    """The files of --test, where it names no part of the rows."""
    if len(args.test) != 1:
        return args.test
    try:
        float(args.test[0].removeprefix("last:"))
        return []
    except ValueError:
        return [] if args.test[0].startswith("last:") else args.test


def parse_part(flag: str, text: str) -> tuple:
    """("last", rows) or ("fraction", of all rows)."""
    if text.startswith("last:"):
        rows = text.removeprefix("last:")
        if not (rows.isascii() and rows.isdigit() and int(rows) > 0):
            raise SystemExit(f"{flag} {text}: {rows!r} is not a number of rows")
        return ("last", int(rows))
    try:
        if 0 <= float(text) < 1:
            return ("fraction", float(text))
    except ValueError:
        pass
    raise SystemExit(f"{flag} {text}: write a fraction below 1 as 0.1, the last rows as last:500, or 0 for none")


def part_size(part: tuple, n: int) -> int:
    """How many of n rows are held out; 1e-9 makes up for a fraction's last bits."""
    kind, number = part
    if kind == "last" or number == 0:
        return int(number)
    return max(1, int(number * n + 1e-9))


def held_out(rows, n: int, part: tuple, stream: Stream, classes, groups):
    """The rows that stay and those held out."""
    size = part_size(part, n)
    if size >= len(rows):
        raise ValueError(f"{counted(size, 'row')} held out of {len(rows)} leave none to train on")
    if size == 0:
        return rows, rows[:0]
    if part[0] == "last":
        stay, out = rows[:-size], rows[-size:]
        if groups is not None and len(np.intersect1d(groups[stay], groups[out])):
            raise ValueError("the last rows hold out a part of a group: write a fraction, which keeps groups together")
        return stay, out
    if groups is not None:
        out = draw_groups(rows, size, stream, groups)
    #+ classes
    elif classes is not None:
        out = draw_classes(rows, size, stream, classes)
    #- classes
    else:
        out = rows[stream.permutation(len(rows))[:size]]
    held = np.isin(rows, out)
    return rows[~held], rows[held]


#+ classes
def draw_classes(rows, size: int, stream: Stream, classes):
    """Rows drawn at random, of each class its share."""
    names, of, count = np.unique(classes[rows], return_inverse=True, return_counts=True)
    share = class_shares(count.tolist(), size, len(rows))
    drawn = stream.permutation(len(rows))
    drawn = drawn[np.argsort(of[drawn], kind="stable")]  # class by class, in the order in which they were drawn
    begin = np.cumsum(count) - count
    return rows[np.concatenate([drawn[at : at + k] for at, k in zip(begin, share)])]


def class_shares(count: list[int], size: int, n: int) -> list[int]:
    """What each class holds out: its rows' share rounded down, and what is left goes to the largest remainders. A class
    keeps a row to train on."""
    share = [min(size * k // n, k - 1) for k in count]
    turns = sorted(range(len(count)), key=lambda i: (-(size * count[i] % n), i))
    left, given = size - sum(share), True
    while left > 0 and given:
        given = False
        for i in turns:
            if left > 0 and share[i] < count[i] - 1:
                share[i], left, given = share[i] + 1, left - 1, True
    return share


#- classes
def draw_groups(rows, size: int, stream: Stream, groups):
    """Whole groups in a random order, as long as they fit into size rows; where none does, the smallest."""
    members: dict[int, list[int]] = {}  # in the order in which they first appear
    for row in rows.tolist():
        members.setdefault(groups[row], []).append(row)
    if len(members) < 2:
        raise ValueError("all rows are of one group, which cannot be divided: write --valid 0, or leave out --group")
    lists, held = list(members.values()), []
    drawn = [lists[i] for i in stream.permutation(len(lists))]
    for group in drawn:
        if len(held) + len(group) <= size:
            held += group
    return np.array(held or min(drawn, key=len))


def shuffled(n: int, args, epoch: int, classes=None):
    """The order of n rows in an epoch. classes has the class of each, where rows have one."""
    #+ classes
    if args.balance:
        return balanced(classes, args.seed, epoch)
    #- classes
    return Stream(args.seed, f"shuffle.{epoch}").permutation(n) if args.shuffle == "true" else np.arange(n)


#+ classes
def check_balance(args, classes) -> None:
    """Refuses a --balance that has nothing to go by. classes are those of the rows to train on."""
    if not args.balance:
        return
    if args.shuffle == "false":
        raise SystemExit("--balance draws rows in an order of its own: leave out --shuffle=false")
    if classes is None:
        raise SystemExit("--balance is for models with one target, a class in each row")
    if (classes == IGNORED).all():
        raise SystemExit(f"--balance: every row to train on is ignored, its class being {IGNORED}")
    note("classes are drawn equally often: the probabilities shift towards the rare ones, against how often they occur")


#- classes
IGNORED = -100  # the class of a row that does not count, and the place of a span that a row has not


#+ classes
def balanced(classes, seed: int, epoch: int):
    """As many rows as there are, each class equally often, to one row; which are drawn once more changes by the epoch.
    A class's rows come all once, in a random order, before any comes again."""
    names = [k for k in np.unique(classes).tolist() if k != IGNORED]
    drawn, n = [], len(classes)
    for i, k in enumerate(names):
        own = np.flatnonzero(classes == k)
        share = n // len(names) + ((i + epoch) % len(names) < n % len(names))
        for around in range(-(-share // len(own))):
            order = Stream(seed, f"balance.{epoch}.{k}.{around}").permutation(len(own))
            drawn.append(own[order[: share - around * len(own)]])
    drawn = np.concatenate(drawn)
    return drawn[Stream(seed, f"balance.{epoch}").permutation(len(drawn))]
#- classes
