# needs: table_rows
import math

# ---- Columns: which make which input, and which are targets ----------------------------------------------------------


class Header:
    """The names of a table's columns, and the flag that took each."""

    def __init__(self, file: str, names: list[str]):
        self.file, self.names, self.taken = file, names, {}

    def find(self, flag: str, name: str) -> int:
        """The place of the column of a name."""
        places = [i for i, other in enumerate(self.names) if other == name]
        if not places:
            raise SystemExit(f'{self.file}: {flag}: there is no column "{name}" (the columns are {listed(self.names)})')
        if len(places) > 1:
            columns = " and ".join(str(i + 1) for i in places[:2])
            raise SystemExit(f'{self.file}: {flag}: columns {columns} are both named "{name}": rename one')
        return places[0]

    def take(self, flag: str, names: list[str]) -> list[int]:
        """The places of columns, which are the flag's from then on."""
        fields = []
        for name in names:
            if flag == "--drop" and self.names.count(name) > 1:  # all of that name
                self.taken.update((i, flag) for i, other in enumerate(self.names) if other == name)
                continue
            field = self.find(flag, name)
            if field in self.taken:
                both = f"{flag} names {name!r} twice"
                if self.taken[field] != flag:
                    both = f'column "{name}" is both in {self.taken[field]} and in {flag}'
                raise SystemExit(f"{self.file}: {both}")
            self.taken[field] = flag
            fields.append(field)
        return fields

    def free(self) -> list[int]:
        return [field for field in range(len(self.names)) if field not in self.taken]


def size(port) -> int:
    """How many values an input takes, or a target has, of each row."""
    return math.prod(port["shape"])


def target_columns(names: list[str], targets: list[dict]) -> list[list[str]]:
    """The columns of each target: those of their names where each has one, else in order, as many as each needs."""
    for target in targets:
        if target["kind"] == "class" and size(target) != 1:
            what = f"target {target['name']!r} has a class at each of {size(target)} positions"
            raise SystemExit(f"{what}, which a table cannot give: use --data {target['name']}=file.npy")
    if targets and not names:
        raise SystemExit("which column is the target? Name it with --target")
    if sum(map(size, targets)) != len(names):
        takes = ", ".join(f"{target['name']} ({counted(size(target), 'column')})" for target in targets) or "none"
        raise SystemExit(f"--target names {counted(len(names), 'column')}, but what the model learns takes {takes}")
    if len(names) == len(targets) and all(target["name"] in names for target in targets):
        return [[target["name"]] for target in targets]
    parts, at = [], 0
    for target in targets:
        parts.append(names[at : at + size(target)])
        at += size(target)
    return parts


#+ !inputs
def feature_columns(header: Header, args, inputs: list[dict], measured) -> list[list[int]]:
    """The places of the input's columns: those of --features, else all that nothing else takes."""
    own = [name if name in header.names else name.removeprefix(inputs[0]["name"] + "=") for name in args.features]
    fields = header.take("--features", own) or header.free()
    if not fields:
        raise SystemExit(f"{header.file}: no column is left as a feature (the columns are {listed(header.names)})")
    return [fields]


#- !inputs
#+ inputs
def feature_columns(header: Header, args, inputs: list[dict], measured) -> list[list[int]]:
    """The places of each input's columns: those that --features gives it; else, of one value, the column of its own
    name; and one input may be left to take all the others. measured(fed) are those that no column need feed."""
    parts = named_features(header, args.features, inputs, measured([]))
    left = []
    for i, port in enumerate(inputs):
        if parts[i]:
            continue
        if len(inputs) > 1 and size(port) == 1 and port["name"] in header.names:
            field = header.names.index(port["name"])
            if field not in header.taken:
                header.taken[field] = port["name"]
                parts[i] = [field]
                continue
        left.append(i)
    measures = measured([i for i in range(len(inputs)) if parts[i]])
    left = [i for i in left if i not in measures]
    free = header.free()
    if len(left) > 1:
        names = listed([inputs[i]["name"] for i in left])
        advice = f"name them, as in --features {inputs[left[0]]['name']}=a,b; one may be left to take the others"
        raise SystemExit(f"{header.file}: which columns make the inputs {names}? {advice}")
    if left and free:
        parts[left[0]] = free
    elif left:
        what = f"no column is left for the input {inputs[left[0]]['name']}"
        raise SystemExit(f"{header.file}: {what} (the columns are {listed(header.names)})")
    elif free and not args.features:
        name = header.names[free[0]]
        advice = f"give it to one, as in --features {inputs[0]['name']}={name}, or leave it out with --drop {name!r}"
        raise SystemExit(f"{header.file}: no input takes the column {name!r}: {advice}")
    return parts


def named_features(header: Header, features: list[str], inputs: list[dict], measures: dict) -> list[list[int]]:
    """The columns that --features names, by input: "input=column" begins those of one."""
    parts = [[] for _ in inputs]
    names = [port["name"] for port in inputs]
    fed = [i for i in range(len(inputs)) if i not in measures]
    to = fed[0] if len(fed) == 1 else None
    for item in features:
        name, equals, rest = item.partition("=")
        column = item
        if equals and item not in header.names:
            if name in names:
                to, column = names.index(name), rest
            elif len(inputs) > 1:
                raise SystemExit(f"--features {item}: the model has no input {name!r} (it takes {listed(names)})")
        if to is None:
            raise SystemExit(f"--features {item}: which input takes it? Write --features name={item}")
        parts[to] += header.take("--features", [column])
    return parts


#- inputs
def column_kinds(header: Header, args, features: list[int], targets: list[int]) -> dict[int, str]:
    """What flags say of columns: of features "number", "class" or "index", of a target that it is "number"."""
    kinds, number, text, index = {}, args.number, args.text, args.index
    for flag, kind, names in ("--number", "number", number), ("--text", "class", text), ("--index", "index", index):
        for name in names:
            field = header.find(flag, name)
            if field in kinds:
                what = f"another flag says that it is a column of kind {kinds[field]}"
                raise SystemExit(f"{header.file}: {flag} {name}: {what}")
            if field not in features and not (field in targets and flag == "--number"):
                raise SystemExit(f"{header.file}: {flag} {name}: the column is no feature")
            kinds[field] = kind
    return kinds
