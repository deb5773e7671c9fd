"""A Python peer of the comparison: `python worker.py PEER`, where PEER is one of peers below.

It reads requests from standard input and writes replies to standard output, a line of JSON each; what they mean stands
in worker/protocol.go. Models, losses and optimisers are those of the specs beside, in float32. A training step clears
the gradients, computes loss and gradients, updates the parameters, and gives the loss as a Python float.
"""

import functools
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
# cnn: twice a convolution, batch norm, ReLU and max-pool, and a linear layer
MODELS = {
    "seed": ("squares", "sgd", 0.01),
    "house": ("squares", "adam", 0.001),
    "digits": ("classes", "adam", 0.001),
    "cnn": ("classes", "momentum", 0.05),
}
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
MOMENTUM, NORM_EPSILON = 0.9, 1e-5


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
        if self.what == "train":
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

    def network(task):
        return (Images if task.model == "cnn" else Layers)(task.arrays)

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
        loss = functional.mse_loss if task.loss == "squares" else functional.cross_entropy
        make = {"sgd": torch.optim.SGD, "momentum": functools.partial(torch.optim.SGD, momentum=MOMENTUM), "adam": torch.optim.Adam}[task.optimiser]
        how = {"eager": {}, "fused": {"fused": True}, "compiled": {"fused": True}, "whole": {"foreach": True}}[mode]
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
            update()
            return value.item()

        return Job(step, restart)

    return "PyTorch " + torch.__version__, {"product": product, "predict": predict, "train": train}


# ----------------------------------------------------------------------------------------------------------- JAX


def jax_peer():
    try:
        import jax
        from jax import numpy as jnp
    except ImportError:
        raise Missing("JAX", "pip install 'jax[cpu]'") from None
    import numpy as np

    def stage(p, number, x, train):
        w = jnp.transpose(p[f"conv{number}.weight"], (2, 3, 1, 0))
        x = jax.lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")) + p[f"conv{number}.bias"]
        mean, variance = (x.mean((0, 1, 2)), x.var((0, 1, 2))) if train else (0, 1)
        x = (x - mean) * jax.lax.rsqrt(variance + NORM_EPSILON) * p[f"batchnorm{number}.weight"] + p[f"batchnorm{number}.bias"]
        n, height, width, channels = x.shape
        return jax.nn.relu(x).reshape(n, height // 2, 2, width // 2, 2, channels).max((2, 4))

    def forward(p, x, train):
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
        return -jnp.take_along_axis(jax.nn.log_softmax(y), t[:, None], -1).mean()

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

    def parameters(task):
        return {name: jnp.array(a) for name, a in task.arrays.items()}

    def product(task):
        x, w = jnp.array(task.x), jnp.array(task.w)
        call = jax.jit(lambda x, w: x @ w.T)
        return Job(lambda: call(x, w).block_until_ready(), output=lambda y: diagonal(np.asarray(y)))

    def predict(task):
        p, rows = parameters(task), jnp.array(task.rows)
        call = jax.jit(lambda p, x: forward(p, x, False))
        return Job(lambda: np.asarray(call(p, rows)), output=flat)

    def train(task):
        loss = squares if task.loss == "squares" else classes
        update, slots = {"sgd": (sgd, 0), "momentum": (momentum, 1), "adam": (adam, 2)}[task.optimiser]
        batches = [(jnp.array(x), jnp.array(t if t.ndim > 1 else t.astype(np.int32))) for x, t in task.batches]

        def whole(state, x, t):
            p, slots, number = state
            value, g = jax.value_and_grad(lambda p: loss(forward(p, x, True), t))(p)
            number = number + 1
            p, slots = update(task.rate, p, g, slots, number)
            return value, (p, slots, number)

        call = jax.jit(whole, donate_argnums=0)
        state, at = None, 0

        def restart():
            nonlocal state, at
            p = parameters(task)
            state, at = (p, tuple(each(jnp.zeros_like, p) for _ in range(slots)), jnp.float32(0)), 0

        def step():
            nonlocal state, at
            x, t = batches[at]
            at = (at + 1) % len(batches)
            value, state = call(state, x, t)
            return float(value)

        return Job(step, restart)

    return "JAX " + jax.__version__, {"product": product, "predict": predict, "train": train}


# -------------------------------------------------------------------------------------------------- ONNX Runtime


def onnxruntime_peer():
    try:
        import numpy as np
        import onnx
        import onnxruntime
    except ImportError:
        raise Missing("ONNX Runtime", "pip install onnxruntime onnx") from None
    onnxruntime.set_default_logger_severity(3)

    def shaped(task):
        return task.rows.reshape(-1, 1, 28, 28) if task.model == "cnn" else task.rows

    def model(task):
        """The layers as an ONNX model of Gemm and Relu, and of Conv, BatchNormalization and MaxPool."""
        helper, nodes, value, more = onnx.helper, [], "x", {}
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
