"""Trains the model of shakespeare.nn with PyTorch, from where main.go began and on the batches that it saw, and compares
the losses.

    go run . --data tinyshakespeare.txt --out /tmp/run.safetensors
    python compare.py /tmp/run.safetensors

--wide computes in float64, and --write FILE keeps the losses as JSON: so is testdata/rhyme.json made.
"""

import argparse
import json
import math

import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional

DEPTH, HEADS, WARMUP = 4, 4, 100


class Layer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layernorm1, self.layernorm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention1 = nn.MultiheadAttention(width, HEADS, batch_first=True)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        y = self.layernorm1(x)
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        x = x + self.attention1(y, y, y, attn_mask=later, need_weights=False)[0]
        return x + self.linear2(functional.gelu(self.linear1(self.layernorm2(x))))


class Position(nn.Module):
    def __init__(self, context, width):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(context, width))


class Shakespeare(nn.Module):
    def __init__(self, vocab=65, context=64, width=128):
        super().__init__()
        self.embedding1, self.position1 = nn.Embedding(vocab, width), Position(context, width)
        self.layer1 = nn.ModuleList(Layer(width) for _ in range(DEPTH))
        self.layernorm1, self.linear1 = nn.LayerNorm(width), nn.Linear(width, vocab)

    def forward(self, tokens):
        x = self.embedding1(tokens) + self.position1.weight
        for layer in self.layer1:
            x = layer(x)
        return self.linear1(self.layernorm1(x))


def renamed(tensors):
    """The parameters by PyTorch's names: its attention has query, key and value in one tensor."""
    state = {}
    for name, tensor in tensors.items():
        layer, _, part = name.partition(".attention1.")
        kind = part.rpartition(".")[2]
        if part.startswith("query"):
            parts = [tensors[f"{layer}.attention1.{of}.{kind}"] for of in ("query", "key", "value")]
            state[f"{layer}.attention1.in_proj_{kind}"] = torch.cat(parts)
        elif part.startswith("out"):
            state[f"{layer}.attention1.out_proj.{kind}"] = tensor
        elif not part:
            state[name] = tensor
    return state


def train(model, tokens, targets, total):
    """The losses of all steps, as the spec says: AdamW, clipping by the norm, warm-up, and half a cosine."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=0.01)

    def share(step):
        return (step + 1) / WARMUP if step < WARMUP else (1 + math.cos(math.pi * (step - WARMUP) / (total - WARMUP))) / 2

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, share)
    losses = []
    for x, t in zip(tokens, targets):
        optimiser.zero_grad()
        loss = functional.cross_entropy(model(x).flatten(0, 1), t.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
    return losses


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="what main.go wrote")
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("--write")
    options = parser.parse_args()
    with safe_open(options.file, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        total = int(file.metadata()["total"])
    tokens, targets, ours = (tensors.pop(name) for name in ("tokens", "targets", "losses"))
    model = Shakespeare()
    model.load_state_dict(renamed(tensors))
    if options.wide:
        model.double()
    theirs = train(model, tokens, targets, total)
    worst = 0
    for step, (a, b) in enumerate(zip(ours.tolist(), theirs), 1):
        worst = max(worst, abs(a - b) / b)
        if step == 1 or step % 20 == 0 or step == len(theirs):
            print(f"step {step}: nnc {a:.4f}, PyTorch {b:.4f}, worst difference so far {worst:.1e} of the loss")
    if options.write:
        with open(options.write, "w") as file:
            json.dump(theirs, file, indent=1)
            file.write("\n")


main()
