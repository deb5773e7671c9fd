# needs: loop
import math
import os

import torch

# ---- The end of a training: which weights stay, what is said of them, and where they go ------------------------------


def finish(training: Training, ended: Exception | None) -> None:
    """Chooses the weights, judges, saves, and sums up."""
    args, data, best = training.args, training.data, training.best
    diverged = isinstance(ended, Diverged)
    if isinstance(ended, Interrupted):
        note(f"interrupted after step {training.step}")
        save_checkpoint(training)
    elif not diverged and best and (spoiled := not_finite(snapshot(training.judged()))):
        diverged, ended = True, Diverged(f"after step {training.step}, {spoiled}: {ADVICE}")
    if diverged and not best:
        raise SystemExit(str(ended))
    if best and (diverged or not args.last):
        weights, valid = best["weights"], best["valid"]
        kept = (f"of epoch {best['epoch']} of {training.epochs}, whose held-out loss was the smallest: these rows "
                "chose it")
        put(training.judged(), weights)
    else:
        weights = snapshot(training.judged())
        valid = training.judge(data.valid) if len(data.valid) else None
        whole = training.step in (training.steps, training.epoch * training.per_epoch)
        kept = f"of epoch {training.epoch}, the last" if whole else f"after step {training.step}, the last"
    test = training.judge(data.test) if len(data.test) else None
    if spoiled := not_finite(weights):
        raise SystemExit(f"after step {training.step}, {spoiled}; no weights were saved: {ADVICE}")
    if RANK == 0:
        print(summary(training, kept, valid, test, written(weights, args, data)), end="", flush=True)
    if diverged:
        raise SystemExit(f"{ended}; the weights of epoch {best['epoch']} are kept, the best before")


def written(weights: dict[str, torch.Tensor], args, data) -> str:
    """Saves weights, and says where."""
    path, earlier = {{saved}} if args.save is None else args.save, ""
    if not path:
        return ""
    if args.save is None:  # nobody has named the file, so what stands there stays
        earlier = keep_earlier(path)
    try:
        save(weights, path, data)
    except BaseException:
        if earlier:
            os.remove(earlier)  # it has its own name still
        raise
    return f"saved {path}\n" + (f"the earlier {path} is kept as {earlier}\n" if earlier else "")


@torch.no_grad()
def put(model: nn.Module, weights: dict[str, torch.Tensor]) -> None:
    for name, tensor in tensors(model).items():
        tensor.copy_(weights[name])


def summary(training: Training, kept: str, valid: Judgement | None, test: Judgement | None, saved: str) -> str:
    rows, steps = counted(len(training.data.train), "row"), counted(training.step, "step")
    text = f"trained on {rows}, {steps}: loss {short(training.loss)}\n"
    if valid:
        text += f"held out {counted(valid.rows, 'row')}: loss {short(valid.loss)}{valid.spelled()}\n"
        text += f"kept the weights {kept}\n"
    if test:
        text += f"tested on {counted(test.rows, 'row')}: loss {short(test.loss)}{test.spelled()}\n"
        text += "report the figures of these rows, which neither trained nor chose\n"
    text += saved
    #+ report
    for title, said in (("held-out rows", valid), ("test rows", test)):
        text += scores(title, said) if said else ""
    #- report
    return text
