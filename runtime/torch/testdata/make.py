"""Makes the files beside it by PyTorch, and values.json of what PyTorch reads in them: python make.py"""

import json
import pathlib
from collections import OrderedDict

import torch
from torch import nn

here = pathlib.Path(__file__).parent
torch.manual_seed(1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(3, 2)
        self.batchnorm1 = nn.BatchNorm1d(2)
        self.linear2 = nn.Linear(2, 2)
        self.linear3 = nn.Linear(2, 2)
        self.linear3.weight = self.linear2.weight  # tied


net = Net()
optimiser = torch.optim.Adam(net.parameters())
sum(p.sum() for p in net.parameters()).backward()
optimiser.step()

many = OrderedDict()
for name in ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]:
    many[name] = torch.tensor([0, 1, 3, 5]).to(getattr(torch, name))
for name in ["uint16", "uint32", "uint64"]:
    many[name] = torch.tensor([0, 1, 3, 5], dtype=getattr(torch, name))
whole = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
many |= {
    "number": torch.tensor(2.5), "empty": torch.zeros(0, 3), "empty_behind": torch.zeros(3, 0), "turned": whole.permute(2, 0, 1), "part": whole[1, 1:],
    "column": whole[:, :, 1], "whole": whole, "half": whole.half().transpose(0, 1),
}

files = {
    "state.pt": net.state_dict(),
    "checkpoint.pt": {"epoch": 3, "loss": 0.5, "model_state_dict": net.state_dict(), "optimizer_state_dict": optimiser.state_dict(), "args": {"lr": 1e-3, "betas": (0.9, 0.999)}},
    "nested.pt": {"encoder": [{"w": torch.ones(2)}, {"w": torch.zeros(1)}], "head": {"w": nn.Parameter(torch.full((1, 2), 7.0))}, 5: torch.tensor([1.0])},
    "types.pt": many,
}
values = {}
for name, content in files.items():
    torch.save(content, here / name)
torch.save(net.state_dict(), here / "protocol4.pt", pickle_protocol=4)


def flat(prefix, content):
    if isinstance(content, torch.Tensor):
        yield prefix, content
    elif isinstance(content, (dict, list, tuple)):
        for key, inner in content.items() if isinstance(content, dict) else enumerate(content):
            yield from flat(f"{prefix}.{key}" if prefix else str(key), inner)


for name in [*files, "protocol4.pt"]:
    content = torch.load(here / name, weights_only=name != "protocol4.pt")
    content = content.get("model_state_dict", content)
    values[name] = {
        key: {"shape": list(t.shape), "values": [float(x) for x in t.to(torch.float64).flatten()]} for key, t in flat("", content)
    }
(here / "values.json").write_text(json.dumps(values) + "\n")

torch.save({"linear1.weight": torch.tensor([[1.0, 2.0]]), "linear1.bias": torch.tensor([0.0])}, here / "layer.pt")
torch.save(net, here / "module.pt")
torch.save(net.state_dict(), here / "legacy.pt", _use_new_zipfile_serialization=False)
torch.save({"w": torch.ones(2, 2).to_sparse()}, here / "sparse.pt")
torch.save({"w": torch.ones(1).expand(1000)}, here / "expanded.pt")
torch.save({"w": torch.ones(2, dtype=torch.complex64)}, here / "complex.pt")
torch.jit.script(nn.Linear(1, 1)).save(here / "script.pt")
