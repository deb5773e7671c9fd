# ---- The model -------------------------------------------------------------------------------------------------------

class Listing(nn.Module):
    """Two inputs, a shared trunk, two outputs, two losses."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.linear1 = nn.Linear(6, 16)
        self.linear2 = nn.Linear(24, 32)
        self.price = nn.Linear(32, 1)
        self.kind = nn.Linear(32, 4)

    def forward(self, photo, facts):                     # [n, 3, 16, 16], [n, 6]
        x = F.avg_pool2d(F.relu(self.conv1(photo)), 16)  # two-heads.nn:8   [n, 8, 1, 1]
        seen = x.flatten(1)                              # two-heads.nn:9   [n, 8]
        x = F.relu(self.linear1(facts))                  # two-heads.nn:12  [n, 16]
        x = torch.cat([x, seen], 1)                      # two-heads.nn:13  [n, 24]
        trunk = F.relu(self.linear2(x))                  # two-heads.nn:14  [n, 32]
        price = self.price(trunk)                        # two-heads.nn:16  [n, 1]
        kind = self.kind(trunk)                          # two-heads.nn:17  [n, 4]
        return price, kind


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "conv1.*": ("uniform", 0.19245009),    # ±1/√27
    "linear1.*": ("uniform", 0.4082483),   # ±1/√6
    "linear2.*": ("uniform", 0.20412415),  # ±1/√24
    "price.*": ("uniform", 0.17677669),    # ±1/√32
    "kind.*": ("uniform", 0.17677669),     # ±1/√32
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [  # name, shape, and of integers the number that they are below
    ("photo", (3, 16, 16), None),
    ("facts", (6,), None),
]
TARGETS = [  # what the losses compare with
    dict(name="price", loss="mse", kind="quantity", link="identity", shape=(1,), limit=None),
    dict(name="kind", loss="cross_entropy", kind="class", link="softmax", count=4, shape=(), limit=4),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["price.mse", "kind.cross_entropy"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    price, kind = outputs
    price_target, kind_target = targets
    if weights is not None:
        return [
            (1, (F.mse_loss(price, price_target, reduction="none") * weights.view(-1, 1)).sum(), weights.sum()),
            (
                0.5,
                (F.cross_entropy(kind, kind_target, reduction="none") * weights).sum(),
                ((kind_target != -100) * weights).sum(),
            ),
        ]
    return [
        (1, F.mse_loss(price, price_target, reduction="sum"), price.numel()),
        (0.5, F.cross_entropy(kind, kind_target, reduction="sum"), (kind_target != -100).sum()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

JUDGED = [(0, 0), (1, 1)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 0  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [
        ("price.mae", (0, 0), Mae()),
        ("price.r2", (0, 0), R2()),
        ("kind.accuracy", (1, 1), Accuracy()),
    ]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step."""
    return lr


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.Adam(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08)


def read(args, codec: dict | None):
    path = bound(args.data[0])[1]
    kind = kind_of(path)
    arrays = kind in ("folder", "npy", "npz", "idx", "image")
    if arrays:
        return ArrayData(args, codec)
    advice = f"`nnc export --pytorch --reads {'arrays' if arrays else 'table'}` writes one for such files"
    raise SystemExit(f"{path}: this program reads arrays: {advice}")
