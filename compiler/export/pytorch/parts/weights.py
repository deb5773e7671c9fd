# needs: start processes
import os
import shutil

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

# ---- Weight files: safetensors with nnc's names; the Codec stands in the metadata ------------------------------------


@torch.no_grad()
def load(model: nn.Module, path: str) -> dict[str, str]:
    """Takes the weights of a file, all or none, and returns its metadata."""
    try:
        with safe_open(path, "pt") as file:
            found = {name: file.get_tensor(name) for name in file.keys()}
            metadata = file.metadata() or {}
    except SafetensorError as error:
        raise SystemExit(f"{path}: {error}: it is no whole safetensors file")
    wanted, alike = tensors(model), aliases(model)
    for name, first in alike.items():  # a tensor that layers share may stand there by any of their names
        if name in found and torch.equal(found.setdefault(first, found[name]), found[name]):
            del found[name]
    misfits = [f"{name} is missing" for name in wanted if name not in found and wanted[name].is_floating_point()]
    misfits += [f"{name} is no tensor of the model" for name in found if name not in wanted]
    misfits += [f"{name} is {list(found[name].shape)}, and {list(tensor.shape)} is wanted"
                for name, tensor in wanted.items() if name in found and found[name].shape != tensor.shape]
    if misfits:
        more = f", and {len(misfits) - 5} others" if len(misfits) > 5 else ""
        raise SystemExit(f"{path} does not fit the model: {'; '.join(misfits[:5])}{more}")
    for name, tensor in wanted.items():  # only a count of batches may be missing: it begins at 0
        tensor.copy_(found[name].float() if name in found and tensor.is_floating_point() else found.get(name, tensor))
    return metadata


def aliases(model: nn.Module) -> dict[str, str]:
    """Other names of tensors that layers share, and for each the name that a file has it under."""
    first = {id(tensor): name for name, tensor in tensors(model).items()}
    names = {".".join(RENAMED.get(part, part) for part in name.split(".")): id(tensor)
             for name, tensor in model.named_parameters(remove_duplicate=False)}
    return {name: first[tensor] for name, tensor in names.items() if first[tensor] != name}


def snapshot(model: nn.Module) -> dict[str, torch.Tensor]:
    """Copies of what a weight file holds: float32, counts in int64."""
    return {name: tensor.detach().to("cpu", torch.float32 if tensor.is_floating_point() else torch.int64, copy=True)
            for name, tensor in tensors(model).items()}


def save(weights: dict[str, torch.Tensor], path: str, data) -> None:
    """Writes a weight file, whole or not at all."""
    metadata = {"nnc.codec": data.codec}
    if (byclass := getattr(data, "class_weights", None)) is not None:
        metadata["nnc.class_weights"] = "[" + ",".join(str(np.float32(w)) for w in byclass) + "]"
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        save_file({name: tensor.contiguous() for name, tensor in weights.items()}, beside, metadata)
        into_place(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.remove(beside)
        raise


def into_place(beside: str, path: str) -> None:
    """Lets a whole file take the place of what is there, so that a crash leaves one of the two."""
    os.umask(mask := os.umask(0))
    os.chmod(beside, 0o666 & ~mask)  # safetensors gives it to its owner alone
    file = os.open(beside, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
    os.replace(beside, path)


def keep_earlier(path: str) -> str:
    """Gives what stands at a path a second name, the first free one of NAME.1.safetensors, NAME.2.safetensors …, and
    returns it; "" where nothing stands there."""
    if not os.path.isfile(path):
        return ""
    stem, ending = os.path.splitext(path)
    i = 1
    while True:
        try:
            os.link(os.path.realpath(path), f"{stem}.{i}{ending}")
            return f"{stem}.{i}{ending}"
        except FileExistsError:
            i += 1
        except OSError:  # not every file system has second names
            shutil.copyfile(path, f"{stem}.{i}{ending}")
            return f"{stem}.{i}{ending}"
