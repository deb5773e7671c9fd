# needs: processes files codec split stream weighing
import numpy as np
import torch

# ---- Data: a text that the model continues, as `nnc train` reads it --------------------------------------------------


def text_arguments(parser) -> None:
    parser.add_argument("--tokens", choices=["char", "byte"], help="what the symbols of the text are (char)")


class TextData:
    """Windows of a text, and of the same text one symbol further. Those that train begin elsewhere in each epoch."""

    def __init__(self, args, codec: dict | None):
        self.args, self.notes = args, []
        if codec and "text" not in codec:
            raise SystemExit(f"{args.init}: it was not trained on a text, and knows no vocabulary")
        if codec and args.tokens and args.tokens != codec["text"]["kind"]:
            raise SystemExit(f"--tokens {args.tokens}: {args.init} is of {codec['text']['kind']}s: leave the flag out")
        balanced_weights(args, None)  # refuses what asks for balance
        if args.split_seed is not None:
            raise SystemExit("--split-seed draws rows, and of a text the end is held out: leave it out")
        (_, (self.window,), limit), = INPUTS
        kind = codec["text"]["kind"] if codec else args.tokens or "char"
        texts = read_texts(args.data, kind)
        targets = codec_targets()
        codec = codec or {"version": codec_version(targets), "scale": "standard",
                          "text": vocabulary(args.data[0], texts, kind, limit), "targets": targets}
        self.codec, self.targets, self.vocabulary = as_json(codec), codec["targets"], codec["text"]

        self.symbols = encoded(texts, self.vocabulary)
        self.end = len(self.symbols)  # of the part to train on
        if self.end <= self.window:
            raise SystemExit(f"{args.data[0]}: {self.too_short('the text has', self.end)}: give a longer one")
        self.test = self.cut("--test", test_part(args), said=True)
        self.valid = self.cut("--valid", valid_part(max(50, self.end), args), said=args.valid is not None)
        # Each epoch reads ⌊symbols/window⌋ windows. A row is where its window begins, but for the epoch's offset.
        self.train = np.arange(self.end // self.window) * self.window
        self.notes.append(f"{args.data[0]}: {len(self.symbols)} symbols, of which {self.end} train, in "
                          f"{counted(len(self.train), 'window')} of {self.window} an epoch")
        if args.valid_data:
            self.valid = self.add(args.valid_data)
        if test_files(args):
            self.test = self.add(test_files(args))

    def cut(self, flag: str, part: tuple, said: bool) -> np.ndarray:
        """Takes a part off the end of those that train, and returns where its windows begin."""
        kind, size = part
        n = int(size * len(self.symbols) + 1e-9)
        if kind == "last":
            n = len(self.symbols) if size > len(self.symbols) // self.window else size * self.window + 1
        if n <= self.window:
            if said and size:
                raise SystemExit(f"{flag}: {self.too_short('it holds out', n)}: hold out more, or none with {flag} 0")
            return np.arange(0)
        if self.end - n <= self.window:
            raise SystemExit(f"{flag}: {self.too_short('it leaves', max(self.end - n, 0))}: hold out less")
        self.end -= n
        return self.windows(self.end, self.end + n)

    def windows(self, begin: int, end: int) -> np.ndarray:
        """Where the windows of a part begin, one behind the other; the last symbol may be a target only."""
        return np.arange(begin, end - self.window, self.window)

    def too_short(self, what: str, n: int) -> str:
        return f"{what} {counted(n, 'symbol')}, but a window takes {self.window + 1}, the one that follows included"

    def add(self, files: list[str]) -> np.ndarray:
        """Reads a text that is held out, and returns where its windows begin."""
        symbols, begin = encoded(read_texts(files, self.vocabulary["kind"]), self.vocabulary), len(self.symbols)
        if len(symbols) <= self.window:
            raise SystemExit(f"{files[0]}: {self.too_short('the text has', len(symbols))}: give a longer one")
        self.symbols = np.concatenate([self.symbols, symbols])
        return self.windows(begin, len(self.symbols))

    def order(self, epoch: int) -> np.ndarray:
        return self.train[shuffled(len(self.train), self.args, epoch)]

    def gather(self, rows, epoch, place=None):
        """The windows of some rows, and what follows each symbol of them."""
        if epoch is not None:
            offset = 0
            if self.args.shuffle == "true":
                offset = Stream(self.args.seed, f"windows.{epoch}").uint64(0) % self.window
            rows = np.minimum(rows + offset, self.end - self.window - 1)  # the last may overlap the one before
        places = np.asarray(rows)[:, None] + np.arange(self.window)
        symbols = [torch.from_numpy(self.symbols[at].astype(np.int64)) for at in (places, places + 1)]
        return (symbols[0].to(self.place["device"]),), (symbols[1].to(self.place["device"]),), None


def read_texts(files: list[str], kind: str) -> list[tuple[str, str | bytes]]:
    """The texts of files: bytes, or characters without a byte order mark, with LF alone at the ends of lines."""
    texts = []
    for path in files:
        data = content(path)
        if kind == "char":
            try:
                data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").decode()
            except UnicodeDecodeError:
                raise SystemExit(f"{path}: this is no UTF-8: save it as UTF-8, or take its bytes with --tokens byte")
        texts.append((path, data))
    return texts


def vocabulary(path: str, texts: list, kind: str, limit: int) -> dict:
    """All symbols of the texts in order, as the Codec has them: as many as the model takes."""
    if not any(text for _, text in texts):
        raise SystemExit(f"{path}: the file is empty: there is nothing to learn from")
    symbols = sorted(set().union(*(text for _, text in texts))) if kind == "char" else range(256)
    if len(symbols) != limit:
        what = f"the text has {len(symbols)} different characters" if kind == "char" else "there are 256 bytes"
        raise SystemExit(f"{path}: {what}, but the model takes integers of {limit}: write {len(symbols)} in the spec")
    return {"kind": kind} | ({"symbols": symbols} if kind == "char" else {})


def encoded(texts: list, vocabulary: dict) -> np.ndarray:
    """The integers of texts, one behind the other, in as few bytes as the vocabulary allows."""
    if vocabulary["kind"] == "byte":
        return np.frombuffer(b"".join(text for _, text in texts), np.uint8)
    known = np.array([ord(symbol) for symbol in vocabulary["symbols"]], np.uint32)  # in ascending order
    size, parts = np.min_scalar_type(len(known) - 1), []
    for path, text in texts:
        points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        places = np.searchsorted(known, points)
        unknown = np.flatnonzero(known[np.minimum(places, len(known) - 1)] != points)
        if len(unknown):
            line = text.count("\n", 0, unknown[0]) + 1
            raise SystemExit(f"{path}:{line}: the character {text[unknown[0]]!r} is none of the {len(known)} that "
                             "training saw")
        parts.append(places.astype(size))
    return np.concatenate(parts)
