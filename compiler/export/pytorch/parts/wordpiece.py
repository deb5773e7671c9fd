# needs: files
import unicodedata

# ---- Tokens of texts: WordPiece, as BERT's uncased models have them --------------------------------------------------


class WordPiece:
    """Divides texts by a vocabulary as nnc does: by Unicode 15.0, if this is Python 3.12. To an older one signs of some
    rare scripts are unknown, and letters."""

    def __init__(self, tokens: list[str], where: str):
        self.tokens, self.ids = tokens, {token: i for i, token in enumerate(tokens)}
        lacks = [token for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]") if token not in self.ids]
        if lacks:
            raise SystemExit(f"{where}: there is no {', '.join(lacks)}: a vocabulary of WordPiece, as BERT's is, "
                             "has a token on each line, [PAD], [UNK], [CLS] and [SEP] among them")
        if "" in self.ids:
            raise SystemExit(f"{where}:{tokens.index('') + 1}: the token is empty")
        if len(self.ids) < len(tokens):
            token = next(token for i, token in enumerate(tokens) if self.ids[token] > i)
            raise SystemExit(f"{where}: two lines are the token {token!r}: a token's place is its integer")
        self.padding, self.unknown, self.opening, self.separator = (
            self.ids[token] for token in ("[PAD]", "[UNK]", "[CLS]", "[SEP]"))
        self.longest = max(map(len, tokens))
        self.characters: dict[str, tuple[str, str]] = {}  # those met so far, and what becomes of them
        self.words: dict[str, list] = {}  # those met so far, and their tokens

    def encode(self, text: str) -> list[tuple[int, int, int]]:
        """The tokens of a text: the integer of each, and where its part of the text begins and ends."""
        tokens, word, places = [], "", []  # places say which characters those of the word were
        for place, character in enumerate(text + " "):
            kind, folded = self.characters.get(character) or self.meet(character)
            if kind == "letter":
                word += folded
                places += [place] * len(folded)
            elif kind != "gone":
                if word:
                    tokens += [(i, places[begin], places[end - 1] + 1) for i, begin, end in self.pieces(word)]
                    word, places = "", []
                if kind == "alone":
                    tokens += [(i, place, place + 1) for i, _, _ in self.pieces(folded)]
        return tokens

    def meet(self, character: str) -> tuple[str, str]:
        """What a character is, and what becomes of it: decomposed, without accents, in lower case."""
        parts = unicodedata.normalize("NFD", character)
        folded = "".join(part.lower() for part in parts if unicodedata.category(part) != "Mn")
        category = unicodedata.category(character)
        if character in "\t\n\r\u2028\u2029" or category == "Zs":
            kind = "space"
        elif not folded or category in ("Cc", "Cf", "Co", "Cs") or character == "\ufffd":
            kind = "gone"
        elif any(first <= ord(character) <= last for first, last in HAN) or any(map(is_mark, folded)):
            kind = "alone"
        else:
            kind = "letter"
        self.characters[character] = kind, folded
        return kind, folded

    def pieces(self, word: str) -> list[tuple[int, int, int]]:
        """The tokens of a word: the longest that begins it, then the longest of the rest with ## before it."""
        if word in self.words:
            return self.words[word]
        pieces, begin = [], 0
        while begin < len(word) <= 100:
            mark = "##" if begin else ""
            ends = range(min(len(word), begin + self.longest), begin, -1)
            end = next((end for end in ends if mark + word[begin:end] in self.ids), None)
            if end is None:
                break
            pieces.append((self.ids[mark + word[begin:end]], begin, end))
            begin = end
        self.words[word] = pieces if begin == len(word) else [(self.unknown, 0, len(word))]
        return self.words[word]


HAN = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
       (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]  # the characters of Chinese, as BERT has them


def is_mark(character: str) -> bool:
    """Whether a character stands alone: punctuation, and the signs of ASCII."""
    return "!" <= character <= "~" and not character.isalnum() or unicodedata.category(character).startswith("P")


def read_vocabulary(tokenizer: str) -> WordPiece:
    """The vocabulary that --tokenizer wordpiece:FILE names: a token on each line, the first is the integer 0."""
    kind, _, path = tokenizer.partition(":")
    if kind != "wordpiece" or not path:
        raise SystemExit(f"--tokenizer {tokenizer}: write wordpiece:FILE, a vocabulary such as BERT's vocab.txt")
    try:
        text = content(path).decode().removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SystemExit(f"{path}: this is no UTF-8: a vocabulary is text, with a token on each line")
    return WordPiece(text.removesuffix("\n").split("\n"), path)
