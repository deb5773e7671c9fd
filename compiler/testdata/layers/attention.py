"""Nets with attention, by PyTorch's own function where it has what the word has.

The gradient of key's bias is 0, since softmax does not change where all scores of a query grow by the same number: what float64
leaves of it is no number to compare with. Where the optimiser scales gradients by their size there are no biases, or its eps
is large.
"""

import torch
from torch import tanh
from torch.nn import Embedding, LayerNorm, Linear, Module, ModuleDict, ModuleList
from torch.nn import functional as F

from make import Classes, Small


class Attention(Module):
    """The word, in parts that have the names of its parameters. A mask is what is not 0."""

    def __init__(self, width, heads, memory=None, kv_heads=None, causal=False, base=None, bias=True):
        super().__init__()
        self.heads, self.kv_heads, self.causal, self.base = heads, kv_heads or heads, causal, base
        size = width // heads
        self.query = Linear(width, width, bias=bias)
        self.key = Linear(memory or width, self.kv_heads * size, bias=bias)
        self.value = Linear(memory or width, self.kv_heads * size, bias=bias)
        self.out = Linear(width, width, bias=bias)
        with torch.no_grad():  # queries tell keys apart from the first step on, else gradients are small differences
            self.query.weight.mul_(2)
            self.key.weight.mul_(2)

    def allowed(self, x, memory, mask):
        """What each query sees [rows, T, S]."""
        allowed = torch.ones(len(x), x.shape[1], memory.shape[1], dtype=torch.bool)
        if mask is not None:
            allowed = allowed & (mask != 0 if mask.dim() == 3 else (mask != 0)[:, None])
        return allowed.tril() if self.causal else allowed

    def turned(self, x):
        """[rows, heads, T, d] by the angles t·base^(−2i/d), of pairs of halves."""
        if self.base is None:
            return x
        positions, size = x.shape[-2:]
        angle = torch.arange(positions).double()[:, None] * self.base ** (-2 * torch.arange(size // 2).double() / size)
        first, second = x[..., : size // 2], x[..., size // 2 :]
        return torch.cat([first * angle.cos() - second * angle.sin(), second * angle.cos() + first * angle.sin()], -1)

    def forward(self, x, memory=None, mask=None):
        memory = x if memory is None else memory
        split = lambda y, heads: y.unflatten(-1, (heads, -1)).transpose(1, 2)
        q, k, v = split(self.query(x), self.heads), split(self.key(memory), self.kv_heads), split(self.value(memory), self.kv_heads)
        allowed = self.allowed(x, memory, mask)[:, None]
        some = allowed.any(-1, keepdim=True)  # PyTorch gives NaN for a query that sees nothing, here it is 0
        y = F.scaled_dot_product_attention(self.turned(q), self.turned(k), v, attn_mask=allowed | ~some, enable_gqa=True) * some
        return self.out(y.transpose(1, 2).flatten(-2))


class PyTorchs(Attention):
    """The same by the function of nn.MultiheadAttention, whose masks are what is not seen."""

    def forward(self, x, memory=None, mask=None):
        memory = x if memory is None else memory
        weights = {"in_proj_weight": None, "use_separate_proj_weight": True, "q_proj_weight": self.query.weight,
                   "k_proj_weight": self.key.weight, "v_proj_weight": self.value.weight}
        if memory.shape[-1] == x.shape[-1]:
            weights = {"in_proj_weight": torch.cat([self.query.weight, self.key.weight, self.value.weight])}
        biases = None if self.query.bias is None else torch.cat([self.query.bias, self.key.bias, self.value.bias])
        hidden = ~self.allowed(x, memory, mask).repeat_interleave(self.heads, 0)
        first = lambda t: t.transpose(0, 1)
        y, _ = F.multi_head_attention_forward(
            first(x), first(memory), first(memory), x.shape[-1], self.heads, in_proj_bias=biases, bias_k=None, bias_v=None,
            add_zero_attn=False, dropout_p=0.0, out_proj_weight=self.out.weight, out_proj_bias=self.out.bias, attn_mask=hidden,
            need_weights=False, **weights)
        return first(y)


class AttentionPlain(Small):
    """Heads of odd and even sizes, and a last batch of one row."""

    spec = """
        input x[5, 6]
        residual { attention 2 }
        tanh
        residual { attention 1 }
        linear 6->9
        residual { attention 3 }
        flatten
        linear 2
        loss mse
        sgd 0.05
    """
    rows = 17
    inputs = {"x": ([5, 6], None)}
    unmoved = [f"attention{i}.key.bias" for i in (1, 2, 3)]

    def __init__(self):
        super().__init__()
        self.attention1, self.attention2, self.linear1 = PyTorchs(6, 2), PyTorchs(6, 1), Linear(6, 9)
        self.attention3, self.linear2 = PyTorchs(9, 3), Linear(45, 2)

    def forward(self, x):
        h = tanh(x + self.attention1(x))
        h = self.linear1(h + self.attention2(h))
        return {"out": self.linear2((h + self.attention3(h)).flatten(1))}


class AttentionSingle(AttentionPlain):
    """The same on one row at a time, by an optimiser that a gradient of nearly 0 does not move far."""

    spec = AttentionPlain.spec.replace("sgd 0.05", "adamw 0.01 eps=1e-4")
    rows, batch = 7, 1


class AttentionPosition(Small):
    """Sequences of one position, which attend to themselves."""

    spec = """
        input x[1, 6]
        residual { attention 3 }
        tanh
        residual { attention 2 causal }
        flatten
        linear 2
        loss mse
        sgd 0.1
    """
    inputs = {"x": ([1, 6], None)}
    unmoved = [f"attention{i}.{name}.{kind}" for i in (1, 2) for name in ("query", "key") for kind in ("weight", "bias")]

    def __init__(self):
        super().__init__()
        self.attention1, self.attention2, self.linear1 = PyTorchs(6, 3), PyTorchs(6, 2, causal=True), Linear(6, 2)

    def forward(self, x):
        h = tanh(x + self.attention1(x))
        return {"out": self.linear1((h + self.attention2(h)).flatten(1))}


class AttentionCausal(Classes):
    """A small language model: residuals with norms in front, in a repetition, judged at every position."""

    spec = """
        input tokens[7] of 9
        embedding 8
        position 8
        repeat 2 {
            residual { layernorm; attention 4 causal }
            residual { layernorm; linear 16; tanh; linear 8 }
        }
        linear 9
        loss cross_entropy
        sgd 0.3
    """
    inputs, targets = {"tokens": ([7], 9)}, {"target": ([7], 9)}
    unmoved = [f"repeat1.{i}.attention1.key.bias" for i in (0, 1)]

    def __init__(self):
        super().__init__()
        self.embedding1, self.position1, self.linear1 = Embedding(9, 8), Module(), Linear(8, 9)
        self.position1.weight = torch.nn.Parameter(torch.randn(7, 8))
        self.repeat1 = ModuleList(ModuleDict({
            "layernorm1": LayerNorm(8), "attention1": PyTorchs(8, 4, causal=True),
            "layernorm2": LayerNorm(8), "linear1": Linear(8, 16), "linear2": Linear(16, 8)}) for _ in range(2))

    def forward(self, tokens):
        x = self.embedding1(tokens) + self.position1.weight
        for each in self.repeat1:
            x = x + each["attention1"](each["layernorm1"](x))
            x = x + each["linear2"](tanh(each["linear1"](each["layernorm2"](x))))
        return {"out": self.linear1(x)}


class AttentionTiles(Small):
    """More positions than a tile has, without biases."""

    spec = """
        input x[67, 4]
        residual { attention 2 causal bias=false }
        tanh
        residual { attention 2 bias=false }
        mean
        linear 2
        loss mse
        adam 0.01
    """
    rows, batch, steps = 9, 4, 30
    inputs = {"x": ([67, 4], None)}

    def __init__(self):
        super().__init__()
        self.attention1, self.attention2 = PyTorchs(4, 2, causal=True, bias=False), PyTorchs(4, 2, bias=False)
        self.linear1 = Linear(4, 2)

    def forward(self, x):
        h = tanh(x + self.attention1(x))
        return {"out": self.linear1((h + self.attention2(h)).mean(1))}


class AttentionMasked(Small):
    """Keys that no query sees, of some rows all of them; keys of each query, and causal; masks of integers and of numbers."""

    spec = """
        input keep[5] of 2
        input pairs[5, 5] of 2
        input some[5]
        input x[5, 6]
        residual { attention 3 mask=keep }
        tanh
        residual { attention 2 causal mask=pairs }
        tanh
        residual { attention 2 causal mask=keep }
        tanh
        residual { attention 2 mask=some }
        flatten
        linear 2
        loss mse
        sgd 0.05
    """
    rows = 40
    inputs = {"keep": ([5], 2), "pairs": ([5, 5], 2), "some": ([5], None), "x": ([5, 6], None)}
    unmoved = [f"attention{i}.key.bias" for i in (1, 2, 3, 4)]

    def __init__(self):
        super().__init__()
        self.attention1, self.attention2 = Attention(6, 3), Attention(6, 2, causal=True)
        self.attention3, self.attention4, self.linear1 = Attention(6, 2, causal=True), Attention(6, 2), Linear(30, 2)

    def forward(self, keep, pairs, some, x):
        h = tanh(x + self.attention1(x, mask=keep))
        h = tanh(h + self.attention2(h, mask=pairs))
        h = tanh(h + self.attention3(h, mask=keep))
        return {"out": self.linear1((h + self.attention4(h, mask=some)).flatten(1))}


class AttentionMemory(Small):
    """Keys and values of another sequence: of the same width, of another, longer than a block of a sum, and masked."""

    spec = """
        input keep[5] of 2
        input pairs[4, 5] of 2
        input near[5, 6]
        input far[270, 2]
        input x[4, 6]
        from far
        story: linear 2->5
        from x
        residual { attention 3 memory=near mask=keep }
        tanh
        residual { attention 2 memory=story }
        tanh
        residual { attention 2 memory=near mask=pairs }
        flatten
        linear 2
        loss mse
        sgd 0.1
    """
    rows, batch, steps = 10, 4, 30
    inputs = {"keep": ([5], 2), "pairs": ([4, 5], 2), "near": ([5, 6], None), "far": ([270, 2], None), "x": ([4, 6], None)}
    unmoved = [f"attention{i}.key.bias" for i in (1, 2, 3)]

    def __init__(self):
        super().__init__()
        self.attention1, self.attention2, self.attention3 = Attention(6, 3), PyTorchs(6, 2, memory=5), Attention(6, 2)
        self.story, self.linear2 = Linear(2, 5), Linear(24, 2)

    def forward(self, keep, pairs, near, far, x):
        h = tanh(x + self.attention1(x, near, keep))
        h = tanh(h + self.attention2(h, self.story(far)))
        return {"out": self.linear2((h + self.attention3(h, near, pairs)).flatten(1))}


class AttentionShared(Small):
    """Fewer heads of keys and values than of queries, one for all as well; of a memory too."""

    spec = """
        input m[3, 5]
        input x[5, 8]
        residual { attention 4 kv_heads=2 causal }
        tanh
        residual { attention 4 kv_heads=1 }
        tanh
        residual { attention 4 kv_heads=2 memory=m bias=false }
        flatten
        linear 2
        loss mse
        adamw 0.01 eps=1e-4
    """
    inputs = {"m": ([3, 5], None), "x": ([5, 8], None)}
    unmoved = [f"attention{i}.key.bias" for i in (1, 2)]

    def __init__(self):
        super().__init__()
        self.attention1, self.attention2 = Attention(8, 4, kv_heads=2, causal=True), Attention(8, 4, kv_heads=1)
        self.attention3, self.linear1 = Attention(8, 4, memory=5, kv_heads=2, bias=False), Linear(40, 2)

    def forward(self, m, x):
        h = tanh(x + self.attention1(x))
        h = tanh(h + self.attention2(h))
        return {"out": self.linear1((h + self.attention3(h, m)).flatten(1))}


class AttentionTurned(Small):
    """Queries and keys that are turned by their position, by both bases, with shared keys and a mask."""

    spec = """
        input keep[7] of 2
        input x[7, 12]
        residual { attention 2 rope bias=false }
        tanh
        residual { attention 3 causal rope base=50 kv_heads=1 mask=keep }
        flatten
        linear 2
        loss mse
        sgd 0.05
    """
    inputs = {"keep": ([7], 2), "x": ([7, 12], None)}

    def __init__(self):
        super().__init__()
        self.attention1 = Attention(12, 2, base=10000, bias=False)
        self.attention2, self.linear1 = Attention(12, 3, kv_heads=1, causal=True, base=50), Linear(84, 2)

    def forward(self, keep, x):
        h = tanh(x + self.attention1(x))
        return {"out": self.linear1((h + self.attention2(h, mask=keep)).flatten(1))}


NETS = {"attention": [AttentionPlain, AttentionSingle, AttentionPosition, AttentionCausal, AttentionTiles, AttentionMasked, AttentionMemory,
                      AttentionShared, AttentionTurned]}
