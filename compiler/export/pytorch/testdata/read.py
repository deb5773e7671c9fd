

def read_all(jobs: list[dict]) -> list[dict]:
    """Reads data as a program's parts do, and returns what nnc's are compared with."""
    import argparse
    import hashlib
    import traceback

    global INPUTS, TARGETS
    results = []
    for job in jobs:
        if job["class"] == "WordPiece":
            results.append({"tokens": all_tokens(*job["args"])})
            continue
        INPUTS, TARGETS = eval(job["inputs"]), eval(job["targets"])
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        parser.add_argument("--data", action="append", required=True)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--scale", choices=["standard", "none"])
        for name, value in list(globals().items()):
            if name.endswith("_arguments"):
                value(parser)
        args = parser.parse_args(job["args"])
        args.init = "init.safetensors" if job["codec"] else None
        result = {"rows": {}, "sets": {}}
        try:
            data = globals()[job["class"]](args, json.loads(job["codec"]) if job["codec"] else None)
            data.place = {"device": torch.device("cpu"), "dtype": torch.float32}
            result["codec"] = data.codec
            for name, rows, epoch in ("epoch 0", data.order(0), 0), ("epoch 1", data.order(1), 1), ("valid", data.valid, None), ("test", data.test, None):
                sums = []
                for at in range(0, len(rows), 64):
                    inputs, targets, weights = data.gather(rows[at : at + 64], epoch, at)
                    assert weights is None
                    sums = sums or [hashlib.sha256() for _ in inputs + targets]
                    for sum, values in zip(sums, inputs + targets):
                        assert values.dtype in (torch.float32, torch.int64) and len(values) == len(rows[at : at + 64])
                        sum.update(values.to(torch.int32 if values.dtype == torch.int64 else torch.float32).numpy().tobytes())
                result["rows"][name], result["sets"][name] = len(rows), [sum.hexdigest() for sum in sums] or None
        except SystemExit as error:
            result["error"] = str(error)
        except Exception:
            result["error"] = traceback.format_exc()
        results.append(result)
    return results


def all_tokens(tokenizer: str, path: str) -> list:
    """The tokens of each line of a text; None where this Python does not know a character."""
    pieces, lines = read_vocabulary(tokenizer), content(path).decode().split("\n")
    known = [all(unicodedata.category(character) != "Cn" for character in line) for line in lines]
    return [pieces.encode(line) if knows else None for line, knows in zip(lines, known)]


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps(read_all(json.load(file))))
