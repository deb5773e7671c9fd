# ---- The model -------------------------------------------------------------------------------------------------------

class Tied(nn.Module):
    """Ties, frozen parameters, several inputs and outputs, blocks used twice with different neighbours."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(50, 12)
        self.left = Left("left")
        self.embedding2 = Params(weight=(50, 12))
        self.right = Left("right")
        self.layer = nn.Linear(12, 12)
        self.repeat1 = nn.ModuleList(Round(f"repeat1.{i}") for i in range(3))
        self.both = nn.LayerNorm(12)
        self.scores = nn.Linear(12, 50)
        self.size = nn.Linear(12, 1)
        self.embedding2.weight = self.words.weight
        self.scores.weight = self.words.weight

    def forward(self, a, b):                        # [n, 8] of 50, [n, 8] of 50
        x = self.words(a)                           # tied.nn:13  [n, 8, 12]
        residual1 = self.left(x)                    # [n, 8, 12]
        x = F.embedding(b, self.embedding2.weight)  # tied.nn:16  [n, 8, 12]
        x = self.right(x)                           # [n, 8, 12]
        x = x + residual1                           # tied.nn:18  [n, 8, 12]
        x = self.layer(x)                           # tied.nn:19  [n, 8, 12]
        for layer in self.repeat1:
            x = layer(x)                            # [n, 8, 12]
        both = self.both(x)                         # tied.nn:25  [n, 8, 12]
        scores = self.scores(both)                  # tied.nn:27  [n, 8, 50]
        x = both.mean(1)                            # tied.nn:29  [n, 12]
        size = self.size(x)                         # tied.nn:30  [n, 1]
        return scores, size


class Left(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.linear1 = nn.Linear(12, 12)
        self.layernorm1 = nn.LayerNorm(12)
        self.linear2 = nn.Linear(12, 12)
        self.dropout1 = Dropout(f"{name}.dropout1", 0.1)

    def forward(self, x):                                           # [n, 8, 12]
        x = F.gelu(self.linear1(x))                                 # tied.nn:8  [n, 8, 12]
        return self.dropout1(self.linear2(self.layernorm1(x))) + x  # tied.nn:9  [n, 8, 12]


class Round(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.attention1 = Attention(f"{name}.attention1")
        self.dropout1 = Dropout(f"{name}.dropout1", 0.2)
        self.linear1 = nn.Linear(12, 24)
        self.linear2 = nn.Linear(24, 12)

    def forward(self, x):                                 # [n, 8, 12]
        x = self.dropout1(self.attention1(x)) + x         # tied.nn:22  [n, 8, 12]
        return self.linear2(F.relu(self.linear1(x))) + x  # tied.nn:23  [n, 8, 12]


class Attention(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.query = nn.Linear(12, 12)
        self.key = nn.Linear(12, 12)
        self.value = nn.Linear(12, 12)
        self.seen = Dropout(name, 0.1)
        self.out = nn.Linear(12, 12)

    def forward(self, x):                                                            # [n, 8, 12]
        x = attend(self.query(x), self.key(x), self.value(x), 2, dropout=self.seen)  # tied.nn:22  [n, 8, 12]
        return self.out(x)                                                           # tied.nn:22  [n, 8, 12]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "words.*": ("normal", 1),
    "left.linear1.*": ("uniform", 0.28867513),                     # ±1/√12
    "*layernorm*.weight": ("fill", 1),
    "*layernorm*.bias": ("fill", 0),
    "left.linear2.*": ("uniform", 0.28867513),                     # ±1/√12
    "right.linear1.*": ("uniform", 0.28867513),                    # ±1/√12
    "right.linear2.*": ("uniform", 0.28867513),                    # ±1/√12
    "layer.*": ("uniform", 0.28867513),                            # ±1/√12
    "repeat1.*.attention1.query.weight": ("uniform", 0.35355338),  # ±1/√8
    "repeat1.*.attention1.query.bias": ("fill", 0),
    "repeat1.*.attention1.key.weight": ("uniform", 0.35355338),    # ±1/√8
    "repeat1.*.attention1.key.bias": ("fill", 0),
    "repeat1.*.attention1.value.weight": ("uniform", 0.35355338),  # ±1/√8
    "repeat1.*.attention1.value.bias": ("fill", 0),
    "repeat1.*.attention1.out.weight": ("uniform", 0.28867513),    # ±1/√12
    "repeat1.*.attention1.out.bias": ("fill", 0),
    "repeat1.*.linear1.*": ("uniform", 0.28867513),                # ±1/√12
    "repeat1.*.linear2.*": ("uniform", 0.20412415),                # ±1/√24
    "both.weight": ("fill", 1),
    "both.bias": ("fill", 0),
    "scores.*": ("uniform", 0.28867513),                           # ±1/√12
    "size.*": ("uniform", 0.28867513),                             # ±1/√12
}
FROZEN = ["words.weight"]  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [("a", (8,), 50), ("b", (8,), 50)]  # name, shape, and of integers the number that they are below
TARGETS = [  # what the losses compare with
    dict(name="scores", loss="cross_entropy", kind="class", link="softmax", count=50, shape=(8,), limit=50),
    dict(name="size", loss="poisson", kind="count", link="exp", shape=(1,), limit=None),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["scores.cross_entropy", "size.poisson"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    scores, size = outputs
    scores_target, size_target = targets
    if weights is not None:
        return [
            (
                1,
                (
                    F.cross_entropy(scores.flatten(0, -2), scores_target.flatten(), reduction="none").view_as(
                    scores_target) * weights.view(-1, 1)).sum(),
                ((scores_target != -100) * weights.view(-1, 1)).sum(),
            ),
            (0.5, (F.poisson_nll_loss(size, size_target, reduction="none") * weights.view(-1, 1)).sum(), weights.sum()),
        ]
    return [
        (
            1,
            F.cross_entropy(scores.flatten(0, -2), scores_target.flatten(), reduction="sum"),
            (scores_target != -100).sum(),
        ),
        (0.5, F.poisson_nll_loss(size, size_target, reduction="sum"), size.numel()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

JUDGED = [(0, 0), (1, 1)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 0  # steps


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [
        ("scores.accuracy", (0, 0), Accuracy()),
        ("scores.perplexity", (0, 0), Perplexity()),
        ("size.mae", (1, 1), Mae()),
        ("size.r2", (1, 1), R2()),
    ]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step."""
    return lr


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.AdamW(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)
