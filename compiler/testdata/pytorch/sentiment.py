# ---- The model -------------------------------------------------------------------------------------------------------

class Sentiment(nn.Module):
    """A recurrent text classifier."""

    def __init__(self):
        super().__init__()
        self.embedding1 = nn.Embedding(5000, 64)
        self.lstm1 = nn.LSTM(64, 128, batch_first=True)
        self.dropout1 = Dropout("dropout1", 0.5)
        self.linear1 = nn.Linear(128, 1)

    def forward(self, tokens):       # [n, 80] of 5000
        x = self.embedding1(tokens)  # sentiment.nn:6   [n, 80, 64]
        x = self.lstm1(x)[0]         # sentiment.nn:7   [n, 80, 128]
        x = x[:, 79:80].flatten(1)   # sentiment.nn:8   [n, 128]
        x = self.dropout1(x)         # sentiment.nn:9   [n, 128]
        return self.linear1(x)       # sentiment.nn:10  [n, 1]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "embedding1.*": ("normal", 1),
    "lstm1.*": ("uniform", 0.088388346),    # ±1/√128
    "linear1.*": ("uniform", 0.088388346),  # ±1/√128
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [("tokens", (80,), 5000)]  # name, shape, and of integers the number that they are below
TARGETS = [  # what the losses compare with
    dict(name="target", loss="bce_logits", kind="flag", link="sigmoid", count=2, shape=(1,), limit=None),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["bce_logits"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    (output,) = outputs
    (target,) = targets
    if weights is not None:
        return [
            (
                1,
                (F.binary_cross_entropy_with_logits(output, target, reduction="none") * weights.view(-1, 1)).sum(),
                weights.sum(),
            ),
        ]
    return [
        (1, F.binary_cross_entropy_with_logits(output, target, reduction="sum"), output.numel()),
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
    return optim.RMSprop(learnt, lr=lr, alpha=0.99, eps=1e-08, weight_decay=0.0)
