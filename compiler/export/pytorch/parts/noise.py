# needs: stream
import numpy as np
import torch
from torch import nn


class Noise(nn.Module):
    """Adds numbers from N(0, deviation²) in training: nnc's, which depend on the seed, the step, the name, the row and
    the element."""

    def __init__(self, name: str, deviation: float):
        super().__init__()
        self.name, self.deviation = name, deviation

    def forward(self, x):
        if not self.training:
            return x
        first = MOMENT["row"] * x.shape[1:].numel()
        count = (first + x.numel() + 3) // 4 - first // 4
        drawn = Stream(MOMENT["seed"], self.name).normals(count, MOMENT["step"], first // 4).reshape(-1)
        drawn = drawn[first % 4 : first % 4 + x.numel()] * np.float64(np.float32(self.deviation))
        return x + torch.from_numpy(drawn.astype(np.float32)).view(x.shape).to(x)
