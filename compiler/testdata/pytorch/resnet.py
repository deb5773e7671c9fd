# ---- The model -------------------------------------------------------------------------------------------------------

class ResNet(nn.Module):
    """A small residual network: blocks, repetition, a skip connection."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.batchnorm1 = BatchNorm(16)
        self.residual1 = nn.ModuleList(Residual() for _ in range(2))
        self.conv2 = nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False)
        self.batchnorm2 = BatchNorm(32)
        self.residual2 = nn.ModuleList(Residual2() for _ in range(2))
        self.head = nn.Linear(32, 10)

    def forward(self, image):                          # [n, 1, 28, 28]
        x = F.relu(self.batchnorm1(self.stem(image)))  # resnet.nn:13  [n, 16, 28, 28]
        for layer in self.residual1:
            x = layer(x)                               # [n, 16, 28, 28]
        x = F.relu(self.batchnorm2(self.conv2(x)))     # resnet.nn:15  [n, 32, 14, 14]
        for layer in self.residual2:
            x = layer(x)                               # [n, 32, 14, 14]
        x = F.avg_pool2d(x, 14).flatten(1)             # resnet.nn:17  [n, 32]
        return self.head(x)                            # resnet.nn:18  [n, 10]


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.batchnorm1 = BatchNorm(16)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.batchnorm2 = BatchNorm(16)

    def forward(self, x):                           # [n, 16, 28, 28]
        y = F.relu(self.batchnorm1(self.conv1(x)))  # resnet.nn:5  [n, 16, 28, 28]
        y = self.batchnorm2(self.conv2(y))          # resnet.nn:6  [n, 16, 28, 28]
        x = y + x                                   # resnet.nn:7  [n, 16, 28, 28]
        return F.relu(x)                            # resnet.nn:8  [n, 16, 28, 28]


class Residual2(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(32, 32, 3, padding=1, bias=False)
        self.batchnorm1 = BatchNorm(32)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1, bias=False)
        self.batchnorm2 = BatchNorm(32)

    def forward(self, x):                           # [n, 32, 14, 14]
        y = F.relu(self.batchnorm1(self.conv1(x)))  # resnet.nn:5  [n, 32, 14, 14]
        y = self.batchnorm2(self.conv2(y))          # resnet.nn:6  [n, 32, 14, 14]
        x = y + x                                   # resnet.nn:7  [n, 32, 14, 14]
        return F.relu(x)                            # resnet.nn:8  [n, 32, 14, 14]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "stem.*": ("uniform", 0.33333334),                # ±1/√9
    "*batchnorm*.weight": ("fill", 1),
    "*batchnorm*.bias": ("fill", 0),
    "residual1.*.conv1.*": ("uniform", 0.083333336),  # ±1/√144
    "residual1.*.conv2.*": ("uniform", 0.083333336),  # ±1/√144
    "conv2.*": ("uniform", 0.083333336),              # ±1/√144
    "residual2.*.conv1.*": ("uniform", 0.058925565),  # ±1/√288
    "residual2.*.conv2.*": ("uniform", 0.058925565),  # ±1/√288
    "head.*": ("uniform", 0.17677669),                # ±1/√32
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [("image", (1, 28, 28), None)]  # name, shape, and of integers the number that they are below
TARGETS = [  # what the losses compare with
    dict(name="target", loss="cross_entropy", kind="class", link="softmax", count=10, shape=(), limit=10),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["cross_entropy"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    (output,) = outputs
    (target,) = targets
    if weights is not None:
        return [
            (
                1,
                (F.cross_entropy(output, target, label_smoothing=0.1, reduction="none") * weights).sum(),
                ((target != -100) * weights).sum(),
            ),
        ]
    return [
        (1, F.cross_entropy(output, target, label_smoothing=0.1, reduction="sum"), (target != -100).sum()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

JUDGED = [(0, 0)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 100  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [("accuracy", (0, 0), Accuracy())]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step, counted from 0: its course is cosine."""
    if step < 100:
        return lr * (step + 1) / 100  # the warm-up
    return wave(lr, 0.0, (step - 100) / (steps - 100))


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.SGD(learnt, lr=lr, momentum=0.9, nesterov=True, weight_decay=0.0005)


def read(args, codec: dict | None):
    path = bound(args.data[0])[1]
    kind = kind_of(path)
    arrays = kind in ("folder", "npy", "npz", "idx", "image")
    if arrays:
        return ArrayData(args, codec)
    advice = f"`nnc export --pytorch --reads {'arrays' if arrays else 'table'}` writes one for such files"
    raise SystemExit(f"{path}: this program reads arrays: {advice}")
