# needs: stream start weights compared judgement signals checkpoint
import json
import math
from contextlib import nullcontext

import torch
from torch import nn, optim
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

# ---- Training: alone, or as one of several processes under torchrun --------------------------------------------------

MOMENT = {"seed": 0, "step": 0, "row": 0}  # what masks are drawn by
ADVICE = "try a lower learning rate (--lr), or clip the gradients with `clip 1.0` in the spec"


class Training:
    """A training under way: the model, its optimiser, the data, and how far it is."""

    def __init__(self, args, model: nn.Module, data):
        self.args, self.model, self.data = args, model, data
        self.optimiser = optimiser(model, args.lr)
        self.parallel = DistributedDataParallel(model) if WORLD > 1 else model
        #+ average
        self.average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE))
        #- average
        self.codec = json.loads(data.codec)
        self.units = [units(self.codec, at) for at in range(len(TARGETS))]
        self.signals = Signals()

        batches = -(-len(data.train) // args.batch)
        self.each = min(ACCUMULATE, batches)  # batches of a step
        self.per_epoch = -(-batches // self.each)
        self.steps = args.steps or args.epochs * self.per_epoch
        self.epochs = -(-self.steps // self.per_epoch)
        if self.steps <= WARMUP:
            raise SystemExit(f"{counted(self.steps, 'step')} in all, but the warm-up of the `schedule` alone takes "
                             f"{WARMUP}: train for more steps, or write a smaller `warmup` in the spec")
        self.patience = Patience(args, data)
        #+ plateau
        self.plateau = Plateau()
        #- plateau

        self.step = self.epoch = self.at = 0  # done: steps, epochs, and rows of the running epoch
        self.sum = self.weight = 0.0  # of the losses of that epoch, and of its rows
        self.lr = args.lr
        self.now = self.best = None  # what held-out rows say of the weights as they are, and of the best
        self.loss = 0.0  # of the last epoch, whole or not
        self.ended = ""  # why patience ended the training

    def run(self) -> None:
        """Trains to the end, or until patience or a signal ends it."""
        while self.step < self.steps and not self.ended:
            self.run_epoch()
            self.epoch, self.at = self.epoch + 1, 0
            line = f"epoch {self.epoch}/{self.epochs}  loss {short(self.loss)}"
            if len(self.data.valid):
                self.now = self.judge(self.data.valid)
                self.keep_if_best()
                line += f"  valid loss {self.now.whole()}{self.now.spelled()}"
            #+ plateau
            self.lr = self.plateau.next(self.lr, self.now.loss if self.now else self.loss)
            #- plateau
            note(line)
            self.sum = self.weight = 0.0
            self.ended = self.patience.ends(self.now)
            save_checkpoint(self)
            if self.ended:
                note(f"stopped after epoch {self.epoch}: {self.ended}")
            if self.signals.agreed:
                raise Interrupted

    def run_epoch(self) -> None:
        """Takes the rows in the epoch's order, a batch at a time; the last batch may be smaller, and the last step may
        have fewer batches."""
        order, size = self.data.order(self.epoch), self.args.batch * self.each
        self.model.train()
        while self.at < len(order) and self.step < self.steps:
            self.take(order, min(self.at + size, len(order)))
            if self.at == len(order) or self.step == self.steps:
                return
            if self.signals.agreed:
                raise Interrupted
            if self.args.checkpoint_every and self.step % self.args.checkpoint_every == 0:
                save_checkpoint(self)

    def take(self, order, end: int) -> None:
        """One step, of the rows of the order up to end."""
        began, said = self.at, []
        for at in range(began, end, self.args.batch):
            batch = order[at : min(at + self.args.batch, end)]
            first, last = len(batch) * RANK // WORLD, at + len(batch) == end
            MOMENT.update(seed=self.args.seed, step=self.step, row=at - began + first)
            #+ dropout
            if not EXACT_DROPOUT:
                torch.manual_seed(Stream(self.args.seed, f"dropout.{self.step}.{at}.{RANK}").key)
            #- dropout
            inputs, targets, weights = self.data.gather(share(batch), self.epoch, at + first)
            with nullcontext() if last or WORLD == 1 else self.parallel.no_sync():
                parts = losses(as_tuple(self.parallel(*inputs)), targets, inputs, weights)
                objective, numbers = self.joined(parts, len(share(batch)) if weights is None else weights.sum())
                (objective * (len(batch) / (end - began))).backward()
            said.append(numbers)
        self.check(torch.stack(said), began, end)
        #+ clip_norm
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        #- clip_norm
        #+ clip_value
        nn.utils.clip_grad_value_(self.model.parameters(), CLIP)
        #- clip_value
        for group in self.optimiser.param_groups:
            group["lr"] = rate(self.lr, self.step, self.steps, self.per_epoch)
        self.optimiser.step()
        self.optimiser.zero_grad()
        #+ average
        self.average.update_parameters(self.model)
        #- average
        self.step, self.at = self.step + 1, end

    def joined(self, parts, weight) -> tuple[torch.Tensor, torch.Tensor]:
        """What this process differentiates of a batch; and of all processes the loss, how much the batch counts in the
        epoch's, and whether a signal has come."""
        counts = [torch.as_tensor(count, **PLACE) for _, _, count in parts]
        sums = total(*(s for _, s, _ in parts), *counts, torch.as_tensor(weight, **PLACE),
                     torch.as_tensor(self.signals.number, **PLACE))
        loss = objective = 0.0
        for (share_of, s, _), whole, count in zip(parts, sums, sums[len(parts) :]):
            scale = torch.where(count > 0, share_of / count, 0.0)  # the mean of nothing is 0
            loss = loss + whole * scale
            # DistributedDataParallel takes the mean of the processes' gradients. Times WORLD it is their sum, and so
            # the gradient of the mean over the whole batch, however unevenly its rows are shared out.
            objective = objective + s * (WORLD * scale).to(s.dtype)
        return objective, torch.stack([loss, *sums[-2:]])

    def check(self, said: torch.Tensor, began: int, end: int) -> None:
        """Refuses a step whose loss or a gradient is not finite, before any parameter changes."""
        gradients = [p.grad.isfinite().all() for p in self.model.parameters() if p.grad is not None]
        finite = torch.stack(gradients).all().to(said.dtype)
        *batches, (finite, _, _) = torch.cat([said, finite.expand(1, 3)]).tolist()  # here alone a GPU is waited for
        wrong = "" if finite else "a gradient is not a finite number"
        for loss, _, _ in batches:
            if not math.isfinite(loss):
                wrong = f"the loss is {'NaN' if math.isnan(loss) else short(loss)}"
        if wrong:
            raise Diverged(f"step {self.step + 1} (epoch {self.epoch + 1}, its rows {began + 1} to {end}): {wrong}, so "
                           f"training has stopped: {ADVICE}")
        for loss, weight, signals in batches:
            self.sum, self.weight = self.sum + loss * weight, self.weight + weight
            self.signals.agreed |= signals > 0
        self.loss = self.sum / self.weight if self.weight else 0.0

    # What rows that did not train say.

    def judged(self) -> nn.Module:
        """The model that is judged and saved."""
        #+ average
        return self.average.module
        #- average
        #+ !average
        return self.model
        #- !average

    @torch.no_grad()
    def judge(self, rows) -> "Judgement":
        """The losses and metrics of rows, which the processes share."""
        model, mine = self.judged(), share(rows)
        model.eval()
        sums, measures = 0, metrics()
        #+ report
        reports = [Report(TARGETS[of], self.codec, of) for _, of in JUDGED]
        #- report
        for at in range(0, max(len(mine), 1), self.args.batch):  # once at least: of no rows too
            inputs, targets, weights = self.data.gather(mine[at : at + self.args.batch], None, None)
            outputs = as_tuple(model(*inputs))
            parts = losses(outputs, targets, inputs, weights)
            pairs = [torch.as_tensor(n, **PLACE).double() for _, s, count in parts for n in (s, count)]
            sums = sums + torch.stack(pairs)
            compared = [Compared(outputs[output], truth(of, inputs, targets), TARGETS[of], self.units[of])
                        for output, of in JUDGED]
            for _, judged, measure in measures:
                measure.add(compared[JUDGED.index(judged)])
            #+ report
            for report, both in zip(reports, compared):
                report.add(both)
            #- report
        model.train()
        means = [s / count if count else 0.0 for s, count in summed(sums).reshape(-1, 2).tolist()]
        loss = sum(weight * mean for (weight, _, _), mean in zip(parts, means))
        each = [(name, mean_of([m for n, m in zip(LOSSES, means) if n == name])) for name in dict.fromkeys(LOSSES)]
        said = Judgement(len(rows), loss, each, [(name, measure.value()) for name, _, measure in measures])
        #+ report
        said.reports = [table for report in reports for table in report.tables()]
        #- report
        return said

    def keep_if_best(self) -> None:
        """Keeps the weights if their held-out loss is smaller than that of any epoch before."""
        if not math.isfinite(self.now.loss) or self.best and self.now.loss >= self.best["valid"].loss:
            return
        weights = snapshot(self.judged())
        if not_finite(weights) is None:
            self.best = {"epoch": self.epoch, "step": self.step, "valid": self.now, "weights": weights}
