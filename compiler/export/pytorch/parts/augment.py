# needs: stream
import numpy as np
import torch

# ---- Images that change in each epoch of training: --augment shift=2,flip --------------------------------------------


def augment_arguments(parser) -> None:
    parser.add_argument("--augment", metavar="TERMS", help="change the images that train: flip, vflip, rotate=DEGREES, "
                        "shift=PIXELS, brightness=PART, cutout=PIXELS, as in shift=2,flip")


class Augmentation:
    """Changes images by the seed, the epoch and the image's place in it, as nnc does: by the same draws."""

    TERMS = {"flip": 0, "vflip": 0, "rotate": 180, "shift": 1 << 20, "brightness": 1, "cutout": 1 << 20}

    def __init__(self, args, whites: list):
        """whites are the largest value that each input may have, None where there is no bound."""
        self.seed, self.terms, self.whites = args.seed, {}, whites
        for item in args.augment.split(","):
            name, given, value = item.strip().partition("=")
            self.terms[name] = self.term(args.augment, name, given, value)
        rank = 3 if any(len(shape) == 3 and limit is None for _, shape, limit in INPUTS) else 2
        self.inputs = [i for i, (_, shape, limit) in enumerate(INPUTS) if len(shape) == rank and limit is None]
        for i in self.inputs:
            height, width = INPUTS[i][1][-2:]
            for name in {"shift", "cutout"} & self.terms.keys():
                if self.terms[name] >= min(height, width):
                    raise SystemExit(f"--augment {name}={self.terms[name]:g}: images of {height} × {width} pixels "
                                     f"allow {min(height, width) - 1} at most")
        placed = [target for target in TARGETS if len(target["shape"]) > 1 and not target.get("input")]
        if placed and self.terms.keys() - {"brightness"}:
            raise SystemExit(f"--augment {args.augment}: images move, and targets with places of their own would stay: "
                             "only brightness suits these")

    def term(self, text: str, name: str, given: str, value: str) -> float:
        most = self.TERMS.get(name)
        if most is None or name in self.terms or bool(given) != (most > 0):
            raise SystemExit(f"--augment {text}: {name!r} is none of flip, vflip, rotate=DEGREES, shift=PIXELS, "
                             "brightness=PART, cutout=PIXELS, or stands twice")
        if not given:
            return 0
        try:
            number = float(value)
        except ValueError:
            number = 0
        if not 0 < number <= most or most > 180 and number != int(number):
            raise SystemExit(f"--augment {name}={value}: a number up to {most} is wanted, of pixels a whole one")
        return number

    def change(self, values: list[torch.Tensor], epoch: int, place: int) -> None:
        """Changes the images among the inputs, the first of which stand at that place of the epoch."""
        places = np.arange(place, place + len(values[0]))
        draws = Stream(self.seed, f"augment.{epoch}").at(places[:, None], np.arange(len(self.TERMS)))
        changed = {i: values[i].cpu().float().numpy().copy() for i in self.inputs}
        for row in range(len(values[0])):
            for i, images in changed.items():
                images[row] = self.image(images[row], draws[row], self.whites[i])
        for i, images in changed.items():
            values[i] = torch.from_numpy(images).to(values[i])

    def image(self, image: np.ndarray, draws: np.ndarray, white: float | None) -> np.ndarray:
        words = {name: draws[k] for k, name in enumerate(self.TERMS) if name in self.terms}
        height, width = image.shape[-2:]
        if "flip" in words and words["flip"][0] >> 31:
            image = image[..., ::-1]
        if "vflip" in words and words["vflip"][0] >> 31:
            image = image[..., ::-1, :]
        if "rotate" in words:
            image = rotated(image, self.terms["rotate"] * symmetric(words["rotate"][0]))
        if "shift" in words:
            most = int(self.terms["shift"])
            down, right = (below(word, 2 * most + 1) - most for word in words["shift"][:2])
            wide = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(most, most)] * 2)
            image = wide[..., most - down :, most - right :][..., :height, :width]
        if "brightness" in words:
            image = image * np.float32(1 + self.terms["brightness"] * symmetric(words["brightness"][0]))
            image = image if white is None else np.minimum(image, np.float32(white))
        if "cutout" in words:
            size, image = int(self.terms["cutout"]), image.copy()
            top, left = (below(word, most) - size // 2 for word, most in zip(words["cutout"], (height, width)))
            image[..., max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)] = 0
        return image


def symmetric(word) -> float:
    """The number in (-1, 1) that a word stands for."""
    return (float(word) + 0.5) * 2.0**-31 - 1


def below(word, n: int) -> int:
    """The integer in [0, n) that a word stands for."""
    return int(word) * n >> 32


def rotated(image: np.ndarray, degrees: float) -> np.ndarray:
    """The image turned about its middle, counter-clockwise, interpolated linearly, with zeros around it."""
    word = np.array([int(np.floor(degrees * (2**32 / 360) + 0.5)) % 2**32], dtype=np.uint32)
    (cosine,), (sine,) = turn(word)
    height, width = image.shape[-2:]
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2
    dy, x = (np.arange(height) - middle_y)[:, None], np.arange(width)[None]
    y_from = dy * cosine - middle_x * sine + middle_y + x * sine
    x_from = -(dy * sine) - middle_x * cosine + middle_x + x * cosine
    top, left = np.floor(y_from), np.floor(x_from)
    down, right = (y_from - top).astype(np.float32), (x_from - left).astype(np.float32)
    wide = np.pad(image, [(0, 0)] * (image.ndim - 2) + [(1, 1)] * 2)

    def at(y, x):
        return wide[..., np.clip(y, -1, height).astype(int) + 1, np.clip(x, -1, width).astype(int) + 1]

    upper = at(top, left) + right * (at(top, left + 1) - at(top, left))
    lower = at(top + 1, left) + right * (at(top + 1, left + 1) - at(top + 1, left))
    return upper + down * (lower - upper)
