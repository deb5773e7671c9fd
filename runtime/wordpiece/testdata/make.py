"""Writes small.json and xquad.json: what a reference in Python makes of texts.

    python make.py SHARED

SHARED is the folder of files that are not the project's own: qa/oracle/wordpiece.py there is the reference, whose ids and
offsets agree with those of the tokenizers package. small.json has a few texts in the tokens of vocab.txt beside it, as
lists of id, start and end, in code points. xquad.json has, for each language of XQuAD, the number of tokens of all its
passages, questions and answers in the order of the file, in BERT's vocabulary, and the sha256 of their ids and offsets:
little-endian int32, id, start and end of each token, and −1 behind each text.
"""
import hashlib, json, pathlib, struct, sys

here, shared = pathlib.Path(__file__).resolve().parent, pathlib.Path(sys.argv[1])
sys.path.insert(0, str(shared / "qa/oracle"))
from wordpiece import WordPiece

TEXTS = [
    "", " \t\n", "The cat sat on the mat.", "THE CATS, sitting", "sadness", "sadnesses zebra", "a" * 100, "a" * 101,
    "abc" * 33 + "a", "abc" * 33 + "ab", "Ça, ÉTÉ été e\u0301te\u0301", "\u0301cat\u0301 \u0301", "cat\u00adsat at\u200b\ufeff", "a\x00b\x07c\x0bd\x85e\tf\x1bt",
    "cat\u00a0sat\u3000at\u2028on", "[CLS] the [SEP]", "cat-sat=on^mat", "a≠b", "中文cat国", "\uf900\uf901 \U0002f800", "𠀀中", "각 가 힣 한국", "ΣΊΣΥΦΟΣ", "İ I ı", "ﬁ fi", "a\ufffdb", "c\ue000at",
    "😀 cat 😀cat", "cat\u180esat \u0378", "«the» “cat” … —", "\U0001d160 cat", "ǅ ǆ", "e\u0301" * 100, "e\u0301" * 101, "각" * 33 + "a", "각" * 34,
    "a\u0327\u0301\u0323b", "the\u2060cat", "カﾊが", "नमस्ते", "\u1fef`\u037e;", "\U000e0041cat", "the\rcat\r\nsat",
]

small = WordPiece(here / "vocab.txt")
rows = [{"text": t, "tokens": [[i, *s] for i, s in zip(*small.encode(t))]} for t in TEXTS]
(here / "small.json").write_text("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]\n")

bert, out = WordPiece(shared / "data/minilm/vocab.txt"), {}
for language in "en", "zh":
    digest, texts, tokens = hashlib.sha256(), 0, 0
    for article in json.load(open(shared / f"data/xquad.{language}.json", encoding="utf-8"))["data"]:
        for p in article["paragraphs"]:
            for text in [p["context"]] + [t for q in p["qas"] for t in [q["question"]] + [a["text"] for a in q["answers"]]]:
                ids, spans = bert.encode(text)
                for i, (start, end) in zip(ids, spans):
                    digest.update(struct.pack("<iii", i, start, end))
                digest.update(struct.pack("<i", -1))
                texts, tokens = texts + 1, tokens + len(ids)
    out[language] = {"texts": texts, "tokens": tokens, "sha256": digest.hexdigest()}
(here / "xquad.json").write_text(json.dumps(out, indent=1) + "\n")
