"""Checks that nnc and PyTorch read each other's weight files, and then predict the same.

For each net of nets.py: a file that PyTorch saved is given to `nnc predict`; one that `nnc train` saved is loaded by
PyTorch with strict=True (where layers share tensors by load_model), after `nnc weights --export` where the net wants a
map. Predictions are compared with PyTorch's in float64 by the criterion of the parity tests: ‖a − b‖ ≤ 2e-5·‖b‖ and
max|a − b| ≤ 1e-3·rms(b).

Run it with torch, numpy and safetensors installed, and with Go: python check.py [path of nnc]
"""

import csv
import pathlib
import subprocess
import sys
import tempfile
import textwrap

import numpy
import torch
from safetensors.torch import load_file, load_model, save_file

from nets import NETS, draw, made, predicted, shared, state

NNC = str(pathlib.Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else "nnc"


def nnc(*args):
    """What the command writes."""
    return subprocess.run([NNC, *args], check=True, capture_output=True, text=True, cwd=FOLDER).stdout


def data(arrays):
    """Flags that give the arrays as data."""
    flags = []
    for name, x in arrays.items():
        numpy.save(FOLDER / f"{name}.npy", x.numpy() if x.is_floating_point() else x.numpy().astype(numpy.int32))
        flags += ["--data", f"{name}={name}.npy"]
    return flags


def predictions(*args):
    lines = list(csv.reader(nnc("predict", *args).splitlines()))[1:]
    return torch.tensor([[float(cell) for cell in line] for line in lines], dtype=torch.float64)


def compare(what, got, want):
    want = want.flatten(1)
    assert got.shape == want.shape, (got.shape, want.shape)
    norm = ((got - want).norm() / want.norm()).item()
    most = ((got - want).abs().max() / want.square().mean().sqrt()).item()
    print(f"  {what}: ‖a − b‖/‖b‖ {norm:.1e}, max|a − b|/rms(b) {most:.1e}")
    assert norm <= 2e-5 and most <= 1e-3, "too far apart"


with tempfile.TemporaryDirectory() as folder:
    FOLDER = pathlib.Path(folder)
    for net in NETS:
        print(net.__name__)
        FOLDER.joinpath("net.nn").write_text(textwrap.dedent(net.spec))
        FOLDER.joinpath("names.txt").write_text(net.names)
        mapped = ["--map", "names.txt"] if net.names else []
        rows, model = draw(net, 4), made(net, 3)
        flags = data(rows)

        save_file(state(model), FOLDER / "torch.safetensors")
        print("  " + nnc("weights", "net.nn", "torch.safetensors", *mapped).strip().splitlines()[-1])
        got = predictions("net.nn", "--weights", "torch.safetensors", *mapped, *flags)
        compare("nnc predicts with PyTorch's file", got, predicted(model, rows))

        target = torch.randn(predicted(model, rows).shape, dtype=torch.float32)
        nnc("train", "net.nn", *data({**rows, "target": target}), "--scale", "none", "--valid", "0", "--steps", "9", "--save", "nnc.safetensors")
        nnc("weights", "net.nn", "nnc.safetensors", *mapped, "--torch", "--export", "exported.safetensors")
        trained = net().eval()
        for name in ["exported.safetensors"] if net.names else ["nnc.safetensors", "exported.safetensors"]:
            if shared(trained):
                load_model(trained, FOLDER / name, strict=True)
            else:
                trained.load_state_dict(load_file(FOLDER / name), strict=True)
            got = predictions("net.nn", "--weights", "nnc.safetensors", *flags)
            compare(f"PyTorch predicts with nnc's file ({name}, strict)", got, predicted(trained, rows))
print("all agree")
