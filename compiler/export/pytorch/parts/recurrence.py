import warnings

import torch
from torch.nn import functional as F

warnings.filterwarnings("ignore", "RNN module weights are not part of single contiguous chunk")


def recurrence(kind, x, weights, mask=None, reverse=False):
    """The states [n, T, hidden] of one direction of a recurrent layer, which begins with states of 0: kind is torch.lstm,
    torch.gru or torch.rnn_tanh, weights those of the input and the state, then their biases if there are any. A position
    whose mask [n, T] is 0 takes no part and keeps the state before it. So the layer goes along the others alone, which
    are moved together, and every position takes the state after the last of them."""
    if len(x) == 0:  # a row of zeros in between, so that there are gradients, of 0
        mask = None if mask is None else mask.new_zeros(1, *mask.shape[1:])
        return recurrence(kind, F.pad(x, (0, 0, 0, 0, 0, 1)), weights, mask, reverse)[:0]
    start = x.new_zeros(1, len(x), weights[1].shape[1])
    if kind is torch.lstm:
        start = (start, start)
    if reverse:
        x = x.flip(1)
    if mask is not None:
        part = (mask != 0).flip(1) if reverse else mask != 0
        order = (~part).to(torch.uint8).argsort(dim=1, stable=True)
        x = x.gather(1, order[:, :, None].expand_as(x))
    y = kind(x, start, weights, len(weights) == 4, 1, 0.0, torch.is_grad_enabled(), False, True)[0]
    if mask is not None:
        y = F.pad(y, (0, 0, 1, 0))  # the states before the first
        y = y.gather(1, part.cumsum(1)[:, :, None].expand(-1, -1, y.shape[2]))
    return y.flip(1) if reverse else y
