import torch
from torch import optim

# ---- Lion, which PyTorch does not have -------------------------------------------------------------------------------


class Lion(optim.Optimizer):
    """Each element moves by the learning rate, against the sign of a mean of its gradients (Chen et al., 2023)."""

    def __init__(self, params, lr: float, betas: tuple[float, float], weight_decay: float = 0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                if "mean" not in self.state[parameter]:
                    self.state[parameter]["mean"] = torch.zeros_like(parameter)
                mean = self.state[parameter]["mean"]
                direction = (beta1 * mean).add_(parameter.grad, alpha=1 - beta1).sign_()
                parameter.mul_(1 - group["lr"] * group["weight_decay"]).sub_(direction, alpha=group["lr"])
                mean.mul_(beta2).add_(parameter.grad, alpha=1 - beta2)
