"""Makes the fixtures in this folder with the reference implementation.

    python make.py          writes small.safetensors, types.safetensors
    python make.py check    loads written.safetensors, which the Go tests write
                            (go test -run Golden -update), with NumPy and PyTorch

Needs safetensors, numpy and torch. The tests themselves do not need Python.
"""

import os
import sys

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

os.chdir(os.path.dirname(os.path.abspath(__file__)))


def make():
    save_file(
        {
            "linear.weight": torch.tensor([[1, -2, 3.5], [0, 1e-45, float("-inf")]]),
            "linear.bias": torch.tensor([0.1]),
            "norm.num_batches_tracked": torch.tensor(7),
        },
        "small.safetensors",
        metadata={"format": 'pt "ünïcödé" <&>'},
    )
    floats = [0.0, -0.0, 1.0, -1.5, 6e-8, 6.1e-5, 65504.0, 1e-3, float("inf"), float("nan")]
    wide = [1 + 2**-24, 1 + 3 * 2**-24, 1 + 2**-24 + 2**-50, 2**-149, 2**-150, 1e300, -1e300, 3.4028235677973366e38]
    tensors = {
        "f16": torch.tensor(floats, dtype=torch.float16),
        "bf16": torch.tensor(floats, dtype=torch.bfloat16),
        "f32": torch.tensor(floats, dtype=torch.float32),
        "f64": torch.tensor(wide, dtype=torch.float64),
        "i64": torch.tensor([-(2**63), 2**63 - 1]),
        "i32": torch.tensor([-(2**31), 2**31 - 1], dtype=torch.int32),
        "i16": torch.tensor([-(2**15), 2**15 - 1], dtype=torch.int16),
        "i8": torch.tensor([-128, 127], dtype=torch.int8),
        "u64": torch.tensor([0, 2**63 - 1], dtype=torch.uint64),
        "u32": torch.tensor([0, 2**32 - 1], dtype=torch.uint32),
        "u16": torch.tensor([0, 2**16 - 1], dtype=torch.uint16),
        "u8": torch.tensor([0, 255], dtype=torch.uint8),
        "bool": torch.tensor([False, True]),
        "empty": torch.zeros(0, 3),
    }
    # What PyTorch makes of the floats, as the bits of float32.
    for name in ["f16", "bf16", "f64"]:
        tensors[name + ".bits"] = tensors[name].to(torch.float32).view(torch.int32)
    save_file(tensors, "types.safetensors")


def check():
    got = load_file("written.safetensors")
    want = {
        "a.weight": torch.tensor([[1, 2, 3], [4, 5, 6]], dtype=torch.float32),
        "a.bias": torch.tensor([0.5]),
        'odd "name"\n\u2028é': torch.tensor([-1, 1], dtype=torch.int8),
        "norm.num_batches_tracked": torch.tensor(3),
        "empty": torch.zeros(0, 2),
        "mask": torch.tensor([True, False, True]),
    }
    assert got.keys() == want.keys(), got.keys()
    for name, tensor in want.items():
        assert got[name].dtype == tensor.dtype and torch.equal(got[name], tensor), name
    with safe_open("written.safetensors", "np") as f:
        assert f.metadata() == {"b": "2", "a": "<1> \u2028"}, f.metadata()
        assert np.array_equal(f.get_tensor("a.bias"), [0.5])
    print("written.safetensors is as it should be")


check() if sys.argv[1:] == ["check"] else make()
