# needs: table
import re
import unicodedata
from collections import Counter

import numpy as np

# ---- Data: a table with texts, whose words become integers -----------------------------------------------------------

PADDING, UNKNOWN, FIRST = 0, 1, 2  # what fills texts up, what is unknown, the first symbol of a vocabulary
LONGEST_WORD = 64  # characters
CHINESE_JAPANESE = (  # characters that are each a word
    (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029),
    (0x3038, 0x303B), (0x3041, 0x3096), (0x309D, 0x309F), (0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF),
    (0x32D0, 0x32FE), (0x3300, 0x3357), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D), (0xFA70, 0xFAD9),
    (0xFF66, 0xFF6F), (0xFF71, 0xFF9D), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1), (0x1AFF0, 0x1AFF3), (0x1AFF5, 0x1AFFB),
    (0x1AFFD, 0x1AFFE), (0x1B000, 0x1B122), (0x1B132, 0x1B132), (0x1B150, 0x1B152), (0x1B155, 0x1B155),
    (0x1B164, 0x1B167), (0x1F200, 0x1F200), (0x20000, 0x2A6DF), (0x2A700, 0x2B739), (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0x2F800, 0x2FA1D), (0x30000, 0x3134A), (0x31350, 0x323AF),
)


def text_table_arguments(parser) -> None:
    add = parser.add_argument_group("texts of a table").add_argument
    add("--tokens", choices=["word", "char", "byte"], help="what a text is divided into (word)")
    add("--truncate", choices=["start", "end"], help="what a text that is too long loses (end)")


def in_word(c: str) -> bool:
    """Whether a character makes words with its neighbours: letters, marks and digits."""
    alone = any(low <= ord(c) <= high for low, high in CHINESE_JAPANESE)
    return unicodedata.category(c)[0] in "LMN" and not alone


class Words:
    """Divides texts into words in lower case and marks of punctuation."""

    def __init__(self, texts: list[str]):
        characters = set().union(*texts)
        between = {c for c in characters if c in SPACES or unicodedata.category(c) in ("Cc", "Cf")}
        inside = "".join(re.escape(c) for c in sorted(characters) if in_word(c)) or "a"
        others = "".join(re.escape(c) for c in sorted(characters - between) if not in_word(c)) or "a"
        self.pattern = re.compile(f"[{inside}]+(?:['’][{inside}]+)*|[{others}]")

    def __call__(self, text: str) -> list[str]:
        words = self.pattern.findall(text)
        if any(len(word) > LONGEST_WORD for word in words):
            words = [piece for word in words for piece in pieces_of(word)]
        return [folded(word) for word in words]


def pieces_of(word: str):
    """A word in pieces of 64 characters. An apostrophe as the last of them ends the piece before it."""
    while len(word) > LONGEST_WORD:
        end = LONGEST_WORD - (word[LONGEST_WORD - 1] in "'’")
        yield word[:end]
        word = word[end:]
        if word[0] in "'’":
            yield word[0]
            word = word[1:]
    if word:
        yield word


def folded(word: str) -> str:
    """A word as the vocabulary writes it."""
    return word.lower() if word.isascii() else "".join(c.lower()[0] for c in word).replace("’", "'")


def divided(texts: list[str], kind: str) -> list[list]:
    """The symbols of texts: words, characters, or bytes by their number."""
    if kind == "word":
        divide = Words(texts)
        return [divide(text) for text in texts]
    return [list(text.encode()) if kind == "byte" else list(text) for text in texts]


class TextTable(Table):
    """A table whose texts may become integers."""

    def measured(self, inputs: list[dict], fed: list[int]) -> dict[int, dict]:
        """Inputs that a text is measured by: its number of symbols, of one integer up to the text's length; or a mask,
        of as many integers of 2."""
        found, taken = {}, set()
        for i, port in enumerate(inputs):
            for text in inputs:
                if port["limit"] is None or i in fed or text is port or not takes_text(text) or text["limit"] <= 2:
                    continue
                how = "length" if size(port) == 1 and port["limit"] == size(text) + 1 else ""
                if not how and size(port) == size(text) and port["limit"] == 2:
                    how = "mask"
                if how and (how, text["name"]) not in taken:
                    found[i] = {"name": port["name"], "columns": 0, "of": text["name"], "measures": how}
                    taken.add((how, text["name"]))
                    break
        return found

    def feature(self, port: dict, field: int, fields: list[int], kinds: dict[int, str]) -> Column:
        names = self.header.names
        own = [other for other in fields if other or names[0] not in ("", "Unnamed: 0")]
        if not takes_text(port) or len(own) != 1 or kinds.get(own[0]) == "index":
            return super().feature(port, field, fields, kinds)
        if field not in own:
            return self.column(field, "number")  # of an index, which will be left out
        column = self.column(field, "tokens")
        column.sure, column.limit = kinds.get(field) == "class", port["limit"]
        return column


def takes_text(port: dict) -> bool:
    return port["limit"] is not None and len(port["shape"]) == 1 and size(port) > 1


class TextTableData(TableData):
    """The rows' model values, where an input takes the words, characters or bytes of a text."""

    reader = TextTable

    def check(self, codec: dict | None) -> None:
        super().check(codec)
        if codec and (self.args.tokens or self.args.truncate):
            raise SystemExit("--tokens, --truncate: the weights that the training starts from say that: leave them out")

    def open(self, files: list[str], codec: dict | None, held: bool = False) -> Table:
        table = super().open(files, codec, held)
        table.encoded = {}  # by input of a text, the integers and how many are symbols
        self.measures = table.measures
        has_texts = any(column.kind == "tokens" for columns in table.inputs for column in columns)
        if not has_texts and (self.args.tokens or self.args.truncate or table.measures):
            raise SystemExit(f"{table.file}: there is no column of texts for an input of several integers")
        return table

    def fit_column(self, column: Column, port: dict, train) -> dict:
        if column.kind != "tokens":
            return super().fit_column(column, port, train)
        if not column.sure and column.numeric == column.filled:
            what = f"the column {column.name} has numbers alone, but the input {port['name']} takes a text"
            raise SystemExit(f"{what}: take them as texts with --text {column.name}")
        text = self.fit_text(column, port, train)
        return {"name": column.name, "kind": "tokens", "limit": port["limit"], "tokens": text}

    def fit_text(self, column: Column, port: dict, train) -> dict:
        """How a text becomes integers: the vocabulary has the most frequent symbols of the rows to train on."""
        kind = self.args.tokens or "word"
        vocabulary = {"kind": kind, "open": True}
        if kind == "byte" and port["limit"] < 256 + FIRST:
            raise SystemExit(f"--tokens byte: the input {port['name']} takes integers of {port['limit']}, not of 258")
        if kind != "byte":
            texts = divided([column.texts[row] for row in train], kind)
            counts = Counter(symbol for symbols in texts for symbol in symbols)
            symbols = sorted(counts, key=lambda symbol: (-counts[symbol], symbol.encode()))
            known = symbols[: max(0, port["limit"] - FIRST)]
            if not symbols:
                raise SystemExit(f"column {column.name!r} has no {kind} in the training part: leave it out")
            if len(symbols) > len(known):
                of = f"{len(symbols)} different {kind}s in the rows to train on"
                self.notes.append(f"{column.name}: {of}, of which the {len(known)} most frequent are known")
            vocabulary |= {"symbols": known} if known else {}
        text = {"vocabulary": vocabulary, "length": size(port), "cut_start": self.args.truncate == "start"}
        text["pad_start"] = port["name"] not in [part["of"] for part in self.measures.values()]
        return {key: value for key, value in text.items() if value}

    def encode(self, table: Table, codec: dict, held: bool = False):
        at = 0
        for i, columns in enumerate(table.inputs):
            if columns and columns[0].kind == "tokens":
                texts = [stored["tokens"] for stored in codec["columns"][at : at + len(columns)]]
                table.encoded[self.ports[i]["name"]] = self.encode_texts(columns, texts)
            at += len(columns)
        return super().encode(table, codec, held)

    def encode_input(self, table: Table, i: int, columns: list, scale: str, held: bool):
        port = self.ports[i]
        if port["name"] in table.encoded:
            return table.encoded[port["name"]][0]
        if i not in table.measures:
            return super().encode_input(table, i, columns, scale, held)
        measured = table.measures[i]
        integers, lengths, begins = table.encoded[measured["of"]]
        if measured["measures"] == "length":
            return lengths[:, None]
        places = np.arange(integers.shape[1])
        return ((places >= begins[:, None]) & (places < (begins + lengths)[:, None])).astype(np.int64)

    def encode_texts(self, columns: list[Column], texts: list[dict]):
        """The integers of each text, how many of them are symbols, and where these begin."""
        (column,), (text,) = columns, texts
        length, vocabulary = text["length"], text["vocabulary"]
        symbols = range(256) if vocabulary["kind"] == "byte" else vocabulary.get("symbols", [])
        index = {symbol: FIRST + i for i, symbol in enumerate(symbols)}
        integers = np.full((len(column.texts), length), PADDING)
        lengths, begins = np.zeros(len(integers), dtype=np.int64), np.zeros(len(integers), dtype=np.int64)
        cut = 0
        for row, symbols in enumerate(divided(column.texts, vocabulary["kind"])):
            kept = symbols[-length:] if text.get("cut_start") else symbols[:length]
            cut, n = cut + (len(kept) < len(symbols)), len(kept)
            lengths[row], begins[row] = n, length - n if text.get("pad_start") else 0
            integers[row, begins[row] : begins[row] + n] = [index.get(symbol, UNKNOWN) for symbol in kept]
        unknown = 100 * (integers == UNKNOWN).sum() / max(lengths.sum(), 1)
        what = f"{unknown:.3g} % of {counted(int(lengths.sum()), vocabulary['kind'])} are unknown"
        what += f"; {cut} of {counted(len(lengths), 'text')} are longer than {length} and cut" if cut else ""
        self.notes.append(f"{column.name}: {what}")
        return integers, lengths, begins
