import torch


def masked_mean(x, mask):
    """The mean over the positions of x [n, T, …] whose mask [n, T] is not 0; 0 if there is none."""
    part = (mask != 0).reshape(*mask.shape, *[1] * (x.dim() - 2))
    return torch.where(part, x, 0).sum(1) / part.sum(1).clamp(min=1)


def masked_last(x, mask):
    """The last position of x [n, T, …] whose mask [n, T] is not 0; 0 if there is none."""
    places = torch.arange(1, mask.shape[1] + 1, device=x.device) * (mask != 0)
    last = places.amax(1)
    y = x[torch.arange(len(x), device=x.device), last.clamp(min=1) - 1]
    return torch.where((last > 0).reshape(-1, *[1] * (x.dim() - 2)), y, 0)
