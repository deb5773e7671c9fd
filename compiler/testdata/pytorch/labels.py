# ---- The model -------------------------------------------------------------------------------------------------------

class Data2(nn.Module):
    """Labels that PyTorch, Python and the program have other uses for, "quoted" \\ and \"\"\"more\"\"\"."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Embedding(7, 5)
        self.train_ = nn.Linear(4, 6)
        self.class_ = nn.Linear(21, 6)
        self.type_ = nn.Linear(6, 6)
        self.stream1 = nn.ModuleList(Stream2() for _ in range(2))
        self.half_ = nn.Linear(6, 4)
        self.model = nn.Linear(4, 3)
        self.nn = nn.Linear(6, 3)
        self.out = nn.Linear(3, 2)
        self.losses = nn.Linear(3, 1)

    def forward(self, x, data, self_):  # [n, 6], [n, 4], [n, 3] of 7
        y = self.weight(self_)          # labels.nn:15  [n, 3, 5]
        lambda_ = y.flatten(1)          # labels.nn:16  [n, 15]
        y = F.relu(self.train_(data))   # labels.nn:18  [n, 6]
        y = torch.cat([y, lambda_], 1)  # labels.nn:19  [n, 21]
        y = self.class_(y)              # labels.nn:20  [n, 6]
        x = y + x                       # labels.nn:21  [n, 6]
        x = self.type_(x)               # labels.nn:22  [n, 6]
        F2 = F.relu(x)                  # labels.nn:23  [n, 6]
        x = F2
        for layer in self.stream1:
            x = layer(x)                # [n, 6]
        x = self.half_(x)               # labels.nn:25  [n, 4]
        model = self.model(x)           # labels.nn:26  [n, 3]
        nn2 = self.nn(F2)               # labels.nn:28  [n, 3]
        x = nn2 + model                 # labels.nn:29  [n, 3]
        x = torch.sigmoid(x)            # labels.nn:30  [n, 3]
        out = self.out(x)               # labels.nn:31  [n, 2]
        losses = self.losses(nn2)       # labels.nn:33  [n, 1]
        return out, losses


class Stream2(nn.Module):
    def __init__(self):
        super().__init__()
        self.half__ = nn.Linear(6, 6)
        self.forward_ = nn.Linear(6, 6)

    def forward(self, x):               # [n, 6]
        y = torch.tanh(self.half__(x))  # labels.nn:5  [n, 6]
        y = self.forward_(y)            # labels.nn:6  [n, 6]
        return y + x                    # labels.nn:7  [n, 6]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "weight.*": ("normal", 1),
    "train.*": ("uniform", 0.5),                    # ±1/√4
    "class.*": ("uniform", 0.2182179),              # ±1/√21
    "type.*": ("uniform", 0.4082483),               # ±1/√6
    "stream1.*.half.*": ("uniform", 0.4082483),     # ±1/√6
    "stream1.*.forward.*": ("uniform", 0.4082483),  # ±1/√6
    "half_.*": ("uniform", 0.4082483),              # ±1/√6
    "model.*": ("uniform", 0.5),                    # ±1/√4
    "nn.*": ("uniform", 0.4082483),                 # ±1/√6
    "out.*": ("uniform", 0.57735026),               # ±1/√3
    "losses.*": ("uniform", 0.57735026),            # ±1/√3
}
FROZEN = []  # what training leaves as it is
RENAMED = {  # parts of names that PyTorch or Python has another use for, and what they are in weight files
    "class_": "class",
    "forward_": "forward",
    "half__": "half",
    "train_": "train",
    "type_": "type",
}
TIED = {}  # tensors that are others, and stand once in weight files

INPUTS = [  # name, shape, and of integers the number that they are below
    ("x", (6,), None),
    ("data", (4,), None),
    ("self_", (3,), 7),
]
TARGETS = [  # what the losses compare with
    dict(name="out", loss="mse", kind="quantity", link="identity", shape=(2,), limit=None),
    dict(name="losses", loss="bce_logits", kind="flag", link="sigmoid", count=2, shape=(1,), limit=None),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["out.mse", "losses.bce_logits"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    out, losses = outputs
    out_target, losses_target = targets
    if weights is not None:
        return [
            (1, (F.mse_loss(out, out_target, reduction="none") * weights.view(-1, 1)).sum(), weights.sum() * 2),
            (
                0.25,
                (F.binary_cross_entropy_with_logits(losses, losses_target, reduction="none")
                    * weights.view(-1, 1)).sum(),
                weights.sum(),
            ),
        ]
    return [
        (1, F.mse_loss(out, out_target, reduction="sum"), out.numel()),
        (0.25, F.binary_cross_entropy_with_logits(losses, losses_target, reduction="sum"), losses.numel()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

SAVED = "labels.safetensors"  # where the weights go if nobody says
JUDGED = [(0, 0), (1, 1)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 0  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [
        ("out.mae", (0, 0), Mae()),
        ("out.r2", (0, 0), R2()),
        ("losses.accuracy", (1, 1), Accuracy()),
    ]


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
