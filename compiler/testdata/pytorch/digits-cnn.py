# ---- The model -------------------------------------------------------------------------------------------------------

class DigitsCNN(nn.Module):
    """Handwritten digits with two convolutions."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, padding=2)
        self.batchnorm1 = BatchNorm(8)
        self.conv2 = nn.Conv2d(8, 16, 5, padding=2)
        self.batchnorm2 = BatchNorm(16)
        self.linear1 = nn.Linear(784, 10)

    def forward(self, image):                                            # [n, 1, 28, 28]
        x = F.max_pool2d(F.relu(self.batchnorm1(self.conv1(image))), 2)  # digits-cnn.nn:6  [n, 8, 14, 14]
        x = F.max_pool2d(F.relu(self.batchnorm2(self.conv2(x))), 2)      # digits-cnn.nn:7  [n, 16, 7, 7]
        x = x.flatten(1)                                                 # digits-cnn.nn:8  [n, 784]
        return self.linear1(x)                                           # digits-cnn.nn:9  [n, 10]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "conv1.*": ("uniform", 0.2),            # ±1/√25
    "*batchnorm*.weight": ("fill", 1),
    "*batchnorm*.bias": ("fill", 0),
    "conv2.*": ("uniform", 0.07071068),     # ±1/√200
    "linear1.*": ("uniform", 0.035714287),  # ±1/√784
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
                (F.cross_entropy(output, target, reduction="none") * weights).sum(),
                ((target != -100) * weights).sum(),
            ),
        ]
    return [
        (1, F.cross_entropy(output, target, reduction="sum"), (target != -100).sum()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

JUDGED = [(0, 0)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 0  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [("accuracy", (0, 0), Accuracy())]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step."""
    return lr


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.SGD(learnt, lr=lr, momentum=0.9, weight_decay=0.0)


def read(args, codec: dict | None):
    path = bound(args.data[0])[1]
    kind = kind_of(path)
    arrays = kind in ("folder", "npy", "npz", "idx", "image")
    if arrays:
        return ArrayData(args, codec)
    advice = f"`nnc export --pytorch --reads {'arrays' if arrays else 'table'}` writes one for such files"
    raise SystemExit(f"{path}: this program reads arrays: {advice}")
