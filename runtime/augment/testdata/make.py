"""Makes rotate.json: images turned as torchvision's rotate turns tensors (bilinear, zeros outside). Needs PyTorch; the
tests do not."""

import json
import math
import os

import torch

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(5)


def rotate(image, degrees):
    c, h, w = image.shape
    turn = math.radians(-degrees)
    theta = torch.tensor([[math.cos(turn), math.sin(turn), 0.0], [-math.sin(turn), math.cos(turn), 0.0]], dtype=torch.float64)
    base = torch.ones(h, w, 3, dtype=torch.float64)
    base[..., 0] = torch.linspace(-w * 0.5 + 0.5, w * 0.5 - 0.5, w, dtype=torch.float64)
    base[..., 1] = torch.linspace(-h * 0.5 + 0.5, h * 0.5 - 0.5, h, dtype=torch.float64).unsqueeze(-1)
    grid = base.view(h * w, 3) @ (theta.T / torch.tensor([0.5 * w, 0.5 * h], dtype=torch.float64))
    return torch.nn.functional.grid_sample(image[None], grid.view(1, h, w, 2), align_corners=False)[0]


cases = []
for shape, degrees in [((1, 5, 5), 30.0), ((2, 4, 7), -12.5), ((3, 6, 3), 170.0), ((1, 1, 4), 5.0)]:
    image = torch.rand(shape, dtype=torch.float32).double()
    cases.append({"shape": shape, "degrees": degrees, "image": image.flatten().tolist(), "turned": rotate(image, degrees).flatten().tolist()})
with open("rotate.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
