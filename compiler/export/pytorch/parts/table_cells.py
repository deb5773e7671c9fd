import math
import unicodedata
import numpy as np

# ---- Cells: which are numbers, and which are missing -----------------------------------------------------------------

SPACES = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
USUALLY_MISSING = frozenset((
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
    "NaN", "None", "n/a", "nan", "null", "?", "-",
))
EMPTY, MISSING, NUMBER, NOT_FINITE, TEXT = range(5)  # what a cell is in a column of numbers
DIGITS = frozenset("0123456789+-.eE")


class Writing:
    """How the numbers of a table are written."""

    def __init__(self, thousands: str = "", decimal: str = "", missing: list[str] | None = None):
        self.thousands, self.decimal, self.missing = thousands, decimal or ".", missing
        for sign in filter(None, (thousands, self.decimal)):
            if len(sign) != 1 or sign in "0123456789+-eE":
                raise SystemExit(f"--decimal, --thousands: {sign!r} cannot separate digits: write one character")
        if thousands == self.decimal:
            raise SystemExit(f"{thousands!r} cannot stand both before a fraction and between thousands")

    def numbers(self, cells, signed: bool = False):
        """The numbers of cells, NaN where there is none, and what each cell is."""
        if self.missing is None and not self.thousands and self.decimal == "." and DIGITS.issuperset("".join(cells)):
            try:  # the usual case, which is fast
                values = np.array([float(cell) if cell else math.nan for cell in cells])
                if not np.isinf(values).any():
                    return values, np.where(np.isnan(values), EMPTY, NUMBER)
            except ValueError:
                pass
        parsed = [self.parse(cell, signed) for cell in cells]
        return np.array([value for value, _ in parsed]), np.array([kind for _, kind in parsed])

    def parse(self, cell: str, signed: bool = False) -> tuple[float, int]:
        """A cell's number, and what it is. A signed one may have signs and units around it: $5, 5 km, (5) for -5."""
        text = cell.strip(SPACES)
        if not text:
            return math.nan, EMPTY
        if self.missing is not None and text in self.missing:
            return math.nan, MISSING
        value, kind = self.number(text)
        if kind != NUMBER and self.missing is None and text in USUALLY_MISSING:
            return math.nan, MISSING
        return self.bare(text) if signed and kind == TEXT else (value, kind)

    def bare(self, text: str) -> tuple[float, int]:
        """The number between signs and units."""
        text, sign = text.replace("\u2212", "-"), ""
        if text.startswith("(") and text.endswith(")"):
            sign, text = "-", text[1:-1]
        if not sign and text.startswith("-"):
            sign, text = "-", text[1:]
        def around(c: str) -> bool:
            return c in SPACES or c in "$%°'" or c.isalpha() or unicodedata.category(c) == "Sc"

        text = text.strip("".join(filter(around, text)) or " ")
        return (math.nan, TEXT) if sign and text.startswith("-") else self.number(sign + text)

    def number(self, text: str) -> tuple[float, int]:
        if self.thousands or self.decimal != ".":
            text = self.plain(text)
        if not DIGITS.issuperset(text):
            named = text.lstrip("+-").lower() in ("inf", "infinity", "nan")
            return math.nan, NOT_FINITE if named else TEXT
        try:
            value = float(text)
        except ValueError:
            return math.nan, TEXT
        return (value, NUMBER) if math.isfinite(value) else (math.nan, NOT_FINITE)

    def plain(self, text: str) -> str:
        """The number with a point before its fraction and nothing between its thousands; "?" where it is none."""
        whole, point, fraction = text.partition(self.decimal)
        if "." in whole and self.thousands != ".":
            return "?"
        if self.thousands == " ":
            whole = whole.replace("\xa0", " ").replace("\u202f", " ")
        if self.thousands:
            first, *others = whole.split(self.thousands)
            if any(len(group.encode()) != 3 for group in others) or others and not 1 <= len(first.lstrip("+-")) <= 3:
                return "?"
            whole = first + "".join(others)
        return whole + ("." + fraction if point else "")


def quoted(text: str) -> str:
    """A cell in a message."""
    return f'"{text[:40]}"' + ("…" if len(text) > 40 else "")
