# needs: processes files codec split stream weighing wordpiece
import json

import numpy as np
import torch

# ---- Data: questions about passages in the form of SQuAD, as `nnc train` reads them ----------------------------------


def question_arguments(parser) -> None:
    parser.add_argument("--tokenizer", metavar="wordpiece:FILE", help="the model's vocabulary: a token on each line")


class QuestionData:
    """Windows of questions and passages. A row is a window, which is made when a batch wants it."""

    def __init__(self, args, codec: dict | None):
        self.args, self.notes = args, []
        (target,) = TARGETS
        self.find_inputs(target)
        codec = codec or {}
        if "columns" in codec or "text" in codec:
            raise SystemExit(f"{args.init}: it was not trained on questions about passages: give data such as it was")
        balanced_weights(args, None)  # refuses what asks for balance
        self.tokenizer = self.vocabulary(codec.get("questions"))
        self.choose_windows(codec.get("questions"), target)
        windows = {"length": self.length, "step": self.step, "question": self.most, "longest": target["longest"],
                   "tokens": self.tokenizer.tokens}
        self.codec = as_json({"version": 4, "scale": "standard", "targets": codec_targets(), "questions": windows})
        self.targets = codec_targets()

        self.passages, self.questions = [], []
        self.rows = []  # windows: the question, which of its windows, and where the answer begins and ends there
        articles = self.read(args.data)
        self.notes.append(f"{args.data[0]}: {counted(len(self.questions), 'question')} in "
                          f"{counted(int(articles.max()) + 1, 'article')}")
        self.divide(articles)
        if args.valid_data:
            self.valid = self.add(args.valid_data)
        if test_files(args):
            self.test = self.add(test_files(args))
        self.table = np.array(self.rows)

    def find_inputs(self, target: dict) -> None:
        """Which input takes what of a window: they are found by what they are."""
        self.length, self.feeds = target["limit"], []
        for name, _, limit in INPUTS:
            what = "mask" if name == target.get("mask") else "segment" if limit == 2 else "ids"
            self.feeds.append(what)
            if what == "ids":
                self.symbols = limit

    def vocabulary(self, stored: dict | None) -> WordPiece:
        """That of --tokenizer, or of the weights that the training starts from."""
        if not stored and not self.args.tokenizer:
            raise SystemExit(f"{self.args.data[0]} holds questions about passages: which integer is which part of a "
                             "word? Name the model's vocabulary, as --tokenizer wordpiece:vocab.txt")
        if not self.args.tokenizer:
            return WordPiece(stored["tokens"], self.args.init or "the vocabulary")
        tokenizer = read_vocabulary(self.args.tokenizer)
        if stored and tokenizer.tokens != stored["tokens"]:
            raise SystemExit(f"--tokenizer {self.args.tokenizer}: the weights were trained with another vocabulary, "
                             "and have weights of its tokens: leave the flag out")
        return tokenizer

    def choose_windows(self, stored: dict | None, target: dict) -> None:
        """A question has a quarter of the positions at most, and a window begins every half."""
        size = len(self.tokenizer.tokens)
        if size > self.symbols:
            raise SystemExit(f"a vocabulary of {counted(size, 'token')}, but the model knows {self.symbols}")
        if size < self.symbols and not stored:
            self.notes.append(f"warning: the vocabulary has {counted(size, 'token')}, and the model takes integers of "
                              f"{self.symbols}: weights that learnt another take these tokens for others")
        self.most = max(1, self.length // 4)
        self.step = max(1, min(self.length // 2, self.room(self.most)))
        if stored:
            if stored["length"] != self.length:
                raise SystemExit(f"the weights are of windows of {stored['length']} positions, and the model has "
                                 f"{self.length}")
            self.most, self.step = stored["question"], stored["step"]

    def room(self, question: int) -> int:
        """How many tokens of a passage stand beside a question of so many, [CLS] and two of [SEP]."""
        return self.length - 3 - question

    def read(self, files: list[str]) -> np.ndarray:
        """Reads questions, and returns the article of each of their windows."""
        articles, seen, begin = [], {}, len(self.rows)
        for path in files:
            for article in read_squad(path, seen):
                number = articles[-1] + 1 if articles else 0
                for where, text, questions in article:
                    self.passages.append(np.array(self.tokenizer.encode(text)).reshape(-1, 3))
                    if not len(self.passages[-1]):
                        raise SystemExit(f"{where}: the passage is empty: no word in it could be an answer")
                    for where, question, answer in questions:
                        self.read_question(where, question, answer)
                        articles += [number] * (len(self.rows) - begin - len(articles))
        if not articles:
            raise SystemExit(f"{files[0]}: there is no question in it")
        return np.array(articles)

    def read_question(self, where: str, question: str, answer: tuple | None) -> None:
        ids = [token for token, _, _ in self.tokenizer.encode(question)][: self.most]
        if not ids:
            raise SystemExit(f"{where}: the question is empty: there is no word in it")
        tokens, room = self.passages[-1], self.room(len(ids))
        first = last = -1  # of the tokens that have a part of the answer
        if answer:
            first = int(np.searchsorted(tokens[:, 2], answer[0], side="right"))
            last = int(np.searchsorted(tokens[:, 1], answer[1])) - 1
        for window in range(1 + max(0, -(-(len(tokens) - room) // self.step))):
            begin = window * self.step
            inside = begin <= first <= last < min(begin + room, len(tokens))
            position = 2 + len(ids) - begin
            span = (position + first, position + last) if inside else (0, 0)
            self.rows.append((len(self.questions), window, *span))
        self.questions.append((ids, len(self.passages) - 1))

    def divide(self, articles: np.ndarray) -> None:
        """Holds whole articles out."""
        args, n, seed = self.args, int(articles.max()) + 1, self.args.split_seed or 0
        valid, left = valid_part(len(articles), args), np.arange(n)
        try:
            left, tested = held_out(left, n, test_part(args), Stream(seed, "split.test"), None, None)
            if args.valid is None and len(left) < 2:
                valid = ("fraction", 0)
                self.notes.append("no article is held out, for there is one alone: questions about others may come "
                                  "with --valid-data")
            left, held = held_out(left, n, valid, Stream(seed, "split"), None, None)
        except ValueError:
            raise SystemExit(f"{args.data[0]}: --valid or --test would hold out all of {counted(n, 'article')}: one at "
                             "least must train")
        self.train, self.valid, self.test = (np.flatnonzero(np.isin(articles, part)) for part in (left, held, tested))
        for what, part, rows in (("to train on", left, self.train), ("held out", held, self.valid),
                                 ("to test on", tested, self.test)):
            if len(rows):
                self.notes.append(f"{counted(len(part), 'article')} {what}: {self.described(rows)}")

    def described(self, rows: np.ndarray) -> str:
        table = np.array(self.rows)[rows]
        without = int((table[:, 2] == 0).sum())
        text = f"{counted(len(np.unique(table[:, 0])), 'question')} in {counted(len(rows), 'window')} of {self.length} "
        return text + "tokens" + (f", {without} of them without the answer" if without else "")

    def add(self, files: list[str]) -> np.ndarray:
        """Reads questions that are held out, and returns their windows."""
        begin = len(self.rows)
        self.read(files)
        rows = np.arange(begin, len(self.rows))
        self.notes.append(f"{files[0]}: {self.described(rows)}")
        return rows

    def order(self, epoch: int) -> np.ndarray:
        return self.train[shuffled(len(self.train), self.args, epoch)]

    def gather(self, rows, epoch, place=None):
        """The windows of some rows: [CLS] question [SEP] piece of the passage [SEP], filled up with [PAD]."""
        rows = np.asarray(rows, np.int64)
        parts = {what: np.zeros((len(rows), self.length), np.int64) for what in ("ids", "segment", "mask")}
        parts["ids"][:] = self.tokenizer.padding
        for row, (number, window, _, _) in enumerate(self.table[rows]):
            question, passage = self.questions[number]
            begin = window * self.step
            piece = self.passages[passage][begin : begin + self.room(len(question)), 0]
            ids = [self.tokenizer.opening, *question, self.tokenizer.separator, *piece, self.tokenizer.separator]
            parts["ids"][row, : len(ids)] = ids
            parts["segment"][row, len(question) + 2 : len(ids)] = 1
            parts["mask"][row, : len(ids)] = 1
        device = self.place["device"]
        inputs = [torch.from_numpy(parts[what]).to(device, self.place["dtype"] if limit is None else torch.int64)
                  for what, (_, _, limit) in zip(self.feeds, INPUTS)]
        return tuple(inputs), (torch.from_numpy(self.table[rows, 2:]).to(device),), None


def read_squad(path: str, seen: dict):
    """The articles of a file of questions, each a list of passages (place, text, questions), whose questions are
    (place, text, answer): where in the passage the first answer begins and ends, None without one."""
    try:
        file = json.loads(content(path).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SystemExit(f"{path}: this is no UTF-8")
    except json.JSONDecodeError as error:
        raise SystemExit(f"{path}:{error.lineno}:{error.colno}: {error.msg}: the file is no JSON, or not whole")
    for i, article in enumerate(member(file, "data", list, path)):
        passages = []
        for j, paragraph in enumerate(member(article, "paragraphs", list, where := f"{path}: article {i + 1}")):
            where_passage = f"{where}, paragraph {j + 1}"
            text, questions = member(paragraph, "context", str, where_passage), []
            for k, question in enumerate(member(paragraph, "qas", list, where_passage)):
                questions.append(read_answered(question, text, f"{where_passage}, question {k + 1}", seen))
            if questions:
                passages.append((where_passage, text, questions))
        if passages:
            yield passages


def read_answered(question: dict, passage: str, where: str, seen: dict) -> tuple:
    """A question of a file: where it stands, its text, and where its answer begins and ends."""
    name, text = member(question, "id", str, where), member(question, "question", str, where)
    if name in seen:
        raise SystemExit(f"{where}: its id, {name}, is that of {seen[name]}: each has its own")
    seen[name] = where
    if not text.strip():
        raise SystemExit(f"{where}: it has no text")
    answers, impossible = question.get("answers") or [], question.get("is_impossible", False)
    if bool(answers) == bool(impossible):
        raise SystemExit(f"{where}: it is marked with is_impossible, and has answers" if answers else
                         f"{where}: it has no answers: give it some, or mark it with \"is_impossible\": true")
    for answer in answers:
        begin, said = member(answer, "answer_start", int, where), member(answer, "text", str, where)
        if not said or begin < 0 or passage[begin : begin + len(said)] != said:
            raise SystemExit(f"{where}: the answer {said!r} is not at its answer_start, {begin}, in the passage")
    if not answers:
        return where, text, None
    begin = answers[0]["answer_start"]
    return where, text, (begin, begin + len(answers[0]["text"]))


def member(thing, key: str, kind: type, where: str):
    """A member of an object, which must be there."""
    if not isinstance(thing, dict) or not isinstance(thing.get(key), kind):
        raise SystemExit(f"{where}: there is no {key!r}: questions come as SQuAD has them, "
                         '{"data": [{"paragraphs": [{"context": "…", "qas": [{"id": "…", "question": "…", "answers": '
                         '[{"text": "…", "answer_start": 0}]}]}]}]}')
    return thing[key]
