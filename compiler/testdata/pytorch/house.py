# ---- The model -------------------------------------------------------------------------------------------------------

class House(nn.Module):
    """A house's price from what is known about it: 8 numbers, and its distance
    class to the ocean as 5 indicator columns."""

    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(13, 64)
        self.linear2 = nn.Linear(64, 64)
        self.linear3 = nn.Linear(64, 1)

    def forward(self, features):            # [n, 13]
        x = F.relu(self.linear1(features))  # house.nn:6  [n, 64]
        x = F.relu(self.linear2(x))         # house.nn:7  [n, 64]
        return self.linear3(x)              # house.nn:8  [n, 1]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "linear1.*": ("uniform", 0.2773501),  # ±1/√13
    "linear2.*": ("uniform", 0.125),      # ±1/√64
    "linear3.*": ("uniform", 0.125),      # ±1/√64
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files
TIED = {}  # tensors that are others, and stand once in weight files

INPUTS = [("features", (13,), None)]  # name, shape, and of integers the number that they are below
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

SAVED = "house.safetensors"  # where the weights go if nobody says
JUDGED = [(0, 0)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 0  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [("mae", (0, 0), Mae())]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step."""
    return lr


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.Adam(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08)


def read(args, codec: dict | None):
    kind = kind_of(bound(args.data[0])[1])
    if kind in ("folder", "npy", "npz", "idx", "image"):
        return ArrayData(args, codec)
    return TableData(args, codec)
