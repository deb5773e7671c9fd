# ---- The model -------------------------------------------------------------------------------------------------------

class Seed(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(10, 1)

    def forward(self, x):       # [n, 10]
        return self.linear1(x)  # seed.nn:1  [n, 1]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "linear1.*": ("uniform", 0.31622776),  # ±1/√10
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files
TIED = {}  # tensors that are others, and stand once in weight files

INPUTS = [("x", (10,), None)]  # name, shape, and of integers the number that they are below
TARGETS = [  # what the losses compare with
    dict(name="target", loss="mse", kind="quantity", link="identity", shape=(1,), limit=None),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["mse"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    (output,) = outputs
    (target,) = targets
    if weights is not None:
        return [
            (1, (F.mse_loss(output, target, reduction="none") * weights.view(-1, 1)).sum(), weights.sum()),
        ]
    return [
        (1, F.mse_loss(output, target, reduction="sum"), output.numel()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

SAVED = "seed.safetensors"  # where the weights go if nobody says
JUDGED = [(0, 0)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 0  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [
        ("mae", (0, 0), Mae()),
        ("r2", (0, 0), R2()),
    ]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step."""
    return lr


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.SGD(learnt, lr=lr, weight_decay=0.0)


def read(args, codec: dict | None):
    kind = kind_of(bound(args.data[0])[1])
    if kind in ("folder", "npy", "npz", "idx", "image"):
        return ArrayData(args, codec)
    return TableData(args, codec)
