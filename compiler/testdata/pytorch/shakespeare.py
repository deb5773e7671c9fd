# ---- The model -------------------------------------------------------------------------------------------------------

class Shakespeare(nn.Module):
    """A character-level GPT."""

    def __init__(self):
        super().__init__()
        self.embedding1 = nn.Embedding(65, 128)
        self.position1 = Params(weight=(64, 128))
        self.layer1 = nn.ModuleList(Layer() for _ in range(4))
        self.layernorm1 = nn.LayerNorm(128)
        self.linear1 = nn.Linear(128, 65)

    def forward(self, tokens):         # [n, 64] of 65
        x = self.embedding1(tokens)    # shakespeare.nn:15  [n, 64, 128]
        x = x + self.position1.weight  # shakespeare.nn:16  [n, 64, 128]
        for layer in self.layer1:
            x = layer(x)               # [n, 64, 128]
        x = self.layernorm1(x)         # shakespeare.nn:18  [n, 64, 128]
        return self.linear1(x)         # shakespeare.nn:19  [n, 64, 65]


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.layernorm1 = nn.LayerNorm(128)
        self.attention1 = Attention()
        self.layernorm2 = nn.LayerNorm(128)
        self.linear1 = nn.Linear(128, 512)
        self.linear2 = nn.Linear(512, 128)

    def forward(self, x):                                                  # [n, 64, 128]
        x = self.attention1(self.layernorm1(x)) + x                        # shakespeare.nn:9   [n, 64, 128]
        return self.linear2(F.gelu(self.linear1(self.layernorm2(x)))) + x  # shakespeare.nn:10  [n, 64, 128]


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(128, 128)
        self.key = nn.Linear(128, 128)
        self.value = nn.Linear(128, 128)
        self.out = nn.Linear(128, 128)

    def forward(self, x):  # [n, 64, 128]
        # shakespeare.nn:9  [n, 64, 128]
        return self.out(attend(self.query(x), self.key(x), self.value(x), 4, causal=True))


START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number
    "embedding1.*": ("normal", 1),
    "position1.*": ("normal", 1),
    "*layernorm*.weight": ("fill", 1),
    "*layernorm*.bias": ("fill", 0),
    "layer1.*.attention1.query.weight": ("uniform", 0.10825317),
    "layer1.*.attention1.query.bias": ("fill", 0),
    "layer1.*.attention1.key.weight": ("uniform", 0.10825317),
    "layer1.*.attention1.key.bias": ("fill", 0),
    "layer1.*.attention1.value.weight": ("uniform", 0.10825317),
    "layer1.*.attention1.value.bias": ("fill", 0),
    "layer1.*.attention1.out.weight": ("uniform", 0.088388346),  # ±1/√128
    "layer1.*.attention1.out.bias": ("fill", 0),
    "layer1.*.linear1.*": ("uniform", 0.088388346),              # ±1/√128
    "layer1.*.linear2.*": ("uniform", 0.044194173),              # ±1/√512
    "linear1.*": ("uniform", 0.088388346),                       # ±1/√128
}
FROZEN = []  # what training leaves as it is
RENAMED = {}  # parts of names that PyTorch or Python has another use for, and what they are in weight files

INPUTS = [("tokens", (64,), 65)]  # name, shape, and of integers the number that they are below
TARGETS = [  # what the losses compare with
    dict(name="target", loss="cross_entropy", kind="class", link="softmax", count=65, shape=(64,), limit=65),
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
                (F.cross_entropy(output.flatten(0, -2), target.flatten(), reduction="none").view_as(target)
                    * weights.view(-1, 1)).sum(),
                ((target != -100) * weights.view(-1, 1)).sum(),
            ),
        ]
    return [
        (1, F.cross_entropy(output.flatten(0, -2), target.flatten(), reduction="sum"), (target != -100).sum()),
    ]


# ---- How it is trained and judged ------------------------------------------------------------------------------------

JUDGED = [(0, 0)]  # outputs, and what each is compared with, of TARGETS
ACCUMULATE = 1  # batches that make a step
WARMUP = 100  # steps
CLIP = 1.0  # the largest norm of the gradients


def metrics() -> list:
    """What is measured of rows that do not train: its name, which of JUDGED, and what measures it."""
    return [
        ("accuracy", (0, 0), Accuracy()),
        ("perplexity", (0, 0), Perplexity()),
    ]


def rate(lr: float, step: int, steps: int, per_epoch: int) -> float:
    """The learning rate of a step, counted from 0: its course is cosine."""
    if step < 100:
        return lr * (step + 1) / 100  # the warm-up
    return wave(lr, 0.0, (step - 100) / (steps - 100))


def optimiser(model: nn.Module, lr: float) -> optim.Optimizer:
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return optim.AdamW(learnt, lr=lr, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01)


def read(args, codec: dict | None):
    path = bound(args.data[0])[1]
    kind = kind_of(path)
    arrays = kind in ("folder", "npy", "npz", "idx", "image")
    if kind == "text" and not getattr(args, "target", None) and "columns" not in (codec or {}):
        return TextData(args, codec)
    advice = f"`nnc export --pytorch --reads {'arrays' if arrays else 'texts'}` writes one for such files"
    raise SystemExit(f"{path}: this program reads text: {advice}")
