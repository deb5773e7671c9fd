import torch


def sinusoids(x):
    """A vector for each position t of x [n, T, size]: element 2i is sin(t/10000^(2i/size)), 2i + 1 the cosine of it."""
    positions, size = x.shape[1:]
    speeds = 10000.0 ** (torch.arange(0, size, 2, dtype=torch.float64, device=x.device) / -size)
    angles = torch.arange(positions, dtype=torch.float64, device=x.device)[:, None] * speeds
    return torch.stack([angles.sin(), angles.cos()], 2).flatten(1)[:, :size].to(x.dtype)
