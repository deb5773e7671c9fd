"""Writes testdata/losses.json: the losses of the first steps of each training, and what is predicted of the first rows
before them, by PyTorch in float64.

    go run . --arrays DIR; python losses.py DIR [model …]
"""

import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional

STEPS, ROWS, MOST = 10, 3, 100  # losses, rows predicted, numbers of these at most
MODELS = {  # rows of a step, loss, optimiser
    "seed": (5, functional.mse_loss, lambda p: torch.optim.SGD(p, lr=0.01)),
    "house": (64, functional.mse_loss, lambda p: torch.optim.Adam(p, lr=0.001)),
    "digits": (64, functional.cross_entropy, lambda p: torch.optim.Adam(p, lr=0.001)),
    "cnn": (64, functional.cross_entropy, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    "sentiment": (32, functional.binary_cross_entropy_with_logits, lambda p: torch.optim.RMSprop(p, lr=0.001)),
    "bert": (8, None, lambda p: torch.optim.AdamW(p, lr=0.0002, weight_decay=0.01)),
    "shakespeare": (16, lambda y, t: functional.cross_entropy(y.flatten(0, 1), t.flatten()), lambda p: torch.optim.AdamW(p, lr=0.001, weight_decay=0.01)),
}
CLIPPED = {"shakespeare": 1.0, "bert": 1.0}  # the norm of all gradients


class Words(nn.Module):
    """An embedding, an LSTM, and a linear layer of its last state."""

    def __init__(self, arrays):
        super().__init__()
        self.embedding1, self.lstm1, self.linear1 = nn.Embedding(5000, 64), nn.LSTM(64, 128, batch_first=True), nn.Linear(128, 1)
        self.load_state_dict(arrays)

    def forward(self, x):
        return self.linear1(self.lstm1(self.embedding1(x))[0][:, -1])


class Letters(nn.Module):
    """A GPT, by its formulas; the parameters keep their names, with _ for every point."""

    def __init__(self, arrays):
        super().__init__()
        for name, a in arrays.items():
            self.register_parameter(name.replace(".", "_"), nn.Parameter(a))

    def of(self, name):
        return getattr(self, name.replace(".", "_"))

    def linear(self, name, x):
        return x @ self.of(name + ".weight").T + self.of(name + ".bias")

    def norm(self, name, x, epsilon=1e-5):
        return functional.layer_norm(x, x.shape[-1:], self.of(name + ".weight"), self.of(name + ".bias"), epsilon)

    def attention(self, name, x, heads, hidden):
        n, t, width = x.shape
        q, k, v = (self.linear(f"{name}.{part}", x).view(n, t, heads, width // heads).transpose(1, 2) for part in ("query", "key", "value"))
        scores = (q @ k.transpose(2, 3) / (width // heads) ** 0.5).masked_fill(hidden, -torch.inf)
        return self.linear(name + ".out", (scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, width))

    def forward(self, x):
        x = self.of("embedding1.weight")[x] + self.of("position1.weight")
        hidden = torch.ones(x.shape[1], x.shape[1]).triu(1).bool()
        for i in range(4):
            layer = f"layer1.{i}."
            x = x + self.attention(layer + "attention1", self.norm(layer + "layernorm1", x), 4, hidden)
            y = functional.gelu(self.linear(layer + "linear1", self.norm(layer + "layernorm2", x)))
            x = x + self.linear(layer + "linear2", y)
        return self.linear("linear1", self.norm("layernorm1", x))


class Answers(Letters):
    """A BERT, by its formulas."""

    def forward(self, x):
        tokens, segment, mask = x.view(len(x), 3, -1).unbind(1)
        hidden = (mask == 0)[:, None, None, :]
        x = self.of("embedding2.weight")[tokens] + self.of("kind.weight")[segment] + self.of("position1.weight")
        x = self.norm("layernorm1", x, 1e-12)
        for i in range(6):
            layer = f"encoder1.{i}."
            x = self.norm(layer + "layernorm1", x + self.attention(layer + "attention1", x, 12, hidden), 1e-12)
            y = self.linear(layer + "linear2", functional.gelu(self.linear(layer + "linear1", x)))
            x = self.norm(layer + "layernorm2", x + y, 1e-12)
        return self.linear("linear1", x)

    def loss(self, y, target, x):
        """The mean of both ends', over the tokens that the mask leaves."""
        y = y.masked_fill((x.view(len(x), 3, -1)[:, 2] == 0)[:, :, None], -torch.inf).log_softmax(1)
        return -y.gather(1, target[:, None, :]).mean()


def load(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        content = file.read()
    kinds = {"F32": np.float32, "I64": np.int64}
    return {
        name: torch.from_numpy(np.frombuffer(content[slice(*t["data_offsets"])], kinds[t["dtype"]]).reshape(t["shape"]).copy())
        for name, t in header.items()
        if name != "__metadata__"
    }


path = pathlib.Path(__file__).parent / "testdata" / "losses.json"
result = json.loads(path.read_text()) if sys.argv[2:] else {}
for name, (size, loss, make) in MODELS.items():
    if name not in (sys.argv[2:] or MODELS):
        continue
    arrays = load(pathlib.Path(sys.argv[1]) / (name + ".safetensors"))
    arrays = {key: a.double() if a.is_floating_point() else a for key, a in arrays.items()}
    inputs, targets = arrays.pop("inputs"), arrays.pop("targets")
    modules = []
    if name in ("sentiment", "shakespeare", "bert"):
        modules.append({"sentiment": Words, "shakespeare": Letters, "bert": Answers}[name](arrays).double())
        arrays = {}
    if name == "cnn":
        for conv, norm in (nn.Conv2d(1, 8, 5, padding=2), nn.BatchNorm2d(8)), (nn.Conv2d(8, 16, 5, padding=2), nn.BatchNorm2d(16)):
            number = 1 + len(modules) // 4
            for layer, of in (conv, f"conv{number}"), (norm, f"batchnorm{number}"):
                layer.weight.data, layer.bias.data = arrays[of + ".weight"], arrays[of + ".bias"]
            modules += [conv.double(), norm.double(), nn.ReLU(), nn.MaxPool2d(2)]
        modules = [nn.Unflatten(1, (1, 28, 28)), *modules, nn.Flatten()]
    for i in range(1, 1 + sum(k.startswith("linear") and k.endswith(".weight") for k in arrays)):
        weight, bias = arrays[f"linear{i}.weight"].double(), arrays[f"linear{i}.bias"].double()
        layer = nn.Linear(weight.shape[1], weight.shape[0]).double()
        layer.load_state_dict({"weight": weight, "bias": bias})
        modules += [nn.ReLU(), layer] if i > 1 else [layer]
    model = nn.Sequential(*modules)
    predicted = model.eval()(inputs[:ROWS]).detach().flatten()[:MOST].tolist()
    model.train()
    optimiser, losses = make(model.parameters()), []
    for step in range(STEPS):
        rows = slice(step * size, (step + 1) * size)
        optimiser.zero_grad()
        y = model(inputs[rows])
        value = loss(y, targets[rows]) if loss else modules[0].loss(y, targets[rows], inputs[rows])
        value.backward()
        if name in CLIPPED:
            nn.utils.clip_grad_norm_(model.parameters(), CLIPPED[name])
        optimiser.step()
        losses.append(value.item())
    result[name] = {"losses": losses, "predicted": predicted}

path.write_text(json.dumps(result, indent=1) + "\n")
