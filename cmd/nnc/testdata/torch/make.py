"""Writes, for each net of nets.py, the state that PyTorch saves of it, and nets.json with specs, rows and predictions.

The test TestReadsPyTorchsFiles reads them. Run it with torch, numpy and safetensors installed: python make.py
"""

import json
import pathlib
import textwrap

from safetensors.torch import save_file

from nets import NETS, draw, made, predicted, shared, state

FOLDER = pathlib.Path(__file__).parent

entries = []
for net in NETS:
    model, rows = made(net, 1), draw(net, 2)
    name = net.__name__.lower()
    save_file(state(model), FOLDER / f"{name}.safetensors")
    answer = predicted(model, rows)
    entries.append({
        "name": name, "spec": textwrap.dedent(net.spec).strip() + "\n", "map": net.names, "shared": shared(model),
        "inputs": [{"name": n, "shape": list(x.shape), "integers": not x.is_floating_point(), "numbers": x.flatten().tolist()} for n, x in rows.items()],
        "predictions": [[float(v) for v in row] for row in answer.flatten(1)],
    })
FOLDER.joinpath("nets.json").write_text("[\n" + ",\n".join(json.dumps(e) for e in entries) + "\n]\n")
