"""A Python peer of the comparison: `python worker.py PEER`, where PEER is one of peers below.

It reads requests from standard input and writes replies to standard output, a line of JSON each; what they mean stands
in worker/protocol.go. Models, losses and optimisers are those of the specs beside, in float32. A training step clears
the gradients, computes loss and gradients, updates the parameters, and gives the loss as a Python float.
"""

import functools
import gc
import json
import os
import sys
import tempfile
import time

CORES = os.environ.get("VERSUS_CORES", "1")  # before any library is loaded, which read these variables then
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = CORES
if CORES == "1":
    os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"

STRETCH = 50e-6  # seconds timed at once at least
LEAST, MOST = 3, 1 << 15  # stretches

# loss, optimiser and rate of each model; the layers are those of the parameters in the file, with ReLU between them, but for
# cnn: twice a convolution, batch norm, ReLU and max-pool, and a linear layer; sentiment: an embedding, an LSTM and a linear
# layer of its last state; shakespeare: a GPT; bert: a BERT, whose rows are tokens, segment and mask
MODELS = {
    "seed": ("squares", "sgd", 0.01),
    "house": ("squares", "adam", 0.001),
    "digits": ("classes", "adam", 0.001),
    "cnn": ("classes", "momentum", 0.05),
    "sentiment": ("flags", "rmsprop", 0.001),
    "shakespeare": ("classes", "adamw", 0.001),
    "bert": ("span", "adamw", 0.0002),
}
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
MOMENTUM, NORM_EPSILON, ALPHA = 0.9, 1e-5, 0.99
DECAY, MOST_NORM = 0.01, 1.0  # of adamw, whose gradients are clipped
DEPTH, HEADS = 4, 4
ENCODERS, ENCODER_HEADS, ENCODER_EPSILON, DROPOUT = 6, 12, 1e-12, 0.1
LOWEST = -3.4028234663852886e38  # what scores of padding are


class Missing(Exception):
    """A library is not installed; the second argument says what to install."""


def load(path):
    """The arrays of a safetensors file, by name."""
    import numpy as np

    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        content = file.read()
    kinds = {"F32": np.float32, "I64": np.int64}
    arrays = {}
    for name, tensor in header.items():
        if name != "__metadata__":
            start, end = tensor["data_offsets"]
            flat = np.frombuffer(content[start:end], kinds[tensor["dtype"]])
            arrays[name] = flat.reshape(tensor["shape"]).copy()
    return arrays


def layers(arrays):
    """The names of the layers in order."""
    return sorted((name[: -len(".weight")] for name in arrays if name.endswith(".weight")), key=lambda s: int(s[6:]))


def packed(arrays):
    """The parameters with the three projections of each attention as one, query first."""
    joined = dict(arrays)
    for name in arrays:
        if ".query." in name:
            parts = [joined.pop(name.replace("query", part)) for part in ("query", "key", "value")]
            import numpy as np

            joined[name.replace("query", "in")] = np.concatenate(parts)
    return joined


class Task:
    """The data of a request: parameters, and the batches or the rows to predict."""

    def __init__(self, task):
        self.model, self.what, self.size = task["workload"], task["what"], task["size"]
        self.arrays = load(task["file"])
        if self.what == "product":
            n = self.size
            self.x, self.w = (self.arrays[k].reshape(-1)[: n * n].reshape(n, n) for k in ("inputs", "weight"))
            return
        inputs, targets = self.arrays.pop("inputs"), self.arrays.pop("targets")
        self.loss, self.optimiser, self.rate = MODELS[self.model]
        self.rows = inputs[: self.size].copy()
        self.rate_dropped = DROPOUT if self.what == "dropout" else 0.0
        if self.what in ("train", "dropout"):
            self.batches = [
                (inputs[at : at + self.size].copy(), targets[at : at + self.size].copy())
                for at in range(0, len(inputs), self.size)
            ]


class Job:
    """What a peer makes of a task: restart, step, and for predictions and products, values."""

    def __init__(self, step, restart=lambda: None, output=None):
        self.step, self.restart, self.output = step, restart, output

    def values(self, steps):
        self.restart()
        if self.output:
            return self.output(self.step())
        return [self.step() for _ in range(steps)]

    def time(self, seconds):
        self.restart()
        steps = 1
        while self.run(steps) < STRETCH:
            steps *= 2
        took, start = [], time.perf_counter()
        while len(took) < MOST and (len(took) < LEAST or time.perf_counter() - start < seconds):
            took.append(self.run(steps) / steps * 1e9)
        return took

    def run(self, steps):
        step = self.step
        start = time.perf_counter()
        for _ in range(steps):
            step()
        return time.perf_counter() - start


def flat(array):
    return [float(v) for v in array.reshape(-1)]


def diagonal(array):
    return [float(v) for v in array.diagonal()]


# ------------------------------------------------------------------------------------------------------- PyTorch


def torch_peer(mode):
    try:
        import torch
    except ImportError:
        raise Missing("PyTorch", "pip install torch") from None
    from torch import nn
    from torch.nn import functional

    torch.set_num_threads(int(CORES))

    class Layers(nn.Module):
        def __init__(self, arrays):
            super().__init__()
            self.names = layers(arrays)
            for name in self.names:
                out, inputs = arrays[name + ".weight"].shape
                setattr(self, name, nn.Linear(inputs, out))
            self.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})

        def forward(self, x):
            for name in self.names[:-1]:
                x = functional.relu(getattr(self, name)(x))
            return getattr(self, self.names[-1])(x)

    class Images(nn.Module):
        def __init__(self, arrays):
            super().__init__()
            self.conv1, self.batchnorm1 = nn.Conv2d(1, 8, 5, padding=2), nn.BatchNorm2d(8)
            self.conv2, self.batchnorm2 = nn.Conv2d(8, 16, 5, padding=2), nn.BatchNorm2d(16)
            self.linear1 = nn.Linear(784, 10)
            self.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()}, strict=False)

        def forward(self, x):
            x = x.view(-1, 1, 28, 28)
            x = functional.max_pool2d(functional.relu(self.batchnorm1(self.conv1(x))), 2)
            x = functional.max_pool2d(functional.relu(self.batchnorm2(self.conv2(x))), 2)
            return self.linear1(x.flatten(1))

    class Words(nn.Module):
        def __init__(self, arrays):
            super().__init__()
            (words, size), hidden = arrays["embedding1.weight"].shape, arrays["lstm1.weight_hh_l0"].shape[1]
            self.embedding1, self.lstm1, self.linear1 = nn.Embedding(words, size), nn.LSTM(size, hidden, batch_first=True), nn.Linear(hidden, 1)
            self.load_state_dict({name: torch.from_numpy(a) for name, a in arrays.items()})

        def forward(self, x):
            return self.linear1(self.lstm1(self.embedding1(x))[0][:, -1])

    class Attention(nn.Module):
        def __init__(self, width):
            super().__init__()
            setattr(self, "in", nn.Linear(width, 3 * width))
            self.out = nn.Linear(width, width)

        def forward(self, x):
            n, t, width = x.shape
            q, k, v = getattr(self, "in")(x).view(n, t, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
            y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            return self.out(y.transpose(1, 2).reshape(n, t, width))

    class Layer(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.layernorm1, self.attention1, self.layernorm2 = nn.LayerNorm(width), Attention(width), nn.LayerNorm(width)
            self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x):
            x = x + self.attention1(self.layernorm1(x))
            return x + self.linear2(functional.gelu(self.linear1(self.layernorm2(x))))

    class Position(nn.Module):
        def __init__(self, *shape):
            super().__init__()
            self.weight = nn.Parameter(torch.empty(*shape))

    class Letters(nn.Module):
        def __init__(self, arrays):
            super().__init__()
            letters, width = arrays["embedding1.weight"].shape
            self.embedding1, self.position1 = nn.Embedding(letters, width), Position(*arrays["position1.weight"].shape)
            self.layer1 = nn.ModuleList(Layer(width) for _ in range(DEPTH))
            self.layernorm1, self.linear1 = nn.LayerNorm(width), nn.Linear(width, letters)
            self.load_state_dict({name: torch.from_numpy(a) for name, a in packed(arrays).items()})

        def forward(self, x):
            x = self.embedding1(x) + self.position1.weight
            for layer in self.layer1:
                x = layer(x)
            return self.linear1(self.layernorm1(x))

    class EncoderAttention(nn.Module):
        def __init__(self, width, dropout):
            super().__init__()
            setattr(self, "in", nn.Linear(width, 3 * width))
            self.out, self.dropout = nn.Linear(width, width), dropout

        def forward(self, x, seen):
            n, t, width = x.shape
            q, k, v = getattr(self, "in")(x).view(n, t, 3, ENCODER_HEADS, width // ENCODER_HEADS).permute(2, 0, 3, 1, 4)
            y = functional.scaled_dot_product_attention(q, k, v, attn_mask=seen, dropout_p=self.dropout if self.training else 0.0)
            return self.out(y.transpose(1, 2).reshape(n, t, width))

    class Encoder(nn.Module):
        def __init__(self, width, dropout):
            super().__init__()
            self.attention1, self.dropout = EncoderAttention(width, dropout), nn.Dropout(dropout)
            self.layernorm1, self.layernorm2 = (nn.LayerNorm(width, ENCODER_EPSILON) for _ in range(2))
            self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x, seen):
            x = self.layernorm1(x + self.dropout(self.attention1(x, seen)))
            return self.layernorm2(x + self.dropout(self.linear2(functional.gelu(self.linear1(x)))))

    class Answers(nn.Module):
        def __init__(self, arrays, dropout):
            super().__init__()
            words, width = arrays["embedding2.weight"].shape
            self.embedding2, self.kind, self.position1 = nn.Embedding(words, width), nn.Embedding(2, width), Position(*arrays["position1.weight"].shape)
            self.layernorm1, self.dropout = nn.LayerNorm(width, ENCODER_EPSILON), nn.Dropout(dropout)
            self.encoder1 = nn.ModuleList(Encoder(width, dropout) for _ in range(ENCODERS))
            self.linear1 = nn.Linear(width, 2)
            self.load_state_dict({name: torch.from_numpy(a) for name, a in packed(arrays).items()})

        def forward(self, x):
            tokens, segment, mask = x.view(len(x), 3, -1).unbind(1)
            x = self.embedding2(tokens) + self.position1.weight + self.kind(segment)
            x = self.dropout(self.layernorm1(x))
            seen = mask != 0
            for layer in self.encoder1:
                x = layer(x, seen[:, None, None, :])
            return self.linear1(x).masked_fill(~seen[:, :, None], LOWEST)

    def network(task):
        if task.model == "bert":
            return Answers(task.arrays, task.rate_dropped)
        return {"cnn": Images, "sentiment": Words, "shakespeare": Letters}.get(task.model, Layers)(task.arrays)

    def span(y, t):
        return (functional.cross_entropy(y[..., 0], t[:, 0]) + functional.cross_entropy(y[..., 1], t[:, 1])) / 2

    def product(task):
        x, w = torch.from_numpy(task.x), torch.from_numpy(task.w)
        y = torch.empty(task.size, task.size)
        return Job(lambda: torch.mm(x, w.T, out=y), output=diagonal)

    def predict(task):
        model = network(task).eval()
        rows = torch.from_numpy(task.rows)
        call = torch.compile(model) if mode == "compiled" else model

        def step():
            with torch.inference_mode():
                return call(rows)

        return Job(step, output=flat)

    def train(task):
        model = network(task)
        params = list(model.parameters())
        loss = {
            "squares": functional.mse_loss,
            "flags": functional.binary_cross_entropy_with_logits,
            "classes": lambda y, t: functional.cross_entropy(y.flatten(0, -2), t.flatten()),
            "span": span,
        }[task.loss]
        make = {
            "sgd": torch.optim.SGD,
            "momentum": functools.partial(torch.optim.SGD, momentum=MOMENTUM),
            "adam": torch.optim.Adam,
            "adamw": functools.partial(torch.optim.AdamW, weight_decay=DECAY),
            "rmsprop": functools.partial(torch.optim.RMSprop, alpha=ALPHA),
        }[task.optimiser]
        how = {"eager": {}, "fused": {"fused": True}, "compiled": {"fused": True}, "whole": {"foreach": True}}[mode]
        if task.optimiser == "rmsprop" and "fused" in how:
            how = {"foreach": True}  # it has no fused form
        optimiser = make(params, lr=task.rate, **how)
        batches = [(torch.from_numpy(x), torch.from_numpy(t)) for x, t in task.batches]
        beginning = [p.detach().clone() for p in params]
        at = 0

        def objective(x, t):
            return loss(model(x), t)

        update = optimiser.step
        if mode in ("compiled", "whole"):
            objective = torch.compile(objective)
        if mode == "whole":
            update = torch.compile(lambda: optimiser.step())

        def restart():
            nonlocal at
            at = 0
            with torch.no_grad():
                for p, value in zip(params, beginning):
                    p.copy_(value)
                for slots in optimiser.state.values():
                    for slot in slots.values():
                        if slot is not None:
                            slot.zero_()
                for norm in model.children():
                    if isinstance(norm, nn.BatchNorm2d):
                        norm.reset_running_stats()

        def step():
            nonlocal at
            x, t = batches[at]
            at = (at + 1) % len(batches)
            optimiser.zero_grad(set_to_none=True)
            value = objective(x, t)
            value.backward()
            if task.optimiser == "adamw":
                nn.utils.clip_grad_norm_(params, MOST_NORM)
            update()
            return value.item()

        return Job(step, restart)

    return "PyTorch " + torch.__version__, {"product": product, "predict": predict, "train": train, "dropout": train}


# ----------------------------------------------------------------------------------------------------------- JAX


def jax_peer():
    try:
        import jax
        from jax import numpy as jnp
    except ImportError:
        raise Missing("JAX", "pip install 'jax[cpu]'") from None
    import numpy as np

    jax.config.update("jax_default_prng_impl", "unsafe_rbg")  # the fastest masks

    def stage(p, number, x, train):
        w = jnp.transpose(p[f"conv{number}.weight"], (2, 3, 1, 0))
        x = jax.lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) + p[f"conv{number}.bias"]
        mean, variance = (x.mean((0, 1, 2)), x.var((0, 1, 2))) if train else (0, 1)
        x = (x - mean) * jax.lax.rsqrt(variance + NORM_EPSILON) * p[f"batchnorm{number}.weight"] + p[f"batchnorm{number}.bias"]
        n, height, width, channels = x.shape
        return jax.nn.relu(x).reshape(n, height // 2, 2, width // 2, 2, channels).max((2, 4))

    def dense(p, name, x):
        return x @ p[name + ".weight"].T + p[name + ".bias"]

    def norm(p, name, x, epsilon=NORM_EPSILON):
        x = x - x.mean(-1, keepdims=True)
        x = x * jax.lax.rsqrt(jnp.square(x).mean(-1, keepdims=True) + epsilon)
        return x * p[name + ".weight"] + p[name + ".bias"]

    def words(p, x):
        x = p["embedding1.weight"][x.T]
        gates = x @ p["lstm1.weight_ih_l0"].T + (p["lstm1.bias_ih_l0"] + p["lstm1.bias_hh_l0"])
        back = p["lstm1.weight_hh_l0"].T

        def step(state, gates):
            h, c = state
            i, f, g, o = jnp.split(gates + h @ back, 4, -1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

        start = jnp.zeros((x.shape[1], back.shape[0]))
        return dense(p, "linear1", jax.lax.scan(step, (start, start), gates)[0][0])

    def attention(p, name, x):
        n, t, width = x.shape
        q, k, v = jnp.moveaxis(dense(p, name + ".in", x).reshape(n, t, 3, HEADS, width // HEADS), 2, 0)
        scores = jnp.einsum("nthd,nshd->nhts", q, k) * (width // HEADS) ** -0.5
        shares = jax.nn.softmax(jnp.where(jnp.tril(jnp.ones((t, t), bool)), scores, -jnp.inf))
        return dense(p, name + ".out", jnp.einsum("nhts,nshd->nthd", shares, v).reshape(n, t, width))

    def letters(p, x):
        x = p["embedding1.weight"][x] + p["position1.weight"]
        for i in range(DEPTH):
            layer = f"layer1.{i}."
            x = x + attention(p, layer + "attention1", norm(p, layer + "layernorm1", x))
            y = jax.nn.gelu(dense(p, layer + "linear1", norm(p, layer + "layernorm2", x)), approximate=False)
            x = x + dense(p, layer + "linear2", y)
        return dense(p, "linear1", norm(p, "layernorm1", x))

    def answers(p, x, rate, key):
        masks = 0

        def drop(x):
            nonlocal masks
            if not rate:
                return x
            masks += 1
            return jnp.where(jax.random.bernoulli(jax.random.fold_in(key, masks), 1 - rate, x.shape), x / (1 - rate), 0)

        def looked(name, x, hidden):
            n, t, width = x.shape
            q, k, v = jnp.moveaxis(dense(p, name + ".in", x).reshape(n, t, 3, ENCODER_HEADS, -1), 2, 0)
            shares = jax.nn.softmax(jnp.einsum("nthd,nshd->nhts", q, k) * (width // ENCODER_HEADS) ** -0.5 + hidden)
            return dense(p, name + ".out", jnp.einsum("nhts,nshd->nthd", drop(shares), v).reshape(n, t, width))

        tokens, segment, mask = jnp.moveaxis(x.reshape(len(x), 3, -1), 1, 0)
        hidden = jnp.where(mask == 0, -jnp.inf, 0)[:, None, None, :]
        x = p["embedding2.weight"][tokens] + p["position1.weight"] + p["kind.weight"][segment]
        x = drop(norm(p, "layernorm1", x, ENCODER_EPSILON))
        for i in range(ENCODERS):
            layer = f"encoder1.{i}."
            x = norm(p, layer + "layernorm1", x + drop(looked(layer + "attention1", x, hidden)), ENCODER_EPSILON)
            y = dense(p, layer + "linear2", jax.nn.gelu(dense(p, layer + "linear1", x), approximate=False))
            x = norm(p, layer + "layernorm2", x + drop(y), ENCODER_EPSILON)
        return jnp.where(mask[:, :, None] == 0, LOWEST, dense(p, "linear1", x))

    def forward(p, x, train, rate=0.0, key=None):
        if "kind.weight" in p:
            return answers(p, x, rate, key)
        if "lstm1.weight_ih_l0" in p:
            return words(p, x)
        if "position1.weight" in p:
            return letters(p, x)
        if "conv1.weight" in p:
            x = stage(p, 2, stage(p, 1, x.reshape(-1, 28, 28, 1), train), train)
            return jnp.transpose(x, (0, 3, 1, 2)).reshape(-1, 784) @ p["linear1.weight"].T + p["linear1.bias"]
        names = layers(p)
        for name in names[:-1]:
            x = jax.nn.relu(x @ p[name + ".weight"].T + p[name + ".bias"])
        return x @ p[names[-1] + ".weight"].T + p[names[-1] + ".bias"]

    def squares(y, t):
        return jnp.square(y - t).mean()

    def classes(y, t):
        return -jnp.take_along_axis(jax.nn.log_softmax(y), t[..., None], -1).mean()

    def flags(y, t):
        return (jnp.maximum(y, 0) - y * t + jnp.log1p(jnp.exp(-jnp.abs(y)))).mean()

    def span(y, t):
        return (classes(y[..., 0], t[:, 0]) + classes(y[..., 1], t[:, 1])) / 2

    each = jax.tree_util.tree_map

    def sgd(rate, p, g, slots, t):
        return each(lambda p, g: p - rate * g, p, g), slots

    def momentum(rate, p, g, slots, t):
        m = each(lambda m, g: MOMENTUM * m + g, slots[0], g)
        return each(lambda p, m: p - rate * m, p, m), (m,)

    def adam(rate, p, g, slots, t):
        m = each(lambda m, g: BETA1 * m + (1 - BETA1) * g, slots[0], g)
        v = each(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, slots[1], g)
        scale, root = rate / (1 - BETA1**t), 1 / jnp.sqrt(1 - BETA2**t)
        return each(lambda p, m, v: p - scale * m / (jnp.sqrt(v) * root + EPSILON), p, m, v), (m, v)

    def adamw(rate, p, g, slots, t):
        length = jnp.sqrt(sum(jnp.square(x).sum() for x in g.values()))
        g = each(lambda g: g * jnp.minimum(1, MOST_NORM / (length + 1e-6)), g)
        return adam(rate, each(lambda p: p * (1 - rate * DECAY), p), g, slots, t)

    def rmsprop(rate, p, g, slots, t):
        v = each(lambda v, g: ALPHA * v + (1 - ALPHA) * g * g, slots[0], g)
        return each(lambda p, g, v: p - rate * g / (jnp.sqrt(v) + EPSILON), p, g, v), (v,)

    def parameters(task):
        return {name: jnp.array(a) for name, a in packed(task.arrays).items()}

    def numbers(a):
        return jnp.array(a.astype(np.int32) if a.dtype == np.int64 else a)

    def product(task):
        x, w = jnp.array(task.x), jnp.array(task.w)
        call = jax.jit(lambda x, w: x @ w.T)
        return Job(lambda: call(x, w).block_until_ready(), output=lambda y: diagonal(np.asarray(y)))

    def predict(task):
        p, rows = parameters(task), numbers(task.rows)
        call = jax.jit(lambda p, x: forward(p, x, False))
        return Job(lambda: np.asarray(call(p, rows)), output=flat)

    def train(task):
        loss = {"squares": squares, "flags": flags, "classes": classes, "span": span}[task.loss]
        update, slots = {"sgd": (sgd, 0), "momentum": (momentum, 1), "adam": (adam, 2), "adamw": (adamw, 2), "rmsprop": (rmsprop, 1)}[task.optimiser]
        batches = [(numbers(x), numbers(t)) for x, t in task.batches]

        def whole(state, x, t):
            p, slots, number, key = state
            own = None
            if task.rate_dropped:
                key, own = jax.random.split(key)

            def objective(p):
                return loss(forward(p, x, True, task.rate_dropped, own), t)

            value, g = jax.value_and_grad(objective)(p)
            number = number + 1
            p, slots = update(task.rate, p, g, slots, number)
            return value, (p, slots, number, key)

        call = jax.jit(whole, donate_argnums=0)
        state, at = None, 0

        def restart():
            nonlocal state, at
            p = parameters(task)
            state, at = (p, tuple(each(jnp.zeros_like, p) for _ in range(slots)), jnp.float32(0), jax.random.key(0)), 0

        def step():
            nonlocal state, at
            x, t = batches[at]
            at = (at + 1) % len(batches)
            value, state = call(state, x, t)
            return float(value)

        return Job(step, restart)

    return "JAX " + jax.__version__, {"product": product, "predict": predict, "train": train, "dropout": train}


# -------------------------------------------------------------------------------------------------- ONNX Runtime


def onnxruntime_peer():
    try:
        import numpy as np
        import onnx
        import onnxruntime
    except ImportError:
        raise Missing("ONNX Runtime", "pip install onnxruntime onnx") from None
    onnxruntime.set_default_logger_severity(3)

    def words(task, helper):
        """Nodes and constants of an embedding, an LSTM, whose gates are i, o, f, c there, and a linear layer of its last state."""
        p = task.arrays
        hidden = p["lstm1.weight_hh_l0"].shape[1]

        def ordered(a):
            i, f, g, o = a.reshape(4, hidden, -1)
            return np.concatenate([i, o, f, g])

        both = [ordered(p[f"lstm1.bias_{of}_l0"]).reshape(-1) for of in ("ih", "hh")]
        constants = {
            "embedding1.weight": p["embedding1.weight"],
            "w": ordered(p["lstm1.weight_ih_l0"])[None],
            "r": ordered(p["lstm1.weight_hh_l0"])[None],
            "b": np.concatenate(both)[None],
            "linear1.weight": p["linear1.weight"],
            "linear1.bias": p["linear1.bias"],
            "first": np.array([0], np.int64),
        }
        return constants, [
            helper.make_node("Transpose", ["x"], ["steps"], perm=[1, 0]),
            helper.make_node("Gather", ["embedding1.weight", "steps"], ["seen"]),
            helper.make_node("LSTM", ["seen", "w", "r", "b"], ["", "h"], hidden_size=hidden),
            helper.make_node("Squeeze", ["h", "first"], ["last"]),
            helper.make_node("Gemm", ["last", "linear1.weight", "linear1.bias"], ["linear1"], transB=1),
        ]

    def letters(task, helper):
        """Nodes and constants of the GPT."""
        p = packed(task.arrays)
        n, t, width = *task.rows.shape, p["embedding1.weight"].shape[1]
        mask = np.where(np.tril(np.ones((t, t), bool)), 0, -np.inf).astype(np.float32)
        constants = {name: a.T.copy() if a.ndim == 2 and name.split(".")[-2] not in ("embedding1", "position1") else a for name, a in p.items()}
        constants |= {"mask": mask, "scale": np.float32((width // HEADS) ** -0.5), "heads": np.array([n, t, 3, HEADS, width // HEADS]), "rows": np.array([n, t, width])}
        constants |= {str(i): np.array(i) for i in range(3)}
        nodes = []

        def add(op, *inputs, **options):
            nodes.append(helper.make_node(op, list(inputs), [f"value{len(nodes)}"], **options))
            return nodes[-1].output[0]

        def dense(name, x):
            return add("Add", add("MatMul", x, name + ".weight"), name + ".bias")

        def norm(name, x):
            return add("LayerNormalization", x, name + ".weight", name + ".bias", epsilon=NORM_EPSILON)

        x = add("Add", add("Gather", "embedding1.weight", "x"), "position1.weight")
        for i in range(DEPTH):
            layer = f"layer1.{i}."
            parts = add("Transpose", add("Reshape", dense(layer + "attention1.in", norm(layer + "layernorm1", x)), "heads"), perm=[2, 0, 3, 1, 4])
            q, k, v = (add("Gather", parts, str(part)) for part in range(3))
            scores = add("MatMul", add("Mul", q, "scale"), add("Transpose", k, perm=[0, 1, 3, 2]))
            y = add("MatMul", add("Softmax", add("Add", scores, "mask")), v)
            x = add("Add", x, dense(layer + "attention1.out", add("Reshape", add("Transpose", y, perm=[0, 2, 1, 3]), "rows")))
            y = add("Gelu", dense(layer + "linear1", norm(layer + "layernorm2", x)))
            x = add("Add", x, dense(layer + "linear2", y))
        dense("linear1", norm("layernorm1", x))
        nodes[-1].output[0] = "linear1"
        return constants, nodes

    def answers(task, helper):
        """Nodes and constants of the BERT."""
        p = packed(task.arrays)
        n, t, width = len(task.rows), task.rows.shape[1] // 3, p["embedding2.weight"].shape[1]
        constants = {name: a.T.copy() if a.ndim == 2 and name.split(".")[-2] not in ("embedding2", "position1", "kind") else a for name, a in p.items()}
        constants |= {"scale": np.float32((width // ENCODER_HEADS) ** -0.5), "parts": np.array([n, 3, t]), "heads": np.array([n, t, 3, ENCODER_HEADS, width // ENCODER_HEADS])}
        constants |= {"rows": np.array([n, t, width]), "keys": np.array([n, 1, 1, t]), "ends": np.array([n, t, 1]), "lowest": np.float32(LOWEST), "none": np.float32(0), "infinite": np.float32(-np.inf)}
        constants |= {str(i): np.array(i) for i in range(3)}
        nodes = []

        def add(op, *inputs, **options):
            nodes.append(helper.make_node(op, list(inputs), [f"value{len(nodes)}"], **options))
            return nodes[-1].output[0]

        def dense(name, x):
            return add("Add", add("MatMul", x, name + ".weight"), name + ".bias")

        def norm(name, x):
            return add("LayerNormalization", x, name + ".weight", name + ".bias", epsilon=ENCODER_EPSILON)

        given = add("Reshape", "x", "parts")
        tokens, segment, mask = (add("Gather", given, str(i), axis=1) for i in range(3))
        seen = add("Cast", add("Reshape", mask, "keys"), to=onnx.TensorProto.BOOL)
        hidden = add("Where", seen, "none", "infinite")
        x = add("Add", add("Gather", "embedding2.weight", tokens), "position1.weight")
        x = norm("layernorm1", add("Add", x, add("Gather", "kind.weight", segment)))
        for i in range(ENCODERS):
            layer = f"encoder1.{i}."
            parts = add("Transpose", add("Reshape", dense(layer + "attention1.in", x), "heads"), perm=[2, 0, 3, 1, 4])
            q, k, v = (add("Gather", parts, str(part)) for part in range(3))
            scores = add("MatMul", add("Mul", q, "scale"), add("Transpose", k, perm=[0, 1, 3, 2]))
            y = add("MatMul", add("Softmax", add("Add", scores, hidden)), v)
            y = dense(layer + "attention1.out", add("Reshape", add("Transpose", y, perm=[0, 2, 1, 3]), "rows"))
            x = norm(layer + "layernorm1", add("Add", x, y))
            y = dense(layer + "linear2", add("Gelu", dense(layer + "linear1", x)))
            x = norm(layer + "layernorm2", add("Add", x, y))
        add("Where", add("Reshape", seen, "ends"), dense("linear1", x), "lowest")
        nodes[-1].output[0] = "linear1"
        return constants, nodes

    def shaped(task):
        return task.rows.reshape(-1, 1, 28, 28) if task.model == "cnn" else task.rows

    def model(task):
        """The layers as an ONNX model of Gemm and Relu, and of Conv, BatchNormalization and MaxPool."""
        helper, nodes, value, more = onnx.helper, [], "x", {}
        made = {"sentiment": words, "shakespeare": letters, "bert": answers}
        if task.model in made:
            constants, nodes = made[task.model](task, helper)
            x = helper.make_tensor_value_info("x", onnx.TensorProto.INT64, task.rows.shape)
            y = helper.make_tensor_value_info("linear1", onnx.TensorProto.FLOAT, None)
            constants = [onnx.numpy_helper.from_array(np.asarray(a), name) for name, a in constants.items()]
            graph = helper.make_graph(nodes, task.model, [x], [y], constants)
            return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        if task.model == "cnn":
            for number, channels in (1, 8), (2, 16):
                conv, norm = f"conv{number}", f"batchnorm{number}"
                more |= {norm + ".mean": np.zeros(channels, np.float32), norm + ".var": np.ones(channels, np.float32)}
                of = [norm + part for part in (".weight", ".bias", ".mean", ".var")]
                nodes += [
                    helper.make_node("Conv", [value, conv + ".weight", conv + ".bias"], [conv], kernel_shape=[5, 5], pads=[2, 2, 2, 2]),
                    helper.make_node("BatchNormalization", [conv, *of], [norm], epsilon=NORM_EPSILON),
                    helper.make_node("Relu", [norm], [norm + ".relu"]),
                    helper.make_node("MaxPool", [norm + ".relu"], [norm + ".pool"], kernel_shape=[2, 2], strides=[2, 2]),
                ]
                value = norm + ".pool"
            nodes.append(helper.make_node("Flatten", [value], ["flat"]))
            value = "flat"
        names = layers({name: a for name, a in task.arrays.items() if name.startswith("linear")})
        for name in names:
            nodes.append(helper.make_node("Gemm", [value, name + ".weight", name + ".bias"], [name], transB=1))
            value = name
            if name != names[-1]:
                value = name + ".relu"
                nodes.append(helper.make_node("Relu", [name], [value]))
        number = onnx.TensorProto.FLOAT
        x = helper.make_tensor_value_info("x", number, shaped(task).shape)
        y = helper.make_tensor_value_info(value, number, [len(task.rows), task.arrays[value + ".bias"].size])
        constants = [onnx.numpy_helper.from_array(a, name) for name, a in (task.arrays | more).items()]
        graph = helper.make_graph(nodes, task.model, [x], [y], constants)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

    def predict(task):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = int(CORES), 1
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.onnx")
            onnx.save(model(task), path)
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        feed = {"x": shaped(task)}
        return Job(lambda: session.run(None, feed), output=lambda out: flat(out[0]))

    return "ONNX Runtime " + onnxruntime.__version__, {"predict": predict}


# --------------------------------------------------------------------------------------------------------- NumPy


def numpy_peer():
    try:
        import numpy as np
    except ImportError:
        raise Missing("NumPy", "pip install numpy") from None

    def product(task):
        y = np.empty((task.size, task.size), np.float32)
        return Job(lambda: np.matmul(task.x, task.w.T, out=y), output=diagonal)

    return "NumPy " + np.__version__, {"product": product}


# ------------------------------------------------------------------------------------------------------- serving

peers = {mode: lambda mode=mode: torch_peer(mode) for mode in ("eager", "fused", "compiled", "whole")}
peers |= {"jax": jax_peer, "onnxruntime": onnxruntime_peer, "numpy": numpy_peer}


def main():
    # Libraries print what they like to standard output: they get standard error instead.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    library, job = None, None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "open":
                job = None  # models are large: no two at once
                gc.collect()
                if library is None:
                    library = peers[sys.argv[1]]()
                version, kinds = library
                job = kinds[request["task"]["what"]](Task(request["task"]))
                reply = {"version": version}
            elif request["do"] == "values":
                reply = {"values": job.values(request["steps"])}
            else:
                reply = {"ns": job.time(request["seconds"])}
            text = json.dumps(reply, allow_nan=False)
        except Missing as missing:
            text = json.dumps({"error": missing.args[0] + " is not installed", "install": missing.args[1]})
        except Exception as error:  # whatever a library raises is told, and the others go on
            first = (str(error).strip().splitlines() or [""])[0]
            text = json.dumps({"error": f"{type(error).__name__}: {first}"})
        out.write(text + "\n")
        out.flush()


main()
