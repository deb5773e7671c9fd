# needs: stream
import torch
from torch import nn
from torch.nn import functional as F

# ---- Dropout: nnc's own masks ----------------------------------------------------------------------------------------

EXACT_DROPOUT = True  # with --dropout torch PyTorch draws masks of its own, faster


class Dropout(nn.Module):
    """nnc's dropout: whether an element is dropped depends on the seed, the step, the name, the row and the element, so
    not on which process has the row."""

    def __init__(self, name: str, p: float):
        super().__init__()
        self.name, self.p = name, p

    def forward(self, x):
        if not self.training:
            return x
        if not EXACT_DROPOUT:
            return F.dropout(x, self.p)
        kept = float(torch.tensor(1 / (1 - self.p), dtype=torch.float32))
        dropped = words(self.name, x) < int(self.p * 2**32)
        return x * torch.where(dropped, 0.0, kept).to(x.dtype)


def words(name: str, x):
    """A word of 32 bits for every element of x, whose first row is MOMENT["row"] of the step: those of Stream, computed
    where x lies."""
    key, first = Stream(MOMENT["seed"], name).key, MOMENT["row"] * x.shape[1:].numel()
    block = torch.arange(first // 4, (first + x.numel() + 3) // 4, device=x.device)
    low = 0xFFFFFFFF
    a, b = block & low, block >> 32
    c, d = torch.full_like(a, MOMENT["step"] & low), torch.full_like(a, MOMENT["step"] >> 32)
    for i in range(10):  # products wrap around; their upper halves are right all the same
        p, q = a * 0xD2511F53, c * 0xCD9E8D57
        a, b = (q >> 32 & low) ^ b ^ ((key & low) + i * 0x9E3779B9 & low), q & low
        c, d = (p >> 32 & low) ^ d ^ ((key >> 32) + i * 0xBB67AE85 & low), p & low
    return torch.stack([a, b, c, d], 1).flatten()[first % 4 : first % 4 + x.numel()].view(x.shape)
