# ---- The model -------------------------------------------------------------------------------------------------------

class Digits(nn.Module):
    """Handwritten digits with two linear layers."""

    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(784, 128)
        self.dropout1 = Dropout("dropout1", 0.2)
        self.linear2 = nn.Linear(128, 10)

    def forward(self, image):        # [n, 28, 28]
        x = image.flatten(1)         # digits-mlp.nn:5  [n, 784]
        x = F.relu(self.linear1(x))  # digits-mlp.nn:6  [n, 128]
        x = self.dropout1(x)         # digits-mlp.nn:7  [n, 128]
        return self.linear2(x)       # digits-mlp.nn:8  [n, 10]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "linear1.*": ("uniform", 0.035714287),  # ±1/√784
    "linear2.*": ("uniform", 0.088388346),  # ±1/√128
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [("image", (28, 28), None)]  # name, shape, and of integers the number that they are below
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
    return optim.Adam(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08)
