# needs: files processes
import io
import zipfile

import numpy as np

# ---- Arrays: NumPy's files and those of MNIST's format ---------------------------------------------------------------


def read_arrays(items: list[str], names: list[str]) -> dict:
    """The arrays that --data names, each with its file, by the inputs and targets that they are for."""
    arrays: dict = {}
    for item in items:
        name, path = bound(item)
        kind = kind_of(path)
        if kind == "npz":
            found = read_npz(path, name, names)
        elif kind in ("npy", "idx"):
            if not name and len(INPUTS) > 1:
                raise SystemExit(f"{path}: which input is this? Write --data name={path}; the model has "
                                 f"{', '.join(names)}")
            found = {name or INPUTS[0][0]: read_npy(path) if kind == "npy" else read_idx(path)}
        elif kind in ("folder", "image"):
            raise SystemExit(f"{path}: images are not read here: make an array of their bytes, [rows, channels, "
                             "height, width], and one of their classes, [rows], with numpy.save, and write "
                             "--data images.npy --data target=classes.npy")
        else:
            raise SystemExit(f"{path}: this is no array (NPY, NPZ or IDX)")
        for port, array in found.items():
            if port in arrays:
                raise SystemExit(f"{arrays[port][0]} and {path} both give {port}")
            arrays[port] = path, plain(path, array)
    return arrays


def read_npy(path: str) -> np.ndarray:
    try:
        with open(path, "rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
        # A file that is not zipped stays where it is: the processes of a machine share its memory.
        return np.load(io.BytesIO(content(path)) if zipped else path, mmap_mode=None if zipped else "r")
    except (ValueError, EOFError) as error:
        raise SystemExit(f"{path}: {error}")


def read_npz(path: str, name: str, names: list[str]) -> dict:
    """The arrays of an archive that are named like inputs and targets; with a name the one for that."""
    try:
        with np.load(path) as archive:
            wanted = {port: port for port in names if port in archive.files}
            if name:
                wanted = {name: archive.files[0] if len(archive.files) == 1 else name}
            if not wanted or not set(wanted.values()) <= set(archive.files):
                raise SystemExit(f"{path}: none of its arrays ({', '.join(archive.files)}) is called "
                                 f"{name or ' or '.join(names)}")
            return {port: archive[array] for port, array in wanted.items()}
    except (ValueError, zipfile.BadZipFile) as error:
        raise SystemExit(f"{path}: {error}")


def read_idx(path: str) -> np.ndarray:
    """Two zeros, the type, the number of axes, their sizes, the elements."""
    data = content(path)
    kinds = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
    if data[2] not in kinds:
        raise SystemExit(f"{path}: the element type {data[2]} is none of the IDX format")
    start = 4 + 4 * data[3]
    sizes = [int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4)]
    wanted = int(np.prod(sizes, dtype=object)) * np.dtype(kinds[data[2]]).itemsize
    if len(data) - start != wanted:
        there = max(len(data) - start, 0)
        raise SystemExit(f"{path}: an array {sizes} takes {counted(wanted, 'byte')}, there are {there}")
    return np.frombuffer(data, kinds[data[2]], offset=start).reshape(sizes)


def plain(path: str, array: np.ndarray) -> np.ndarray:
    """An array as nnc takes it: bytes as they are, other integers as int32, numbers as float32."""
    if array.ndim == 0:
        raise SystemExit(f"{path}: a single number without axes; rows are needed: store it with numpy.atleast_1d")
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind in "bui":
        if array.size and not -(2**31) <= int(array.min()) <= int(array.max()) < 2**31:
            raise SystemExit(f"{path}: there are integers that do not fit into 32 bits")
        return array.astype(np.int32, copy=False)
    if array.dtype.kind != "f":
        raise SystemExit(f"{path}: the elements are {array.dtype}, and neither numbers nor integers")
    with np.errstate(over="ignore"):  # what is too large will not be finite
        return array.astype(np.float32, copy=False)
