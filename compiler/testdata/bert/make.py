"""Trains the encoder of ../bert-qa.txtar with PyTorch, and writes bert.json and bert.safetensors beside this file.

The layers are PyTorch's own, nn.TransformerEncoderLayer, at small sizes; ../training/reference.py says what the files hold.
Nothing is dropped out, since no two libraries draw the same. The biases of keys, of the scores and of the norm before them have no
gradient but for rounding, which adamw would make large at its own eps.

Run it with torch, numpy and safetensors installed: python make.py; or python make.py FOLDER for one step at the sizes of the
spec, which TestEncoder compares with -encoder FOLDER/bert.
"""

import pathlib
import sys

import numpy
import torch
from torch.nn import Embedding, LayerNorm, Linear, Module, ModuleDict, ModuleList
from torch.nn import functional as F
from torch.optim.lr_scheduler import LambdaLR

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from reference import Net, write


class Layer(Module):
    """A block Encoder, with the names that its parameters have here, as nn.TransformerEncoderLayer computes it."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.attention1 = ModuleDict({name: Linear(width, width) for name in ("query", "key", "value", "out")})
        self.layernorm1, self.layernorm2 = LayerNorm(width, eps=1e-12), LayerNorm(width, eps=1e-12)
        self.linear1, self.linear2 = Linear(width, hidden), Linear(hidden, width)
        self.theirs = [torch.nn.TransformerEncoderLayer(width, heads, hidden, 0.0, "gelu", 1e-12, batch_first=True).double()]
        with torch.no_grad():  # queries tell keys apart from the first step on, else gradients are small differences
            self.attention1["query"].weight.mul_(2)
            self.attention1["key"].weight.mul_(2)

    def forward(self, x, padding):
        packed = {f"in_proj_{kind}": torch.cat([getattr(self.attention1[name], kind) for name in ("query", "key", "value")])
                  for kind in ("weight", "bias")}
        weights = {f"self_attn.{name}": t for name, t in packed.items()}
        for theirs, ours in {"self_attn.out_proj": self.attention1["out"], "linear1": self.linear1, "linear2": self.linear2,
                             "norm1": self.layernorm1, "norm2": self.layernorm2}.items():
            weights |= {f"{theirs}.weight": ours.weight, f"{theirs}.bias": ours.bias}
        return torch.func.functional_call(self.theirs[0], weights, (x,), {"src_key_padding_mask": padding})


def encoder(*, words, positions, width, heads, hidden, layers, rows, batch, steps, warmup, rate):
    """The net of the spec at other sizes."""
    text = (FOLDER.parent / "bert-qa.txtar").read_text().split("-- bert-qa.nn --\n")[1].split("\n-- ")[0]
    for old, new in {
        "width = 384": f"width = {width}", "heads=12 hidden=1536": f"heads={heads} hidden={hidden}", "repeat 6": f"repeat {layers}",
        "[256]": f"[{positions}]", "of 30522": f"of {words}", "dropout=0.1": "dropout=0", "dropout 0.1": "dropout 0",
        "adamw  2e-4 decay=0.01": f"adamw {rate} decay=0.01 eps=1e-4",
        "schedule linear warmup=50\n": f"schedule linear warmup={warmup}\n" if warmup else "", "batch  8\n": "",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    sizes = dict(rows=rows, batch=batch, steps=steps, deep=True, spec="\n".join(line.split("//")[0].rstrip() for line in text.splitlines()))

    class BertQA(Net):
        """Questions of several lengths, one of them as long as can be."""

        inputs = {"tokens": ([positions], words), "segment": ([positions], 2), "mask": ([positions], None)}
        targets = {"target": ([2], positions)}
        unmoved = ["linear1.bias", f"encoder1.{layers - 1}.layernorm2.bias"] + [f"encoder1.{i}.attention1.key.bias" for i in range(layers)]

        @classmethod
        def draw(cls, rng):
            at = numpy.arange(positions)
            length = positions - numpy.arange(rows)[:, None] * 5 % (positions - 2)
            start = rng.integers(length)
            end = numpy.minimum(start + rng.integers(4, size=(rows, 1)), length - 1)
            x = {"tokens": rng.integers(words, size=(rows, positions)), "segment": at >= length // 3, "mask": at < length}
            kinds = {"tokens": numpy.int32, "segment": numpy.int32, "mask": numpy.float32}
            return {name: x[name].astype(kind) for name, kind in kinds.items()}, {"target": numpy.concatenate([start, end], 1).astype(numpy.int32)}

        def __init__(self):
            super().__init__()
            self.kind, self.embedding2, self.position1 = Embedding(2, width), Embedding(words, width), Embedding(positions, width)
            self.layernorm1, self.linear1 = LayerNorm(width, eps=1e-12), Linear(width, 2)
            self.encoder1 = ModuleList(Layer(width, heads, hidden) for _ in range(layers))

        def forward(self, tokens, segment, mask):
            h = self.layernorm1(self.embedding2(tokens) + self.position1.weight + self.kind(segment))
            for layer in self.encoder1:
                h = layer(h, mask == 0)
            return {"out": self.linear1(h).masked_fill(mask[..., None] == 0, torch.finfo(torch.float32).min)}

        def judge(self, x, y, target):
            return sum(F.cross_entropy(y["out"][..., i], target["target"][:, i]) for i in range(2)) / 2

        def schedule(self, update):
            if not warmup:
                return None
            return LambdaLR(update, lambda s: (s + 1) / warmup if s < warmup else 1 - (s - warmup) / (steps - warmup))

        def clip(self):
            torch.nn.utils.clip_grad_norm_(self.parameters(), 1.0)

    for name, value in sizes.items():
        setattr(BertQA, name, value)
    return BertQA


if __name__ == "__main__":
    if len(sys.argv) > 1:
        torch.set_num_threads(2)
        write(pathlib.Path(sys.argv[1]), "bert", [encoder(
            words=30522, positions=256, width=384, heads=12, hidden=1536, layers=6, rows=8, batch=8, steps=1, warmup=0, rate=2e-4)])
    else:
        write(FOLDER, "bert", [encoder(
            words=50, positions=12, width=24, heads=4, hidden=40, layers=2, rows=21, batch=8, steps=30, warmup=5, rate=0.001)])
