# needs: files processes
import itertools
import json

# ---- Tables: the rows of CSV and of JSON lines -----------------------------------------------------------------------

CHUNK = 50_000  # rows at a time


def read_tables(paths: list[str], args, wanted=None):
    """The names of the columns, and the rows of all files in chunks: the file, the lines, the cells by column. Of JSON
    lines wanted names the columns that are of interest; None: all are."""
    first = open_table(paths[0], args, wanted)
    header = next(first)[1]

    def chunks():
        for i, path in enumerate(paths):
            rows = open_table(path, args, wanted) if i else first
            fields = same_columns(path, next(rows)[1], header) if i else range(len(header))
            while chunk := list(itertools.islice(rows, CHUNK)):
                lines, cells = zip(*chunk)
                columns = list(zip(*cells))
                yield path, lines, [columns[field] for field in fields]

    return header, chunks()


def open_table(path: str, args, wanted):
    """The rows of a file: (line, cells). The first has the columns' names."""
    if path == "-":
        raise SystemExit("--data -: every process reads the data by itself: write it to a file")
    kind, data = kind_of(path), content(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SystemExit(f"{path}:{line}: the text is not UTF-8: save the file as UTF-8")
    if kind != "json":
        return csv_rows(path, text, args)
    if args.sep or args.no_header:
        raise SystemExit(f"{path}: --sep and --no-header are for CSV, and this is JSON lines")
    return json_rows(path, text, wanted)


def same_columns(path: str, names: list[str], header: list[str]) -> list[int]:
    """Where the columns of the first file stand in another."""
    left, fields = list(enumerate(names)), []
    for name in header:
        found = next((i for i, other in left if other == name), None)
        if found is None:
            what = f"there is no column {name!r}, which the first file has"
            raise SystemExit(f"{path}: {what} (the columns are {listed(names)})")
        fields.append(found)
        left.remove((found, name))
    if left:
        raise SystemExit(f"{path}: the first file has no column {left[0][1]!r} (its columns are {listed(header)})")
    return fields


def csv_rows(path: str, text: str, args):
    """The rows of CSV. Empty lines are skipped; in a table of one column they are rows, unless none follows."""
    sep = {"tab": "\t", "\\t": "\t"}.get(args.sep, args.sep) or ","
    if len(sep) != 1 or sep in '"\r\n':
        raise SystemExit(f"--sep {args.sep}: write one character, or tab")
    records = csv_records(path, text, sep)
    line, names = next(records, (0, None))
    if names and len(named := sep.join(names)) == 5 and named.startswith("sep="):  # a line for Excel
        records = csv_records(path, text, named[4], line)
        line, names = next(records, (0, None))
    if names is None:
        raise SystemExit(f"{path}: the file is empty; its first line must name the columns")
    if any("\r" in name for name in names):
        raise SystemExit(f"{path}:{line}: the lines end in carriage returns only: save the file with line feeds")
    for other, flag in ((";", "';'"), ("\t", "tab"), ("|", "'|'")):
        if len(names) == 1 and not args.sep and other in names[0]:
            what = "there is only one column: if its parts are columns, say so with --sep"
            raise SystemExit(f"{path}:{line}: {what} {flag}")
    if args.no_header:
        yield 0, [str(i + 1) for i in range(len(names))]
        yield line, names
    else:
        yield line, [name.strip(SPACES) for name in names]
    gap = []  # empty lines, in a table of one column
    for line, cells in records:
        if len(names) == 1:
            if cells is None:
                gap.append((line, [""]))
                continue
            yield from gap
            gap = []
        elif cells is None or len(cells) == 1 and not cells[0].strip(SPACES):
            continue
        if len(cells) != len(names):
            what = f"{counted(len(cells), 'cell')}, but the header names {counted(len(names), 'column')}"
            raise SystemExit(f"{path}:{line}: {what}")
        yield line, cells


def csv_records(path: str, text: str, sep: str, at: int = 0):
    """The lines of CSV from one on, each with its cells; None for those that are empty and follow the first."""
    lines, first = text.split("\n"), True
    if not lines[-1]:
        lines.pop()
    while at < len(lines):
        line, begin = lines[at].removesuffix("\r"), at
        if '"' in line:
            cells, at = quoted_cells(path, lines, at, sep)
        else:
            cells, at = line.split(sep) if line else None, at + 1
        if first and (cells is None or len(cells) == 1 and not cells[0].strip(SPACES)):
            continue
        first = False
        yield begin + 1, cells


def quoted_cells(path: str, lines: list[str], at: int, sep: str):
    """The cells of a row, some of them in quotes, and the line behind it."""
    cells, begin, rest = [], at, lines[at].removesuffix("\r")
    while True:
        if not rest.startswith('"'):
            cell, more, rest = rest.partition(sep)
            if '"' in cell:
                what = 'a lone quote in a cell: put the cell in quotes and write "" for a quote inside'
                raise SystemExit(f"{path}:{at + 1}: {what}")
        else:
            cell, rest = "", rest[1:]
            while True:
                part, quote, rest = rest.partition('"')
                cell += part
                if not quote and at + 1 < len(lines):  # it goes on in the next line
                    at += 1
                    cell, rest = cell + "\n", lines[at].removesuffix("\r")
                elif quote and rest.startswith('"'):
                    cell, rest = cell + '"', rest[1:]
                else:
                    break
            more = rest.startswith(sep)
            if not quote or rest and not more:
                what = f"the quoted cell of the row that starts in line {begin + 1} ends wrongly"
                raise SystemExit(f'{path}:{at + 1}: {what}: write "" for a quote inside and close it')
            rest = rest[1:]
        cells.append(cell)
        if not more:
            return cells, at + 1


def json_rows(path: str, text: str, wanted):
    """The rows of JSON lines. The columns are the keys of the first 256."""
    lines = [(i + 1, line) for i, line in enumerate(text.split("\n")) if line.strip(SPACES)]
    objects = ((i, json_object(path, i, line)) for i, line in lines)
    ahead = list(itertools.islice(objects, 256))
    names = list(dict.fromkeys(key for _, row in ahead for key in row))
    if not names:
        raise SystemExit(f"{path}: there is no value in it")
    yield 0, names
    for i, row in itertools.chain(ahead, objects):
        for key, cell in row.items():
            if key not in names and wanted is None:
                what = "occurs in none of the first 256 lines, which name the columns: write it there too"
                raise SystemExit(f"{path}:{i}: the key {key!r} {what}, null where there is no value")
            if not isinstance(cell, str) and (wanted is None or key in wanted):
                what = "is a list or an object: a cell is a text, a number, true, false or null"
                raise SystemExit(f"{path}:{i}: the value of {key!r} {what}")
        yield i, [row.get(name, "") for name in names]


def json_object(path: str, line: int, text: str) -> dict:
    """The cells of an object by key: texts, and numbers as they are written."""

    def cells(pairs):
        row = {}
        for key, value in pairs:
            if key in row:
                raise ValueError(f"the key {key!r} occurs twice")
            if value is None or isinstance(value, bool):
                value = {None: "", True: "true", False: "false"}[value]
            row[key] = value
        return row

    def refuse(name):
        raise ValueError(f"{name} is no JSON: write null where there is no value")

    try:
        row = json.loads(text, object_pairs_hook=cells, parse_int=str, parse_float=str, parse_constant=refuse)
    except ValueError as error:
        raise SystemExit(f"{path}:{line}: {error}")
    if not isinstance(row, dict):
        raise SystemExit(f'{path}:{line}: each line must hold an object, such as {{"area": 120}}')
    return row


def listed(names: list[str]) -> str:
    """Names for a message, the first few of many."""
    return ", ".join(name or '""' for name in names[:12]) + (f", … ({len(names)} in all)" if len(names) > 12 else "")
