import torch


def rope(x, size, base):
    """x [n, T, heads·size] turned by its positions: of each head the pair (x[i], x[i + size/2]) by t·base^(-2i/size)."""
    times = torch.arange(x.shape[1], dtype=torch.float64, device=x.device)
    speeds = base ** (torch.arange(0, size, 2, dtype=torch.float64, device=x.device) / -size)
    angles = times[:, None, None] * speeds
    cosine, sine = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    a, b = x.unflatten(2, (-1, size)).chunk(2, 3)
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], 3).flatten(2)
