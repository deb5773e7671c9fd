"""Writes testdata/pytorch.json: the listing of main.go, run by PyTorch in float64.

    pip install torch; python pytorch.py

The numbers that go in are float32 values, so that the model can start from exactly the same ones.
"""

import json
import pathlib

import torch
from torch import nn, optim

STEPS = 20

torch.manual_seed(0)
model = nn.Linear(10, 1)
inputs, labels = torch.randn(5, 10), torch.randn(5, 1)
model, inputs, labels = model.double(), inputs.double(), labels.double()
criterion = nn.MSELoss()
optimizer = optim.SGD(model.parameters(), lr=0.01)


def flat(tensor):
    return tensor.detach().flatten().tolist()


result = {
    "inputs": flat(inputs),
    "labels": flat(labels),
    "start": {"linear1.weight": flat(model.weight), "linear1.bias": flat(model.bias)},
    "steps": [],
}
for _ in range(STEPS):
    optimizer.zero_grad()
    outputs = model(inputs)
    loss = criterion(outputs, labels)
    loss.backward()
    optimizer.step()
    result["steps"].append({
        "outputs": flat(outputs),
        "loss": loss.item(),
        "gradients": {"linear1.weight": flat(model.weight.grad), "linear1.bias": flat(model.bias.grad)},
        "parameters": {"linear1.weight": flat(model.weight), "linear1.bias": flat(model.bias)},
    })

path = pathlib.Path(__file__).parent / "testdata" / "pytorch.json"
path.parent.mkdir(exist_ok=True)
path.write_text(json.dumps(result, separators=(",", ":")).replace('{"outputs"', '\n{"outputs"') + "\n")
