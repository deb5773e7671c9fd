# needs: stream
from fnmatch import fnmatchcase

import numpy as np
import torch
from torch import nn

# ---- What tensors are called in weight files, and how they start -----------------------------------------------------


def tensors(model: nn.Module) -> dict[str, torch.Tensor]:
    """The tensors of a weight file by nnc's names, parameters first; one that layers share stands there once."""
    kept = model.state_dict().keys()  # which leaves out what a layer only works with
    named = [*model.named_parameters(), *(pair for pair in model.named_buffers() if pair[0] in kept)]
    return {".".join(RENAMED.get(part, part) for part in name.split(".")): tensor for name, tensor in named}


@torch.no_grad()
def start(model: nn.Module, seed: int) -> None:
    """Gives every parameter its first numbers, drawn by its name, and stops those from learning that shall stay."""
    learnt = {id(parameter) for parameter in model.parameters()}
    for name, tensor in tensors(model).items():
        if id(tensor) not in learnt:
            continue  # running statistics start as their layer makes them
        kind, number = next(rule for pattern, rule in START.items() if fnmatchcase(name, pattern))
        if kind == "fill":
            tensor.fill_(float(np.float32(number)))
        else:
            numbers = getattr(Stream(seed, name), kind)(tensor.numel(), number)
            tensor.copy_(torch.from_numpy(numbers).view(tensor.shape))
        tensor.requires_grad_(name not in FROZEN)
