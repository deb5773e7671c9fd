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
        return x * torch.where(self.dropped(x), 0.0, kept).to(x.dtype)

    def dropped(self, x):
        """Which elements of x are, whose first row is MOMENT["row"] of the step."""
        stream, first = Stream(MOMENT["seed"], self.name), MOMENT["row"] * x.shape[1:].numel()
        count, limit = (first + x.numel() + 3) // 4 - first // 4, int(self.p * 2**32)
        if x.device.type == "cpu":
            mask = torch.from_numpy(stream.blocks(count, MOMENT["step"], first // 4) < limit)
        else:
            mask = blocks_on(x.device, stream.key, count, MOMENT["step"], first // 4) < limit
        return mask.flatten()[first % 4 : first % 4 + x.numel()].view(x.shape)


def blocks_on(device, key: int, count: int, hi: int, first: int):
    """What the blocks of a Stream are, int64 [count, 4], computed by the device. Products wrap around; their upper halves
    are right all the same."""
    lo, low = torch.arange(first, first + count, device=device), 0xFFFFFFFF
    a, b = lo & low, lo >> 32
    c, d = torch.full_like(a, hi & low), torch.full_like(a, hi >> 32)
    for i in range(10):
        p, q = a * 0xD2511F53, c * 0xCD9E8D57
        a, b = (q >> 32 & low) ^ b ^ ((key & low) + i * 0x9E3779B9 & low), q & low
        c, d = (p >> 32 & low) ^ d ^ ((key >> 32) + i * 0xBB67AE85 & low), p & low
    return torch.stack([a, b, c, d], 1)
