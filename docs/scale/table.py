"""Makes the table of scale.md: what nnc and the programs that it exports make of the same data.

    python table.py --nnc ./nnc --images images.idx.gz --labels labels.idx.gz --text shakespeare.txt \\
        --questions xquad.en.json --vocabulary vocab.txt

Each of the ten specs, with a warm-up of one step where it has one, is trained for at most 100 steps by nnc, by its PyTorch
program alone, and by two processes of it; then alone and by two in float64. A row gives the largest relative difference of
a tensor, ‖a − b‖/‖a‖. It needs PyTorch, takes a quarter of an hour on two cores, and leaves nothing behind. Specs that lack
their file are left out.
"""

import argparse
import pathlib
import sys
import tempfile

import numpy as np

root = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(root / "compiler/export/pytorch/testdata"))
import parity  # noqa: E402


# Biases that the softmax over positions cancels: their gradient is 0 but for rounding.
WITHOUT = {"bert-qa": ("encoder1.5.layernorm2.bias", "linear1.bias")}


def made(folder: pathlib.Path) -> None:
    """Data for the specs that no example has: tables of 200 rows, and pictures."""
    rng = np.random.default_rng(1)

    def table(name: str, inputs: int, outputs: int) -> None:
        x = rng.normal(size=(200, inputs))
        y = x @ rng.normal(size=(inputs, outputs)) + 0.1 * rng.normal(size=(200, outputs))
        header = [f"x{i}" for i in range(inputs)] + [f"y{i}" for i in range(outputs)]
        np.savetxt(folder / name, np.hstack([x, y]), delimiter=",", header=",".join(header), comments="")

    table("seed.csv", 10, 1)
    table("restaurant.csv", 3, 2)
    np.save(folder / "photo.npy", rng.integers(0, 256, size=(320, 3, 16, 16), dtype=np.uint8))
    np.save(folder / "facts.npy", rng.normal(size=(320, 6)).astype(np.float32))
    np.save(folder / "price.npy", rng.normal(size=(320, 1)).astype(np.float32))
    np.save(folder / "kind.npy", rng.integers(0, 4, size=320))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nnc", default="nnc", help="the command")
    for name in ("images", "labels", "text", "questions", "vocabulary"):
        parser.add_argument("--" + name)
    parser.add_argument("specs", nargs="*", help="of these only, such as house")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        made(folder)
        digits = ["--data", args.images, "--data", f"target={args.labels}"]
        runs = [
            ("seed", 100, ["--data", f"{folder}/seed.csv", "--target", "y0"]),
            ("restaurant", 100, ["--data", f"{folder}/restaurant.csv", "--target", "y0,y1"]),
            ("house", 100, ["--data", f"{root}/examples/house/houses.csv", "--target", "price"]),
            ("digits-mlp", 100, digits),
            ("digits-cnn", 10, digits),
            ("resnet", 3, [*digits, "--lr", "0.01"]),
            ("two-heads", 100, [f for name in ("photo", "facts", "price", "kind") for f in ("--data", f"{name}={folder}/{name}.npy")]),
            ("sentiment", 100, ["--data", f"{root}/examples/sentiment/reviews.csv", "--target", "label"]),
            ("shakespeare", 20, ["--data", args.text]),
            ("bert-qa", 2, ["--valid", "0", "--data", args.questions, "--tokenizer", f"wordpiece:{args.vocabulary}"]),
        ]
        print("| spec | steps | nnc and one process | one process and two | one and two in float64 |")
        print("|---|---|---|---|---|")
        for spec, steps, flags in runs:
            if args.specs and spec not in args.specs or any("None" in str(f) for f in flags):
                continue
            text = (root / f"grammar/testdata/ok/{spec}.nn").read_text()
            (folder / f"{spec}.nn").write_text(text.replace("warmup=100", "warmup=1").replace("warmup=50", "warmup=1"))
            worst = parity.compare(f"{folder}/{spec}.nn", args.nnc, 2, ["--steps", str(steps), *flags], WITHOUT.get(spec, ()))
            print(f"| {spec} | {steps} | {' | '.join(worst)} |", flush=True)


if __name__ == "__main__":
    main()
