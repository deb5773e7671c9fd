"""Runs the programs in a folder that pytorch_test.go has exported, on what stands in X.given.json beside X.py, and writes
what they make of it to X.made.json: python pytorch.py FOLDER

Every program runs alone first, then as three processes that share the rows of each batch, some of which may have none:
together they make the same.
"""

import importlib.util
import json
import os
import pathlib
import sys
import tempfile
import traceback
import warnings
from datetime import timedelta

import torch
import torch.distributed as dist
import torch.multiprocessing

PROCESSES = 3


class Case:
    """A program and what it is given."""

    def __init__(self, path):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)
        self.given = json.loads(path.with_name(path.stem + ".given.json").read_text())
        modules = (c for c in vars(self.module).values() if isinstance(c, type) and issubclass(c, torch.nn.Module))
        self.model = next(c for c in modules if c.__module__ == path.stem)()  # the first that the file defines
        self.names = getattr(self.module, "RENAMED", {})
        self.seen = {}

    def name(self, tensor):
        return ".".join(self.names.get(part, part) for part in tensor.split("."))

    def lasts(self, batch):
        """Gives the model what lasts."""
        with torch.no_grad():
            for kind, tensors in ("Params", self.model.named_parameters()), ("Buffers", self.model.named_buffers()):
                left = set(batch[kind])
                for name, tensor in tensors:
                    tensor.copy_(torch.tensor(batch[kind][self.name(name)], dtype=tensor.dtype).reshape(tensor.shape))
                    left.remove(self.name(name))
                if left:
                    raise ValueError(f"the program has no {sorted(left)}")

    def rows(self, kind, batch, begin, end):
        """The rows of inputs or targets from one to another."""
        tensors = []
        for name, numbers in zip(self.given[kind.lower()], batch[kind] or []):
            dtype = torch.int64 if self.given["integers"][name] else torch.float64
            whole = torch.tensor(numbers, dtype=dtype).reshape(batch["Rows"], *self.given["shapes"][name])
            tensors.append(whole[begin:end])
        return tuple(tensors)

    def outputs(self, inputs):
        outputs = self.model(*inputs)
        return outputs if isinstance(outputs, tuple) else (outputs,)

    def keep(self, kind, named):
        for name, tensor in named:
            if tensor is not None:
                self.seen[f"{kind}/{self.name(name)}"] = tensor.detach().double().flatten().tolist()

    def batch(self, i, batch, rank, processes):
        """What this process makes of its rows of a batch, with what it takes of the others."""
        begin, end = batch["Rows"] * rank // processes, batch["Rows"] * (rank + 1) // processes
        inputs = self.rows("Inputs", batch, begin, end)
        self.lasts(batch)
        self.module.MOMENT = {"seed": self.given["seed"], "step": batch["Step"], "row": batch["Row"] + begin}
        if i == len(self.given["given"]) - 1:
            self.model.eval()
            self.keep("start", zip(self.given["outputs"], self.outputs(inputs)))
            return
        self.model.train()
        self.model.zero_grad(set_to_none=True)
        weights = torch.tensor(batch["Weights"])[begin:end] if batch["Weights"] else None
        outputs = self.outputs(inputs)
        terms = self.module.losses(outputs, self.rows("Targets", batch, begin, end), inputs, weights)
        loss = 0
        for weight, total, count in terms:
            count = torch.as_tensor(count, dtype=torch.float64).clone()
            if processes > 1:
                dist.all_reduce(count)
            loss = loss + (weight * total / count if count else 0 * total)
        loss.backward()
        gradients = [(name, p.grad) for name, p in self.model.named_parameters()]
        if processes > 1:
            loss = loss.detach().clone()
            dist.all_reduce(loss)
            for name, g in gradients:
                there = torch.tensor(0 if g is None else 1)
                dist.all_reduce(there)
                if there not in (0, processes):
                    raise ValueError(f"{int(there)} processes have a gradient of {name}")
                if g is not None:
                    dist.all_reduce(g)
        else:
            self.keep(f"{i}/output", zip(self.given["outputs"], outputs))
        self.keep(f"{i}/grad", gradients)
        self.keep(f"{i}/buffer", self.model.named_buffers())
        self.seen[f"{i}/loss"] = [float(loss)]


def run(path, rank=0, processes=1):
    """What a program makes."""
    made = {"Error": "", "Seen": {}}
    try:
        case = Case(path)
        for i, batch in enumerate(case.given["given"]):
            case.batch(i, batch, rank, processes)
        made["Seen"] = case.seen
    except Exception:
        made["Error"] = traceback.format_exc()
    return made


def prepare():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")


def together(rank, folder, meeting):
    """One of several processes, the first of which compares what they make with what one has made."""
    prepare()
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(PROCESSES))
    dist.init_process_group("gloo", init_method="file://" + meeting, rank=rank, world_size=PROCESSES, timeout=timedelta(seconds=60))
    for path in programs(folder):
        file = path.with_name(path.stem + ".made.json")
        alone = json.loads(file.read_text())
        if alone["Error"]:
            continue
        made = run(path, rank, PROCESSES)
        errors = [None] * PROCESSES
        dist.all_gather_object(errors, made["Error"])
        error = next((e for e in errors if e), "") or different(alone["Seen"], made["Seen"])
        dist.barrier()
        if rank == 0 and error:
            file.write_text(json.dumps({"Error": "several processes: " + error, "Seen": {}}))
    dist.destroy_process_group()


def different(alone, made):
    """What several processes make otherwise than one."""
    largest = max((abs(v) for name, x in alone.items() if "/grad/" in name for v in x), default=0)
    for name, x in made.items():
        if name.startswith("start/"):
            continue
        x, y = torch.tensor(x), torch.tensor(alone[name])
        bound = max(1e-8 * float(y.abs().max()), 1e-9 * largest, 1e-12)
        if float((x - y).abs().max()) > bound:
            return f"{name} is {x.tolist()}, not {y.tolist()}"
    return ""


def programs(folder):
    return sorted(pathlib.Path(folder).glob("*.py"))


if __name__ == "__main__":
    prepare()
    for path in programs(sys.argv[1]):
        path.with_name(path.stem + ".made.json").write_text(json.dumps(run(path)))
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(together, (sys.argv[1], folder + "/meeting"), PROCESSES)
