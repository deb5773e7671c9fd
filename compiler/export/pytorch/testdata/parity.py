"""Trains a spec by nnc and by the program that `nnc export --pytorch` writes of it, and compares the weights.

    python parity.py house.nn --nnc ./nnc --data houses.csv --target price --steps 100

It prints the largest relative difference of a tensor, ‖a − b‖/‖a‖, between nnc and one process, between one process and
two in float32, and between one and two in float64. All flags that it does not know go to both. It needs torchrun, which
comes with torch, and leaves nothing behind.
"""

import argparse
import os
import subprocess
import sys
import tempfile

import numpy as np
from safetensors import safe_open


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def worst(a: str, b: str) -> str:
    """The largest relative difference of a tensor, and its name."""
    with safe_open(a, "np") as left, safe_open(b, "np") as right:
        if set(left.keys()) != set(right.keys()):
            raise SystemExit(f"{a} and {b} have other tensors: {sorted(set(left.keys()) ^ set(right.keys()))}")
        pairs = {name: (left.get_tensor(name).astype(np.float64), right.get_tensor(name).astype(np.float64)) for name in left.keys()}
    far = {name: np.linalg.norm(x - y) / max(np.linalg.norm(x), 1e-300) for name, (x, y) in pairs.items()}
    name = max(far, key=far.get)
    return f"{far[name]:.1e}  {name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spec")
    parser.add_argument("--nnc", default="nnc", help="the command")
    parser.add_argument("--processes", type=int, default=2, help="how many to compare with one")
    args, flags = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        def path(name: str) -> str:
            return os.path.join(folder, name)

        run(args.nnc, "export", "--pytorch", args.spec, "-o", path("model.py"))
        several = [os.path.join(os.path.dirname(sys.executable), "torchrun"), "--rdzv-backend=c10d", "--rdzv-endpoint=localhost:0",
                   f"--nproc-per-node={args.processes}"]
        run(args.nnc, "train", args.spec, "--save", path("nnc"), *flags)
        for name, start in (("one", [sys.executable]), ("some", several)):
            run(*start, path("model.py"), "--save", path(name), *flags)
            run(*start, path("model.py"), "--float64", "--save", path(name + "64"), *flags)
        print(f"nnc and one process         {worst(path('nnc'), path('one'))}")
        print(f"one process and {args.processes}           {worst(path('one'), path('some'))}")
        print(f"one and {args.processes}, in float64       {worst(path('one64'), path('some64'))}")


if __name__ == "__main__":
    main()
