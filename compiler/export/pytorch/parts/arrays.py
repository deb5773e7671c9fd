# needs: array_files processes codec split weighing
import numpy as np
import torch

# ---- Data: arrays, as `nnc train` reads them -------------------------------------------------------------------------


def array_arguments(parser) -> None:
    parser.add_argument("--scale", choices=["standard", "none"], help="none: bytes are not divided by 255")


class ArrayData:
    """The rows of arrays, one for each input and target. Bytes stay bytes until a batch wants them."""

    def __init__(self, args, codec: dict | None):
        if codec and "columns" in codec:
            raise SystemExit(f"{args.init}: it was trained on a table: give data such as it was trained on")
        self.args, self.augmentation = args, None
        self.ports = [{"name": name, "shape": shape, "limit": limit} for name, shape, limit in INPUTS]
        self.ports += [target for target in TARGETS if not target.get("input")]
        arrays = read_arrays(args.data, self.names())
        codec = codec or self.fit(arrays, args.scale or "standard")
        self.codec, self.targets = as_json(codec), codec.get("targets", [])
        stored = {array["name"]: array.get("divisor") for array in codec.get("arrays", [])}
        self.divisors = {port["name"]: stored.get(port["name"]) or (1 if codec["scale"] == "none" else 255)
                         for port in self.ports if takes_bytes(port)}

        self.values = self.checked(arrays)
        n = len(self.values[self.names()[0]])
        self.classes = self.row_classes()
        self.train, self.valid, self.test = split_rows(n, args, self.classes)
        self.class_weights = balanced_weights(args, self.classes_to_train())
        if args.valid_data:
            self.valid = self.add(args.valid_data)
        if test_files(args):
            self.test = self.add(test_files(args))
        self.weights = row_weights(None, self.row_classes(), self.class_weights)
        if getattr(args, "augment", None):
            self.augmentation = Augmentation(args, [self.white(port) for port in self.ports[: len(INPUTS)]])

    def names(self) -> list[str]:
        return [port["name"] for port in self.ports]

    def fit(self, arrays: dict, scale: str) -> dict:
        """The Codec of these arrays: what the bytes of inputs of numbers are divided by."""
        scales = []
        for name, _, limit in INPUTS:
            scales.append({"name": name})
            if limit is None and name in arrays and arrays[name][1].dtype == np.uint8:
                scales[-1]["divisor"] = 1 if scale == "none" else 255
        targets = codec_targets()
        return {"version": codec_version(targets), "scale": scale, "arrays": scales, "targets": targets}

    def checked(self, arrays: dict) -> dict:
        """The arrays by their names, each with its port's shape in every row and with nothing that it refuses."""
        values: dict = {}
        for port in self.ports:
            name = port["name"]
            if name not in arrays:
                raise SystemExit(f"no data for {name}: bind a file with --data {name}=file")
            path, array = arrays[name]
            first, others = arrays[self.names()[0]]
            if len(array) != len(others) or len(array) == 0:
                raise SystemExit(f"{path} has {counted(len(array), 'row')}, but {first} has {len(others)}" if len(array)
                                 else f"{path}: there is no row")
            values[name] = shaped(path, array, port)
            check_numbers(path, port, values[name])
        for target in TARGETS:
            check_target(arrays[target["name"]][0], target, values, self.divisors)
        return values

    def add(self, items: list[str]) -> np.ndarray:
        """Reads rows from files of their own, and returns their numbers."""
        values = self.checked(read_arrays(items, self.names()))
        begin = len(self.values[self.names()[0]])
        for name, array in values.items():
            if (array.dtype == np.uint8) != (self.values[name].dtype == np.uint8):
                raise SystemExit(f"{items[0]}: {name} is of bytes and that of --data is not, or the other way")
            self.values[name] = np.concatenate([self.values[name], array])
        return np.arange(begin, len(self.values[self.names()[0]]))

    def row_classes(self) -> np.ndarray | None:
        """The class of each row, where the only target is one class or one flag."""
        targets = self.ports[len(INPUTS) :]
        return row_classes(self.values[targets[0]["name"]], targets[0]) if len(targets) == 1 else None

    def classes_to_train(self) -> np.ndarray | None:
        return None if self.classes is None else self.classes[self.train]

    def white(self, port: dict) -> float | None:
        """The largest value of an input that is made of bytes."""
        divided = port["name"] in self.divisors and self.values[port["name"]].dtype == np.uint8
        return 255 / self.divisors[port["name"]] if divided else None

    def order(self, epoch: int) -> np.ndarray:
        return self.train[shuffled(len(self.train), self.args, epoch, self.classes_to_train())]

    def gather(self, rows, epoch, place=None):
        """The model values of some rows, the first of which stands at that place of an epoch."""
        values = [self.batch(port, self.values[port["name"]][rows]) for port in self.ports]
        if self.augmentation and epoch is not None:
            self.augmentation.change(values, epoch, place)
        weights = None
        if self.weights is not None:
            weights = torch.from_numpy(self.weights[rows]).to(**self.place)
        return tuple(values[: len(INPUTS)]), tuple(values[len(INPUTS) :]), weights

    def batch(self, port: dict, rows: np.ndarray) -> torch.Tensor:
        device, dtype = self.place["device"], self.place["dtype"]
        values = torch.from_numpy(np.ascontiguousarray(rows)).to(device)
        if is_whole(port):
            return values.long()
        if values.dtype == torch.uint8 and port["name"] in self.divisors:
            # Looked up, not divided: a GPU would multiply by the reciprocal, which is another number.
            values = torch.from_numpy(quotients(self.divisors[port["name"]])).to(device)[values.long()]
        return values.to(dtype)


def is_whole(port: dict) -> bool:
    """Whether an input or a target takes integers."""
    return port["kind"] in ("class", "span") if "kind" in port else port["limit"] is not None


def takes_bytes(port: dict) -> bool:
    """Whether bytes are divided: those of inputs that take numbers."""
    return "kind" not in port and port["limit"] is None


def quotients(divisor: float) -> np.ndarray:
    """What becomes of each byte."""
    return np.arange(256, dtype=np.float32) / np.float32(divisor)


def shaped(path: str, array: np.ndarray, port: dict) -> np.ndarray:
    """The array with rows of the port's shape; axes of length 1 make no difference."""
    row, shape = array.shape[1:], tuple(port["shape"])
    if [size for size in row if size != 1] != [size for size in shape if size != 1]:
        advice = ""
        if len(row) == len(shape) == 3 and (row[2], row[0], row[1]) == shape:
            advice = ": the channels come first, as array.transpose(0, 3, 1, 2) puts them"
        raise SystemExit(f"{path}: each row of the array has shape {list(row)}, but {port['name']} takes {list(shape)}"
                         f"{advice}")
    return array.reshape(len(array), *shape)


def check_numbers(path: str, port: dict, array: np.ndarray) -> None:
    """Refuses numbers where integers are wanted, integers that are out of range, and what is not finite."""
    if not is_whole(port):
        if array.dtype == np.float32:
            refuse(path, port, array, ~np.isfinite(array), "is not a finite number")
        return
    if array.dtype == np.float32:
        raise SystemExit(f"{path}: {port['name']} takes integers, but the array is float32: store it as int32")
    wrong = (array < 0) | (array >= port["limit"])
    if "kind" in port:
        wrong &= array != port.get("left_out", IGNORED)
    refuse(path, port, array, wrong, f"is out of range [0, {port['limit']})")


def check_target(path: str, target: dict, values: dict, divisors: dict) -> None:
    """Refuses values that the losses cannot compare with."""
    array, kind, loss = values[target["name"]], target["kind"], target["loss"]
    if kind == "span":
        wrong = np.zeros(array.shape, bool)
        wrong[:, 1] = (array[:, 1] >= 0) & (array[:, 1] < array[:, 0])
        refuse(path, target, array, wrong, "is before the position where the span starts: its end is its last position")
        if "mask" in target:
            outside = np.take_along_axis(values[target["mask"]], np.maximum(array, 0).astype(np.int64), axis=1) == 0
            refuse(path, target, array, outside & (array >= 0), f"is a position that {target['mask']} leaves out")
    if kind not in ("flag", "count", "distribution"):
        return
    if array.dtype == np.uint8 and target["name"] in divisors:
        array = quotients(divisors[target["name"]])[array]
    if kind == "count":
        refuse(path, target, array, array < 0, f"is below 0, but {loss} compares with counts")
    elif target["link"] == "score":
        refuse(path, target, array, (array != 0) & (array != 1), f"is neither 0 nor 1, as {loss} wants")
    else:
        refuse(path, target, array, (array < 0) | (array > 1), f"is not between 0 and 1, as {loss} wants")
    if kind == "distribution":
        sums = array.sum(axis=-1, dtype=np.float64)
        wrong = abs(sums - 1) > 1e-3
        refuse(path, target, sums, wrong, f"is the sum, but {loss} compares with probabilities that sum to 1")


def refuse(path: str, port: dict, array: np.ndarray, wrong: np.ndarray, why: str) -> None:
    """Ends the program if an element is wrong, and says which."""
    if wrong.any():
        at = np.unravel_index(int(wrong.argmax()), array.shape)
        where = f" (the element {[int(i) for i in at]}, counted from 0)" if array[0].size > 1 else ""
        raise SystemExit(f"{path}: row {at[0] + 1} of {port['name']}: {array[at]} {why}{where}")
