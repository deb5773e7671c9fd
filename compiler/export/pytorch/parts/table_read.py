# needs: table_rows table_cells table_columns table_roles table_codec processes
import numpy as np

# ---- Reading a table -------------------------------------------------------------------------------------------------


class Table:
    """Columns of a table, by input and by target. With a Codec they are those that it knows."""

    def __init__(self, files: list[str], args, inputs: list[dict], targets: list[dict], codec: dict | None = None):
        self.file, self.args, self.notes, self.rows = files[0], args, [], 0
        self.series = False  # rows stand in an order: those without a target stay
        self.without = []
        cells = (codec or {}).get("cells", {})
        missing = args.missing if args.missing is not None else cells.get("missing")
        self.written = {"thousands": args.thousands or cells.get("thousands", "")}
        self.written |= {"decimal": args.decimal or cells.get("decimal", ""), "missing": missing}
        self.writing = Writing(**self.written)
        self.group = self.weight = None
        self.from_codec = codec is not None
        if codec:
            wanted = [column["name"] for column in codec["columns"] + codec_sources(codec)]
            names, self.chunks = read_tables(files, args, wanted + [args.group, args.weight])
        else:
            names, self.chunks = read_tables(files, args)
        self.header = Header(self.file, names)
        self.inputs, self.targets = [[] for _ in inputs], [[] for _ in targets]
        self.measures: dict[int, dict] = {}  # inputs that no column feeds

    def column(self, field: int, kind: str = "", most: int = MOST_INDICATORS) -> Column:
        return Column(self.header.names[field], field, self.writing, kind, most)

    def columns(self) -> list[Column]:
        others = [column for column in (self.group, self.weight) if column]
        return sum(self.inputs, []) + sum(self.targets, []) + others

    def choose(self, inputs: list[dict], targets: list[dict]) -> None:
        """Finds what each column is by the flags."""
        args, header = self.args, self.header
        fields = [header.take("--target", names) for names in target_columns(args.target, targets)]
        if self.series:
            header.taken.clear()  # what a target was before is a feature
        header.take("--drop", args.drop)
        header.take("--id", args.id)
        self.choose_others()
        features = feature_columns(header, args, inputs, lambda fed: self.measured(inputs, fed))
        self.measures = self.measured(inputs, [i for i, fields in enumerate(features) if fields])
        kinds = column_kinds(header, args, sum(features, []), sum(fields, []))
        named = [header.names[field] for field in sum(features, []) if header.names[field]]
        again = next((name for name in named if named.count(name) > 1), None)
        if again is not None:
            raise SystemExit(f'{self.file}: two columns are named "{again}": rename one, or choose with --features')
        for i, port in enumerate(inputs):
            self.inputs[i] = [self.feature(port, field, features[i], kinds) for field in features[i]]
        for i, target in enumerate(targets):
            for field in fields[i]:
                kind = "class" if target["kind"] in ("class", "flag") else "number"
                column = self.column(field, kind, MOST_TEXTS)
                column.target, column.signed = True, field in kinds
                self.targets[i].append(column)

    def choose_others(self) -> None:
        """The columns of groups and of weights."""
        for field in self.header.take("--group", [self.args.group] if self.args.group else []):
            self.group = self.column(field, "class", MOST_GROUPS)
            self.group.required = "--group"
        for field in self.header.take("--weight", [self.args.weight] if self.args.weight else []):
            self.weight = self.column(field, "number")
            self.weight.required = "--weight"

    def measured(self, inputs: list[dict], fed: list[int]) -> dict[int, dict]:
        """Inputs that measure the text of another, as the Codec has them: here none."""
        return {}

    def feature(self, port: dict, field: int, fields: list[int], kinds: dict[int, str]) -> Column:
        """A column of an input, which takes those of these fields."""
        kind = kinds.get(field, "")
        column = self.column(field, kind)
        column.signed = kind == "number"
        if port["limit"] is None:
            if kind == "index":
                raise SystemExit(f"--index {column.name}: the input {port['name']} takes numbers, not integers")
            return column
        #+ integers
        column.by_place, column.kind, column.limit, column.most = kind == "index", "index", port["limit"], MOST_TEXTS
        #- integers
        return column

    def choose_stored(self, codec: dict, targets: list[dict]) -> None:
        """Finds the columns of a Codec by their names."""
        at = 0
        for i, part in enumerate(codec.get("inputs") or [{"columns": len(codec["columns"])}]):
            if "of" in part:
                self.measures[i] = part
            for stored in codec["columns"][at : at + part["columns"]]:
                field = self.header.find("the weights were trained with it", stored["name"])
                column = self.column(field, stored["kind"])
                column.signed, column.limit, column.most = stored.get("signed", False), stored.get("limit"), MOST_TEXTS
                column.by_place = stored["kind"] == "index" and bool(stored.get("classes"))
                column.sure = True
                self.inputs[i].append(column)
            at += part["columns"]
        for i, target in enumerate(targets):
            stored = codec["targets"][i].get("columns", [])
            for source in stored[: size(target)]:
                field = self.header.find("it is the target", source["name"])
                column = self.column(field, "class" if source["kind"] == "class" else "number", MOST_TEXTS)
                column.target, column.signed = True, source.get("signed", False)
                self.targets[i].append(column)
        self.choose_others()

    def read(self) -> None:
        """Takes the cells of all rows, and says what the columns are."""
        targets, skipped = sum(self.targets, []), 0
        for file, lines, cells in self.chunks:
            keep = None
            if self.args.skip_missing_target and targets:
                without = np.any([column.lacks(cells[column.field]) for column in targets], axis=0)
                skipped += int(without.sum())
                keep = None if self.series or not without.any() else ~without
                self.without.append(without)
            for column in self.columns():
                column.add(file, lines, cells[column.field], keep)
            self.rows += len(lines) if keep is None else int(keep.sum())
        if not self.rows or self.series and skipped == self.rows:
            raise SystemExit(f"{self.file}: " + ("no row has a target" if skipped else "there is a header but no row"))
        self.without = np.concatenate(self.without) if self.without else np.zeros(self.rows, dtype=bool)
        if skipped:
            self.left_out(skipped)
        #+ classes
        self.settle()
        #- classes
        if not self.from_codec:
            self.leave_index_out()
        for column in self.columns():
            column.decide(self.file)
        if self.weight and not (self.weight.numbers >= 0).all():
            row = int(np.argmin(self.weight.numbers >= 0))
            what = f"{self.weight.numbers[row]:g} is no weight: a row counts 0 or more"
            raise self.weight.wrong(f"{self.file}: row {row + 1}", what)

    def left_out(self, rows: int) -> None:
        """Remarks on rows without a target."""
        if self.series:
            of = f"{counted(rows, 'row')} without a target, of {self.rows}"
            self.notes.append(f"{of}: windows that forecast them are left out")
            for column in sum(self.targets, []):
                column.target = False  # cells may be missing
        else:
            self.notes.append(f"{counted(rows, 'row')} without a target left out, of {self.rows + rows}")

    #+ classes
    def settle(self) -> None:
        """Decides what NA and its like are in class targets, and leaves such rows out where that was asked for."""
        settled = [column for column in sum(self.targets, []) if column.kind == "class"]
        settled = [column for column in settled if len(column.code) <= column.most]
        gone = sorted(set(sum((column.settle() for column in settled), []))) if not self.from_codec else []
        if not self.args.skip_missing_target or not gone:
            return
        if self.series:
            self.without[gone] = True
            self.left_out(len(gone))
            return
        kept = np.setdiff1d(np.arange(self.rows), gone)
        if not len(kept):
            raise SystemExit(f"{self.file}: no row has a target")
        self.notes.append(f"{counted(len(gone), 'row')} left out whose target is missing as a number is")
        for column in self.columns():
            column.take(kept)
            column.target = False
        self.rows = len(kept)

    #- classes
    def leave_index_out(self) -> None:
        """Leaves out features that are an index of the rows, or nothing."""
        for columns in self.inputs:
            for column in list(columns):
                if column.field == 0 and column.name in ("", "Unnamed: 0") and column.counts(self.rows):
                    name = column.name or "without a name"
                    self.notes.append(f"the first column ({name}) counts the rows and is left out")
                elif not column.name and not column.filled:
                    self.notes.append(f"column {column.field + 1} has neither a name nor a value and is left out")
                elif not column.name:
                    advice = "name it, choose the others with --features, or leave it out with --drop ''"
                    raise SystemExit(f"{self.file}: column {column.field + 1} has no name: {advice}")
                else:
                    continue
                columns.remove(column)
