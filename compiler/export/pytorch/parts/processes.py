import os
import sys

import torch
import torch.distributed as dist

# ---- The processes that take one step together: one, or as many as torchrun starts -----------------------------------

RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
PLACE = {"device": torch.device("cpu")}  # where numbers are added up
QUIET = False  # --quiet: no remarks


def share(rows):
    """This process's part of some rows: together the processes have each row once, in order. It may be empty."""
    return rows[len(rows) * RANK // WORLD : len(rows) * (RANK + 1) // WORLD]


def total(*numbers: torch.Tensor) -> torch.Tensor:
    """The sums of numbers over all processes, in float64."""
    return summed(torch.stack([n.detach().double() for n in numbers]))


def summed(numbers: torch.Tensor) -> torch.Tensor:
    """The sums of arrays over all processes, element by element."""
    if WORLD > 1:
        dist.all_reduce(numbers)
    return numbers


def every(numbers: torch.Tensor) -> torch.Tensor:
    """What all processes have, one after the other along the first axis: each may have any number of rows."""
    if WORLD == 1:
        return numbers
    counts = [torch.zeros(1, dtype=torch.int64, device=numbers.device) for _ in range(WORLD)]
    dist.all_gather(counts, torch.tensor([len(numbers)], device=numbers.device))
    longest = max(int(n) for n in counts)
    padded = numbers.new_zeros((longest, *numbers.shape[1:]))
    padded[: len(numbers)] = numbers
    parts = [torch.empty_like(padded) for _ in range(WORLD)]
    dist.all_gather(parts, padded)
    return torch.cat([part[: int(n)] for part, n in zip(parts, counts)])


def note(text: str) -> None:
    """A remark for whoever runs this."""
    if RANK == 0 and not QUIET:
        print(text, file=sys.stderr, flush=True)


def counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
