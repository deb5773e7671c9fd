# needs: processes
import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional as F


class BatchNorm(nn.BatchNorm1d):
    """Batch norm of [n, C], [n, C, H, W] and, with channels last, [n, T, C], by the statistics of all rows of the step,
    whichever process has them. (PyTorch's SyncBatchNorm does not run on CPUs, and its batch norms want more than one
    value for each channel.)"""

    def forward(self, x):
        if x.dim() == 3:
            return self.normalised(x.transpose(1, 2)).transpose(1, 2)
        return self.normalised(x)

    def normalised(self, x):
        if not self.training:
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        if WORLD == 1 and x.numel() > self.num_features:
            self.num_batches_tracked.add_(1)
            return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, True, self.momentum, self.eps)
        axes, shape = [0, *range(2, x.dim())], [1, -1, *[1] * (x.dim() - 2)]
        values = torch.full((1, self.num_features), x.numel() // self.num_features, dtype=x.dtype, device=x.device)
        sums, count = AllReduce.apply(torch.cat([x.sum(axes)[None], values]))
        mean = sums / count
        centred = x - mean.view(shape)
        variance = AllReduce.apply(centred.square().sum(axes)) / count
        with torch.no_grad():
            self.num_batches_tracked.add_(1)
            self.running_mean.lerp_(mean, self.momentum)
            if count[0] > 1:
                self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        y = centred * torch.rsqrt(variance + self.eps).view(shape)
        return y if self.weight is None else y * self.weight.view(shape) + self.bias.view(shape)


class AllReduce(torch.autograd.Function):
    """The sum over all processes; its gradient is that of all their losses."""

    @staticmethod
    def forward(ctx, x):
        return AllReduce.total(x)

    @staticmethod
    def backward(ctx, dy):
        return AllReduce.total(dy)

    @staticmethod
    def total(x):
        y = x.clone()
        if WORLD > 1:
            dist.all_reduce(y)
        return y
