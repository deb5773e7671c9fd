# needs: files processes table_cells
import csv
import io
import itertools
import json

# ---- Tables: the rows of CSV and of JSON lines -----------------------------------------------------------------------


def read_tables(paths: list[str], args, wanted=None):
    """The names of the columns, and the rows of all files in chunks: the file, the lines, the cells by column. Of JSON
    lines wanted names the columns that are of interest; None: all are."""
    first = open_table(paths[0], args, wanted)
    header = next(first)[1]

    def chunks():
        for i, path in enumerate(paths):
            rows = open_table(path, args, wanted) if i else first
            names = next(rows)[1] if i else header
            if sorted(names) != sorted(header):
                what = f"its columns are {listed(names)}, those of the first file {listed(header)}"
                raise SystemExit(f"{path}: {what}")
            while chunk := list(itertools.islice(rows, 50_000)):
                lines, cells = zip(*chunk)
                columns = list(zip(*cells))
                yield path, lines, columns if names == header else [columns[names.index(name)] for name in header]

    return header, chunks()


def open_table(path: str, args, wanted):
    """The rows of a file: (line, cells). The first has the columns' names."""
    if path == "-":
        raise SystemExit("--data -: every process reads the data by itself: write it to a file")
    data = content(path)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SystemExit(f"{path}:{line}: the text is not UTF-8: save the file as UTF-8")
    if kind_of(path) != "json":
        return csv_rows(path, text, args)
    if args.sep or args.no_header:
        raise SystemExit(f"{path}: --sep and --no-header are for CSV, and this is JSON lines")
    return json_rows(path, text, wanted)


def csv_rows(path: str, text: str, args):
    """The rows of CSV. Empty lines are skipped; in a table of one column they are rows, unless none follows."""
    sep = {"tab": "\t", "\\t": "\t"}.get(args.sep, args.sep) or ","
    if len(sep) != 1 or sep in '"\r\n':
        raise SystemExit(f"--sep {args.sep}: write one character, or tab")
    if text[:4] == "sep=" and text[5:6] == "\n":  # a line for Excel
        sep, text = text[4], "\n" + text[6:]
    csv.field_size_limit(1 << 24)
    reader = csv.reader(io.StringIO(text.removesuffix("\r"), newline="\n"), delimiter=sep, strict=True)
    names, gap, end = None, [], 0
    while True:
        line = end + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise SystemExit(f'{path}:{reader.line_num}: {error}: write "" for a quote in a cell, and close others')
        end = reader.line_num
        if cells is None:
            return
        if names is None and "".join(cells).strip(SPACES):
            names = [name.strip(SPACES) for name in cells]
            if len(names) == 1 and not args.sep and any(other in names[0] for other in ";\t|"):
                raise SystemExit(f"{path}:{line}: there is only one column: say with --sep what separates its parts")
            yield line, [str(i + 1) for i in range(len(names))] if args.no_header else names
            if not args.no_header:
                continue
        if names is None or len(names) > 1 and not "".join(cells).strip(SPACES) and len(cells) < 2:
            continue
        if not cells:
            gap.append((line, [""]))
            continue
        if len(cells) != len(names):
            what = f"{counted(len(cells), 'cell')}, but the header names {counted(len(names), 'column')}"
            raise SystemExit(f"{path}:{line}: {what}")
        yield from gap
        gap = []
        yield line, cells


def json_rows(path: str, text: str, wanted):
    """The rows of JSON lines. The columns are the keys of the first 256."""
    objects = ((i + 1, json_cells(path, i + 1, line)) for i, line in enumerate(text.split("\n")) if line.strip(SPACES))
    ahead = list(itertools.islice(objects, 256))
    names = list(dict.fromkeys(key for _, row in ahead for key in row))
    if not names:
        raise SystemExit(f"{path}: there is no value in it")
    yield 0, names
    for i, row in itertools.chain(ahead, objects):
        for key, cell in row.items():
            if key not in names and wanted is None:
                raise SystemExit(f"{path}:{i}: the first 256 lines name the columns, but none has the key {key!r}")
            if not isinstance(cell, str) and (wanted is None or key in wanted):
                what = "is a list or an object: a cell is a text, a number, true, false or null"
                raise SystemExit(f"{path}:{i}: the value of {key!r} {what}")
        yield i, [row.get(name, "") for name in names]


def json_cells(path: str, line: int, text: str) -> dict:
    """The cells of an object by key: texts, and numbers as they are written."""

    def cells(pairs):
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key occurs twice")
        return {key: "" if value is None else str(value).lower() if isinstance(value, bool) else value
                for key, value in pairs}

    try:
        row = json.loads(text, object_pairs_hook=cells, parse_int=str, parse_float=str)
    except ValueError as error:
        raise SystemExit(f"{path}:{line}: {error}")
    if not isinstance(row, dict):
        raise SystemExit(f'{path}:{line}: each line must hold an object, such as {{"area": 120}}')
    return row


def listed(names: list[str]) -> str:
    """Names for a message, the first few of many."""
    return ", ".join(name or '""' for name in names[:12]) + (f", … ({len(names)} in all)" if len(names) > 12 else "")
