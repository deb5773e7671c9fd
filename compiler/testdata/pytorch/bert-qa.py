# ---- The model -------------------------------------------------------------------------------------------------------

class BertQA(nn.Module):
    """Extractive question answering: where in the passage does the answer start and end?"""

    def __init__(self):
        super().__init__()
        self.kind = nn.Embedding(2, 384)
        self.embedding2 = nn.Embedding(30522, 384)
        self.position1 = Params(weight=(256, 384))
        self.layernorm1 = nn.LayerNorm(384, eps=1e-12)
        self.dropout1 = Dropout("dropout1", 0.1)
        self.encoder1 = nn.ModuleList(Encoder(f"encoder1.{i}") for i in range(6))
        self.linear1 = nn.Linear(384, 2)

    def forward(self, tokens, segment, mask):  # [n, 256] of 30522, [n, 256] of 2, [n, 256]
        kind = self.kind(segment)              # bert-qa.nn:18  [n, 256, 384]
        x = self.embedding2(tokens)            # bert-qa.nn:21  [n, 256, 384]
        x = x + self.position1.weight          # bert-qa.nn:22  [n, 256, 384]
        x = x + kind                           # bert-qa.nn:23  [n, 256, 384]
        x = self.dropout1(self.layernorm1(x))  # bert-qa.nn:24  [n, 256, 384]
        for layer in self.encoder1:
            x = layer(x, mask)                 # [n, 256, 384]
        x = self.linear1(x)                    # bert-qa.nn:28  [n, 256, 2]
        return x.masked_fill((mask == 0)[..., None], torch.finfo(torch.float32).min)  # bert-qa.nn:30  [n, 256, 2]


class Encoder(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.attention1 = Attention(f"{name}.attention1")
        self.dropout1 = Dropout(f"{name}.dropout1", 0.1)
        self.layernorm1 = nn.LayerNorm(384, eps=1e-12)
        self.linear1 = nn.Linear(384, 1536)
        self.linear2 = nn.Linear(1536, 384)
        self.dropout2 = Dropout(f"{name}.dropout2", 0.1)
        self.layernorm2 = nn.LayerNorm(384, eps=1e-12)

    def forward(self, x, mask):                                       # [n, 256, 384], [n, 256]
        x = self.dropout1(self.attention1(x, mask)) + x               # bert-qa.nn:7   [n, 256, 384]
        x = self.layernorm1(x)                                        # bert-qa.nn:8   [n, 256, 384]
        x = self.dropout2(self.linear2(F.gelu(self.linear1(x)))) + x  # bert-qa.nn:9   [n, 256, 384]
        return self.layernorm2(x)                                     # bert-qa.nn:10  [n, 256, 384]


class Attention(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.query = nn.Linear(384, 384)
        self.key = nn.Linear(384, 384)
        self.value = nn.Linear(384, 384)
        self.seen = Dropout(name, 0.1)
        self.out = nn.Linear(384, 384)

    def forward(self, x, mask):  # [n, 256, 384], [n, 256]
        # bert-qa.nn:7  [n, 256, 384]
        x = attend(self.query(x), self.key(x), self.value(x), 12, mask=mask, dropout=self.seen)
        return self.out(x)       # bert-qa.nn:7  [n, 256, 384]


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "kind.*": ("normal", 1),
    "embedding2.*": ("normal", 1),
    "position1.*": ("normal", 1),
    "*layernorm*.weight": ("fill", 1),
    "*layernorm*.bias": ("fill", 0),
    "encoder1.*.attention1.query.weight": ("uniform", 0.0625),    # ±1/√256
    "encoder1.*.attention1.query.bias": ("fill", 0),
    "encoder1.*.attention1.key.weight": ("uniform", 0.0625),      # ±1/√256
    "encoder1.*.attention1.key.bias": ("fill", 0),
    "encoder1.*.attention1.value.weight": ("uniform", 0.0625),    # ±1/√256
    "encoder1.*.attention1.value.bias": ("fill", 0),
    "encoder1.*.attention1.out.weight": ("uniform", 0.05103104),  # ±1/√384
    "encoder1.*.attention1.out.bias": ("fill", 0),
    "encoder1.*.linear1.*": ("uniform", 0.05103104),              # ±1/√384
    "encoder1.*.linear2.*": ("uniform", 0.02551552),              # ±1/√1536
    "linear1.*": ("uniform", 0.05103104),                         # ±1/√384
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [  # name, shape, and of integers the number that they are below
    ("tokens", (256,), 30522),
    ("segment", (256,), 2),
    ("mask", (256,), None),
]
TARGETS = [  # what the losses compare with
    dict(name="target", loss="span", kind="span", link="identity", longest=30, shape=(2,), limit=256, mask="mask"),
]


# ---- The losses ------------------------------------------------------------------------------------------------------

LOSSES = ["span", "span"]  # their names


def losses(outputs, targets, inputs, weights):
    """Of each loss its weight, the sum over the rows, and what to divide that by."""
    (output,) = outputs
    (target,) = targets
    if weights is not None:
        scores = output.transpose(1, 2)
        return [
            (
                0.5,
                (F.cross_entropy(scores[:, 0], target[:, 0], reduction="none") * weights).sum(),
                ((target[:, 0] != -100) * weights).sum(),
            ),
            (
                0.5,
                (F.cross_entropy(scores[:, 1], target[:, 1], reduction="none") * weights).sum(),
                ((target[:, 1] != -100) * weights).sum(),
            ),
        ]
    scores = output.transpose(1, 2)
    return [
        (0.5, F.cross_entropy(scores[:, 0], target[:, 0], reduction="sum"), (target[:, 0] != -100).sum()),
        (0.5, F.cross_entropy(scores[:, 1], target[:, 1], reduction="sum"), (target[:, 1] != -100).sum()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

JUDGED = [(0, 0)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 50  # steps
CLIP = 1.0  # the largest norm of the gradients


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [("exact_match", (0, 0), ExactMatch())]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step, counted from 0: its course is linear."""
    if step < 50:
        return lr * (step + 1) / 50  # the warm-up
    return lr * (1 - (step - 50) / (steps - 50))


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.AdamW(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)
