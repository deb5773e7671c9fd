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


def worst(a: str, b: str, without: tuple[str, ...]) -> str:
    """The largest relative difference of a tensor whose name does not end so, and its name."""
    with safe_open(a, "np") as left, safe_open(b, "np") as right:
        if set(left.keys()) != set(right.keys()):
            raise SystemExit(f"{a} and {b} have other tensors: {sorted(set(left.keys()) ^ set(right.keys()))}")
        pairs = {
            name: (left.get_tensor(name).astype(np.float64), right.get_tensor(name).astype(np.float64))
            for name in left.keys()
            if not name.endswith(without)
        }
    far = {name: np.linalg.norm(x - y) / max(np.linalg.norm(x), 1e-300) for name, (x, y) in pairs.items()}
    name = max(far, key=far.get)
    return f"{far[name]:.1e} {name}" if far[name] else "the same bits"


# What softmax cancels: the gradient is 0 but for rounding, of which optimisers such as Adam make steps of full size.
NO_GRADIENT = ("key.bias",)


def compare(spec: str, nnc: str, processes: int, flags: list[str], without: tuple[str, ...] = ()) -> list[str]:
    """nnc against one process, one against several in float32, and the same in float64."""
    with tempfile.TemporaryDirectory() as folder:
        def path(name: str) -> str:
            return os.path.join(folder, name)

        run(nnc, "export", "--pytorch", spec, "-o", path("model.py"))
        several = [os.path.join(os.path.dirname(sys.executable), "torchrun"), "--rdzv-backend=c10d", "--rdzv-endpoint=localhost:0",
                   f"--nproc-per-node={processes}"]
        run(nnc, "train", spec, "--save", path("nnc"), *flags)
        for name, start in (("one", [sys.executable]), ("some", several)):
            run(*start, path("model.py"), "--save", path(name), *flags)
            run(*start, path("model.py"), "--float64", "--save", path(name + "64"), *flags)
        return [worst(path(a), path(b), NO_GRADIENT + without) for a, b in (("nnc", "one"), ("one", "some"), ("one64", "some64"))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spec")
    parser.add_argument("--nnc", default="nnc", help="the command")
    parser.add_argument("--processes", type=int, default=2, help="how many to compare with one")
    args, flags = parser.parse_known_args()
    with_one, several, in_float64 = compare(args.spec, args.nnc, args.processes, flags)
    print(f"nnc and one process         {with_one}")
    print(f"one process and {args.processes}           {several}")
    print(f"one and {args.processes}, in float64       {in_float64}")


if __name__ == "__main__":
    main()
