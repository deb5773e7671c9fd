"""Writes testdata/losses.json: the losses of the first steps of each training, and what is predicted of the first rows
before them, by PyTorch in float64.

    go run . --arrays DIR; python losses.py DIR
"""

import json
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional

STEPS, ROWS = 10, 3
MODELS = {  # rows of a step, loss, optimiser
    "seed": (5, functional.mse_loss, lambda p: torch.optim.SGD(p, lr=0.01)),
    "house": (64, functional.mse_loss, lambda p: torch.optim.Adam(p, lr=0.001)),
    "digits": (64, functional.cross_entropy, lambda p: torch.optim.Adam(p, lr=0.001)),
    "cnn": (64, functional.cross_entropy, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
}


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


result = {}
for name, (size, loss, make) in MODELS.items():
    arrays = load(pathlib.Path(sys.argv[1]) / (name + ".safetensors"))
    inputs, targets = arrays["inputs"].double(), arrays["targets"]
    if targets.is_floating_point():
        targets = targets.double()
    modules = []
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
    predicted = model.eval()(inputs[:ROWS]).detach().flatten().tolist()
    model.train()
    optimiser, losses = make(model.parameters()), []
    for step in range(STEPS):
        rows = slice(step * size, (step + 1) * size)
        optimiser.zero_grad()
        value = loss(model(inputs[rows]), targets[rows])
        value.backward()
        optimiser.step()
        losses.append(value.item())
    result[name] = {"losses": losses, "predicted": predicted}

path = pathlib.Path(__file__).parent / "testdata" / "losses.json"
path.write_text(json.dumps(result, indent=1) + "\n")
