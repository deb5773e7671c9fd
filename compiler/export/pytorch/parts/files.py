import gzip
import os
import zlib

# ---- Files: plain or gzipped, told from their first bytes ------------------------------------------------------------

def content(path: str) -> bytes:
    """All bytes of a file, unzipped."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (EOFError, zlib.error):
        raise SystemExit(f"{path}: the gzip file is not whole")
    except OSError as error:
        raise SystemExit(f"{path}: {error.strerror or error}")


def kind_of(path: str) -> str:
    """What a file holds: "npy", "npz", "idx", "image", "json" or "text", which tables are too; or it is a "folder"."""
    if os.path.isdir(path):
        return "folder"
    try:
        with open(path, "rb") as file:
            head = file.read(2)
        with (gzip.open if head == b"\x1f\x8b" else open)(path, "rb") as file:
            head = file.read(256)
    except (EOFError, zlib.error):
        raise SystemExit(f"{path}: the gzip file is not whole")
    except OSError as error:
        raise SystemExit(f"{path}: {error.strerror or error}")
    for start, what in UNREADABLE.items():
        if head.startswith(start):
            raise SystemExit(f"{path}: this is {what}, which is not read: save it as CSV or NPY")
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "npz"
    if head[:2] == b"\0\0" and len(head) >= 4 and 8 <= head[2] <= 14:
        return "idx"
    if head.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
        return "image"
    return "json" if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "text"


UNREADABLE = {
    b"PAR1": "a Parquet file", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"\x89HDF": "an HDF5 file",
    b"ARROW1": "an Arrow file", b"SQLite": "a database", b"\x80\x04\x95": "a pickle", b"\x80\x05\x95": "a pickle",
    b"BZh9": "a bzip2 file", b"\xfd7zXZ": "an xz file", b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"\xff\xfe": "text in UTF-16", b"\xfe\xff": "text in UTF-16",
}


def bound(item: str) -> tuple[str, str]:
    """Divides what --data says: "file", or "name=file" for an input or a target of the model."""
    names = [name for name, *_ in INPUTS] + [target["name"] for target in TARGETS]
    name, equals, path = item.partition("=")
    if not equals or os.path.exists(item) and not (name in names and os.path.exists(path)):
        return "", item
    if name not in names:
        raise SystemExit(f"--data {item}: the model has no input or target {name} (it has {', '.join(names)})")
    return name, path
