# needs: table_columns table_cells table_roles processes split
import numpy as np

# ---- The Codec of a table: from cells to model values ----------------------------------------------------------------


def measure(name: str, values) -> dict:
    """The mean and the deviation of numbers, NaN being a missing one: summed in order, as nnc sums."""
    values = values[~np.isnan(values)]
    if not len(values):
        raise SystemExit(f"column {name!r} has no value in the training part: leave it out with --drop {name}")
    if values.min() == values.max():
        return numbers_of(values[0], 1.0)
    with np.errstate(over="ignore"):
        mean = np.cumsum(values)[-1] / len(values)
        variance = np.cumsum((values - mean) ** 2)[-1] / len(values)
    deviation = np.sqrt(variance)
    if not np.isfinite(mean) or not np.isfinite(deviation):
        raise SystemExit(f"column {name!r}: its values are too large to standardise")
    epsilon = 2.0**-52
    bias = len(values) * mean * epsilon
    return numbers_of(mean, 1.0 if variance <= len(values) * epsilon * variance + bias * bias else deviation)


def numbers_of(mean: float, deviation: float) -> dict:
    """The statistics as the Codec has them: without a mean of 0."""
    return {"mean": float(mean), "deviation": float(deviation)} if mean else {"deviation": float(deviation)}


def fit_column(column: Column, train, indicator: bool) -> tuple[dict, list[str]]:
    """What the Codec has of a feature, and remarks: texts of the whole table, the rest of the rows that train."""
    stored, notes = {"name": column.name, "kind": column.kind}, []
    if column.kind == "number":
        stored |= measure(column.name, column.numbers[train])
        stored |= {"signed": True} if column.signed else {}
        missing = np.isnan(column.numbers)
        if missing.any():
            mean = f"the mean, {stored.get('mean', 0):.6g}, stands for them"
            notes.append(f"{column.name}: {missing.sum()} of {len(missing)} values are missing: {mean}")
        if indicator and missing[train].any():
            stored["indicator"] = True
    elif column.kind == "class" or column.by_place:
        names = column.names()
        stored["classes"] = byte_order(names)
        absent = np.setdiff1d(np.arange(len(names)), column.codes[train])
        if column.kind == "class" and len(absent):
            stored["absent"] = byte_order([names[code] for code in absent])
            notes.append(f"{column.name}: no row to train on has {listed(stored['absent'])}: taken as texts never seen")
        #+ integers
        if column.limit and len(names) > column.limit:
            what = f"has {len(names)} different texts, but its input takes integers below {column.limit}"
            raise SystemExit(f"column {column.name!r} {what}")
        #- integers
    #+ integers
    if column.kind == "index" and column.limit:
        stored["limit"] = column.limit
    #- integers
    return stored, notes


def take_over(column: Column, stored: dict, train) -> dict:
    """What the Codec has of a feature that it knows: texts that this training has, and none had, are absent no more."""
    if "absent" in stored:
        names = column.names()
        seen = {names[code] for code in np.unique(column.codes[train]) if code >= 0}
        absent = [name for name in stored["absent"] if name not in seen]
        stored = {key: value for key, value in (stored | {"absent": absent}).items() if value}
    return stored


def fit_target(column: Column, target: dict, train) -> dict:
    """What the Codec has of a target's column."""
    #+ classes
    if column.kind == "class":
        return classes_of(column, target)[0]
    #- classes
    stored = {"name": column.name, "kind": "number"}
    scaled = target["kind"] == "quantity" and target["link"] == "identity"
    stored |= measure(column.name, column.numbers[train]) if scaled else {"deviation": 1.0}
    return stored | ({"signed": True} if column.signed else {})


#+ classes
def classes_of(column: Column, target: dict):
    """What the Codec has of a column of classes, and the class of each text: its integer where all are integers below
    their number, else its place in byte order."""
    names, count = column.names(), target["count"]
    values, kinds = column.writing.numbers(names) if names else (np.zeros(0), np.zeros(0))
    integers = bool(((kinds == NUMBER) & (values == np.floor(values))).all())
    inside = (values >= 0) & (values < count)
    if integers and inside.all():
        return {"name": column.name, "kind": "index"}, values.astype(np.int64)
    if len(names) != count:
        what = f"target {column.name!r} has {len(names)} classes ({listed(byte_order(names))})"
        if integers:
            what = f"column {column.name!r}: class index {names[int(np.argmin(inside))]} out of range [0, {count})"
        raise SystemExit(f"{what}, but {target['loss']} compares with {count}")
    classes = byte_order(names)
    return {"name": column.name, "kind": "class", "classes": classes}, np.array([classes.index(name) for name in names])


#- classes
def byte_order(names: list[str]) -> list[str]:
    return sorted(names, key=str.encode)


#+ classes
def stratified(column: Column, target: dict):
    """The class of each row, by which rows are held out; None where the target is no class."""
    if size(target) != 1 or target["kind"] not in ("class", "flag"):
        return None
    if column.kind == "number":
        return column.numbers.astype(np.int64)
    try:
        return classes_of(column, target)[1][column.codes]
    except SystemExit:
        return column.codes  # the Codec may know the classes, or it will refuse them


#- classes
def text_index(stored: dict) -> dict[str, int]:
    """The place of each class that training saw. A truth value written in one way stands for the others."""
    index = {name: i for i, name in enumerate(stored["classes"]) if name not in stored.get("absent", ())}
    for ways in ("false", "False", "FALSE"), ("true", "True", "TRUE"):
        written = [way for way in ways if way in stored["classes"]]
        if len(written) == 1 and written[0] in index:
            index |= dict.fromkeys(ways, index[written[0]])
    return index


def find_texts(names: list[str], stored: dict, held: bool):
    """The place of each text among a column's classes, -1 of one that training never saw. In held-out files 1.0 stands
    for 1."""
    index, by_number = text_index(stored), {}
    if held:
        usual = Writing()
        numbers = {name: usual.parse(name) for name in index}
        values = {value: index[name] for name, (value, kind) in numbers.items() if kind == NUMBER}
        if len(values) == len(index):
            by_number = values
    found = [index.get(name, -1) for name in names]
    if by_number:
        parsed = [usual.parse(name) for name in names]
        found = [by_number.get(value, -1) if i < 0 and kind == NUMBER else i for i, (value, kind) in zip(found, parsed)]
    return np.array(found + [-1])  # the last stands for an empty cell


def encode_feature(table, column: Column, stored: dict, scale: str, held: bool) -> tuple:
    """A column's model values, a row for each of the table's, and remarks."""
    if stored["kind"] == "number":
        return encode_numbers(table, column, stored, scale)
    #+ integers
    if not stored.get("classes"):
        return column.numbers.astype(np.int64)[:, None], []
    #- integers
    names, count, notes = column.names(), len(stored["classes"]), []
    places = find_texts(names, stored, held)
    unseen = [name for name, place in zip(names, places) if place < 0]
    cells = int(((places[column.codes] < 0) & (column.codes >= 0)).sum())
    if unseen and held and table.args.unseen == "error":
        what = f"{quoted(unseen[0])} is a text that training never saw (it saw {listed(stored['classes'])})"
        raise column.wrong(table.file, what)
    if unseen:
        notes.append(f"{column.name}: {counted(cells, 'cell')} of a text that training never saw ({listed(unseen)})")
    places = places[column.codes]
    if stored["kind"] == "class":
        return (places[:, None] == np.arange(count)).astype(np.float32), notes
    #+ integers
    places = np.where(places < 0, count, places)
    if stored.get("limit") and count >= stored["limit"] and (places == count).any():
        row = int(np.argmax(places == count))
        what = "is empty or has a text that training never saw, and the input's limit leaves no integer for that"
        raise column.wrong(f"{table.file}: row {row + 1}", f"its cell {what}")
    return places[:, None], notes
    #- integers


def encode_numbers(table, column: Column, stored: dict, scale: str) -> tuple:
    """(v − mean) / deviation, a missing number being the mean, and where it is missing, if the Codec says so."""
    mean, deviation = (stored.get("mean", 0.0), stored["deviation"]) if scale == "standard" else (0.0, 1.0)
    missing, notes = np.isnan(column.numbers), []
    with np.errstate(over="ignore"):
        values = ((column.numbers - mean) / deviation).astype(np.float32)
    if np.isinf(values).any():
        row = int(np.argmax(np.isinf(values)))
        raise column.wrong(f"{table.file}: row {row + 1}", f"{column.numbers[row]:g} is too large for a model value")
    values[missing] = 0 if scale == "standard" else np.float32(stored.get("mean", 0.0))
    if missing.any():
        notes.append(f"{column.name}: {counted(int(missing.sum()), 'value')} missing: the mean stands for them")
    if stored.get("indicator"):
        return np.stack([values, missing.astype(np.float32)], axis=1), notes
    return values[:, None], notes


def encode_target(table, target: dict, columns: list, scale: str, held: bool):
    """The model values of a target: integers of classes and spans, else numbers."""
    parts = []
    for column, stored in columns:
        if stored["kind"] == "number":
            values = encode_numbers(table, column, stored, scale)[0]
            values[np.isnan(column.numbers)] = 0  # of a series, where nothing is forecast
        #+ classes
        elif stored["kind"] == "index" and column.kind == "number":
            values = column.numbers[:, None]
            wrong = ~((values == np.floor(values)) & (values >= 0) & (values < target["count"])) & ~np.isnan(values)
            if wrong.any():
                row = int(np.argmax(wrong))
                what = f"class index {column.numbers[row]:g} out of range [0, {target['count']})"
                raise column.wrong(f"{table.file}: row {row + 1}", what)
            values = np.nan_to_num(values)
        else:
            names = column.names()
            by_name = stored["kind"] == "class"
            places = find_texts(names, stored, held)[:-1] if by_name else classes_of(column, target)[1]
            if (places < 0).any():
                text = names[int(np.argmin(places))]
                raise column.wrong(table.file, f"{quoted(text)} is no class that is known: {listed(stored['classes'])}")
            values = np.append(places, 0)[column.codes][:, None]
        #- classes
        parts.append(values)
    values = np.concatenate(parts, axis=1)
    #+ checked
    check_values(table, target, values)
    #- checked
    integers = target["kind"] in ("class", "span")
    return values.astype(np.int64 if integers else np.float32).reshape(-1, *target["shape"])


#+ checked
def check_values(table, target: dict, values) -> None:
    """Refuses numbers that a loss cannot compare with."""
    kind, loss = target["kind"], target["loss"]
    if kind == "flag" and target["link"] == "score":
        wrong, what = (values != 0) & (values != 1), f"is neither 0 nor 1, as {loss} wants"
    elif kind in ("flag", "distribution"):
        wrong, what = ~((values >= 0) & (values <= 1)), f"is not between 0 and 1, as {loss} wants"
    elif kind == "count":
        wrong, what = ~(values >= 0), f"is below 0, but {loss} compares with counts"
    elif kind == "span":
        inside = (values >= 0) & (values < target["limit"]) & (values == np.floor(values))
        wrong = ~(inside | (values == IGNORED))
        what = f"is no position from 0 to {target['limit'] - 1}, nor {IGNORED}, which says that there is none"
        if not wrong.any():
            wrong, what = (values[:, 1:] >= 0) & (values[:, 1:] < values[:, :1]), "is before the start of its span"
    else:
        return
    if wrong.any():
        row, at = np.argwhere(wrong)[0]
        raise SystemExit(f"{table.file}: row {row + 1}: {target['name']}: {values[row][-wrong.shape[1]:][at]:g} {what}")
    if kind == "distribution":
        sums = values.reshape(len(values), -1, target["shape"][-1]).astype(np.float64).sum(axis=2)
        sound = (abs(sums - 1) <= 1e-3).all(axis=1)
        if not sound.all():
            where = f"{table.file}: row {int(np.argmin(sound)) + 1}: {target['name']}"
            raise SystemExit(f"{where}: its numbers do not sum to 1, as {loss} wants")


#- checked
#+ mirrored
def refuse_scaled(table, target: dict, columns: list[dict], scale: str) -> None:
    """Refuses standardised numbers of an input that a loss compares with in its own units."""
    numbers = [stored["name"] for stored in columns if stored["kind"] == "number"]
    if numbers and scale != "none" and not (target["kind"] == "quantity" and target["link"] == "identity"):
        what = f"{target['loss']} compares with the input {target['name']} in its own units"
        raise SystemExit(f"{table.file}: {what}, but {listed(numbers)} would be standardised: use --scale none")


#- mirrored
def codec_sources(codec: dict) -> list[dict]:
    """The columns that targets are read from: of several rows ahead those of the first."""
    sources = []
    for target in codec.get("targets", []):
        columns = target.get("columns", [])
        sources += [column for column in columns if column.get("ahead") == columns[0].get("ahead")]
    return sources


def table_version(columns: list[dict], inputs: list[dict], targets: list[dict]) -> int:
    """The version of the Codec's form: the oldest that knows all of it."""
    pieces = any("wordpiece" in column.get("tokens", ()) or "second" in column.get("tokens", ()) for column in columns)
    measured = any(part.get("measures") == "segment" or part.get("real") for part in inputs)
    return 4 if pieces or measured else codec_version(targets)
