# needs: table_text wordpiece
import numpy as np

# ---- Data: a table with texts, or pairs of them, in the tokens of a vocabulary ---------------------------------------


def piece_table_arguments(parser) -> None:
    what = "columns of texts are divided into the tokens of a vocabulary, as BERT's vocab.txt"
    parser.add_argument("--tokenizer", metavar="wordpiece:FILE", help=what)


def in_pieces(args, codec: dict | None) -> bool:
    """Whether texts are the tokens of a vocabulary, by a flag or by the weights that a training starts from."""
    stored = [column.get("tokens", {}) for column in (codec or {}).get("columns", [])]
    return bool(args.tokenizer) or any("wordpiece" in text for text in stored)


class PieceTable(TextTable):
    """A table whose texts, one or a pair for an input, become tokens."""

    def measured(self, inputs: list[dict], fed: list[int]) -> dict[int, dict]:
        """Inputs that a text is measured by: its number of tokens; the segment, 1 at a pair's second text; a mask."""
        compared = [target["name"] for target in TARGETS if target.get("input")]
        found, taken = {}, set()
        for i, port in enumerate(inputs):
            for text in inputs:
                if i in fed or text is port or not takes_text(text) or text["limit"] <= 2:
                    continue
                how, real = "mask", port["limit"] is None
                if size(port) == 1 and port["limit"] == size(text) + 1:
                    how = "length"
                elif size(port) != size(text) or port["limit"] not in (2, None):
                    continue
                elif port["name"] in compared:
                    continue
                elif not real and ("segment", text["name"]) not in taken and "mask" not in port["name"].lower():
                    how = "segment"
                if (how, text["name"]) not in taken:
                    found[i] = {"name": port["name"], "columns": 0, "of": text["name"], "measures": how}
                    found[i] |= {"real": True} if real else {}
                    taken.add((how, text["name"]))
                    break
        return found

    def feature(self, port: dict, field: int, fields: list[int], kinds: dict[int, str]) -> Column:
        own = [other for other in fields if other or self.header.names[0] not in ("", "Unnamed: 0")]
        indexed = any(kinds.get(other) == "index" for other in own)
        if not takes_text(port) or len(own) != 2 or indexed or field not in own:
            return super().feature(port, field, fields, kinds)
        column = self.column(field, "tokens")
        column.sure, column.limit = kinds.get(field) == "class", port["limit"]
        column.second = own.index(field) > 0
        return column


class PieceTableData(TextTableData):
    """The rows' model values, where an input takes [CLS] text [SEP], or [CLS] first [SEP] second [SEP]."""

    reader = PieceTable

    def check(self, codec: dict | None) -> None:
        super().check(codec)
        if self.args.tokens:
            raise SystemExit("--tokens and --tokenizer exclude each other: a text is divided in one way")
        if codec and self.args.tokenizer:
            raise SystemExit("--tokenizer: the weights that the training starts from have the vocabulary: leave it out")
        self.pieces = None if codec else read_vocabulary(self.args.tokenizer)

    def fit_text(self, column: Column, port: dict, train) -> dict:
        if len(self.pieces.tokens) != port["limit"] or size(port) < 5:
            takes = f"the model's input {port['name']} takes {size(port)} integers of {port['limit']}"
            wants = f"5 integers at least, of {len(self.pieces.tokens)}"
            raise SystemExit(f"--tokenizer {self.args.tokenizer}: {takes}, but the tokens of texts are {wants}")
        second = getattr(column, "second", False)
        text = {} if second else {"wordpiece": self.pieces.tokens}
        text |= {"length": size(port), "second": second, "cut_start": self.args.truncate == "start"}
        return {key: value for key, value in text.items() if value}

    def encode_input(self, table: Table, i: int, columns: list, scale: str, held: bool):
        if i not in table.measures:
            return super().encode_input(table, i, columns, scale, held)
        measured = table.measures[i]
        integers, lengths, seconds = table.encoded[measured["of"]]
        if measured["measures"] == "length":
            return lengths[:, None]
        places = np.arange(integers.shape[1])
        inside = places < lengths[:, None]
        if measured["measures"] == "segment":
            inside &= places >= seconds[:, None]
        return inside.astype(np.float32 if measured.get("real") else np.int64)

    def encode_texts(self, columns: list[Column], texts: list[dict]):
        """The integers of each text or pair, how many of them are tokens, and where those of the second begin."""
        pieces, length, from_end = self.vocabulary(texts[0]), texts[0]["length"], texts[0].get("cut_start")
        rows = len(columns[0].texts)
        integers, lengths = np.full((rows, length), pieces.padding), np.zeros(rows, dtype=np.int64)
        seconds = np.full(rows, length)

        def kept(ids: list[int], most: int) -> list[int]:
            return ids[max(0, len(ids) - most) :] if from_end else ids[:most]

        for row, own in enumerate(zip(*(column.texts for column in columns))):
            ids = [[i for i, _, _ in pieces.encode(text)] for text in own]
            ids[0] = kept(ids[0], length - 2)
            room = [len(part) for part in ids]
            most = length - 1 - len(ids)
            while len(room) == 2 and sum(room) > most:  # the longer text loses a token, of two as long the second
                room[0 if room[0] > room[1] else 1] -= 1
            tokens = [pieces.opening]
            for k, (part, size_of) in enumerate(zip(ids, room)):
                if k:
                    seconds[row] = len(tokens)
                tokens += kept(part, size_of) + [pieces.separator]
            lengths[row] = len(tokens)
            integers[row, : len(tokens)] = tokens
        return integers, lengths, seconds

    def vocabulary(self, text: dict) -> WordPiece:
        """The vocabulary of a text, which remembers the words that it has met."""
        if self.pieces is None:
            self.pieces = WordPiece(text["wordpiece"], "the vocabulary of the weights")
        return self.pieces
