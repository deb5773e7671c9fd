"""Reads tables by the parts of the program that nnc export --pytorch writes, and compares what becomes of them with what
nnc made of them, which table_test.go has written:

    python table.py folder-of-the-parts cases.json
"""

import argparse
import json
import os
import re
import sys

import numpy as np


def program(folder: str, part: str, seen: set[str]) -> str:
    """A part behind all that it needs."""
    if part in seen:
        return ""
    seen.add(part)
    with open(os.path.join(folder, part + ".py"), encoding="utf-8") as file:
        text = re.sub(r"^ *#\+ (!.*)\n(?s:.*?)#- \1\n", "", file.read(), flags=re.M)  # what models with everything lack
    needs = text.partition("\n")[0].removeprefix("# needs:").split() if text.startswith("# needs:") else []
    return "".join(program(folder, need, seen) for need in needs) + text + "\n"


def read(folder: str, case: dict):
    """The data of a case, as the program reads them."""
    text = program(folder, case["part"], set()).replace("{{balanced}}", repr(case["balanced"] or None))
    own = {"INPUTS": [(p["name"], tuple(p["shape"]), p["limit"]) for p in case["inputs"]]}
    own["TARGETS"] = [{**target, "shape": tuple(target["shape"])} for target in case["targets"]]
    exec(compile(text, "program.py", "exec"), own)
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("--data", action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--init")
    for name in [name for name in own if name.endswith("_arguments")]:
        own[name](parser)
    args = parser.parse_args(case["args"])
    data = own[case["class"]](args, json.loads(case["from"]) if case["from"] else None)
    data.place = {}
    return data


def compare(data, case: dict) -> list[str]:
    """What differs."""
    wrong = []
    if data.codec != case["codec"]:
        wrong.append(f"the Codec is\n  {data.codec}, not\n  {case['codec']}")
    orders = {part: getattr(data, part) for part in ("train", "valid", "test")}
    orders |= {f"epoch {epoch}": data.order(epoch) for epoch in range(len(case["orders"]))}
    wants = {part: case[part] for part in ("train", "valid", "test")}
    wants |= {f"epoch {epoch}": order for epoch, order in enumerate(case["orders"])}
    for part, want in wants.items():
        rows = orders[part]
        if len(rows) != len(want["weights"]):
            wrong.append(f"{part} has {len(rows)} rows, not {len(want['weights'])}")
            continue
        inputs, targets, weights = data.gather(rows, 0)
        for kind, got, values in ("input", inputs, want["inputs"]), ("target", targets, want["targets"]):
            for i, value in enumerate(values):
                value = np.array(value, dtype=np.float32 if got[i].is_floating_point() else np.int64)
                if not np.array_equal(got[i].numpy().reshape(-1), value):
                    wrong.append(f"{part}: {kind} {i} is {got[i].numpy().reshape(-1)[:8]}, not {value[:8]}")
        weights = np.ones(len(rows), dtype=np.float32) if weights is None else weights.numpy()
        if not np.array_equal(weights, np.array(want["weights"], dtype=np.float32)):
            wrong.append(f"{part}: the weights are {weights[:8]}, not {want['weights'][:8]}")
    return wrong


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as file:
        cases = json.load(file)
    failed = 0
    for case in cases:
        try:
            data, wrong = read(sys.argv[1], case), []
            if case["error"]:
                wrong = [f"no error, but nnc says: {case['error']}"]
        except SystemExit as error:
            wrong = [] if case["error"] else [f"refused: {error}"]
            print(f"{case['name']}: {error}")
        else:
            wrong = wrong or compare(data, case)
        failed += bool(wrong)
        for what in wrong:
            print(f"{case['name']}: {what}")
    print(f"{len(cases)} tables, {failed} differ")
    sys.exit(failed > 0)
