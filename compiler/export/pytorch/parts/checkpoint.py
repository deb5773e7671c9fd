# needs: processes weights
import os

import torch

# ---- Checkpoints: all that a training needs to go on as if nothing had happened --------------------------------------


def save_checkpoint(training: "Training") -> None:
    """Writes a checkpoint, whole or not at all."""
    path = training.args.checkpoint
    if not path or RANK:
        return
    stored = {
        "of": "{{Model}}", "settings": settings(training),
        "model": training.model.state_dict(), "optimiser": training.optimiser.state_dict(),
        "codec": training.data.codec,
        "steps": training.steps, "step": training.step, "epoch": training.epoch, "at": training.at, "lr": training.lr,
        "sum": training.sum, "weight": training.weight, "loss": training.loss, "ended": training.ended,
        "now": training.now and vars(training.now),
        "best": training.best and {**training.best, "valid": vars(training.best["valid"])},
        "patience": [training.patience.best, training.patience.bad],
        #+ average
        "average": training.average.state_dict(),
        #- average
        #+ plateau
        "plateau": vars(training.plateau),
        #- plateau
    }
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        torch.save(stored, beside)
        into_place(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.remove(beside)
        raise


# What may differ where a training goes on: where things lie, and how long it is.
FREE = {"data", "init", "save", "checkpoint", "resume", "quiet", "epochs", "steps", "patience", "last"}


def settings(training: "Training") -> dict:
    """What must be the same for a training to go on."""
    flags = {name: value for name, value in vars(training.args).items() if name not in FREE}
    return flags | {"rows": len(training.data.train)}


def read_checkpoint(path: str) -> dict:
    try:
        stored = torch.load(path, map_location="cpu", weights_only=True)  # nothing in it is run
    except OSError:
        raise
    except Exception:
        raise SystemExit(f"{path}: it is no checkpoint, or no whole one")
    if not isinstance(stored, dict) or stored.get("of") != "{{Model}}":
        raise SystemExit(f"{path}: it is no checkpoint of {{Model}}")
    return stored


def resume(training: "Training", stored: dict) -> None:
    """Lets a training go on from where a checkpoint has it."""
    path = training.args.resume
    for name, value in settings(training).items():
        if stored["settings"].get(name) != value:
            raise SystemExit(f"{path} is of a training with {name} {stored['settings'].get(name)}, and this one has "
                             f"{value}: write the flags that it had")
    done, then, now = stored["step"], stored["steps"], training.steps
    if done > now:
        raise SystemExit(f"{path} has {done} steps, and this training has {now} in all: give it more --epochs or --steps")
    each = training.per_epoch
    if any(rate(1.0, step, then, each) != rate(1.0, step, now, each) for step in range(done)):
        raise SystemExit(f"{path} is of a training of {then} steps, over which the learning rate changes, and this one "
                         f"has {now}: write the --epochs or --steps that it had")
    try:
        training.model.load_state_dict(stored["model"])
        training.optimiser.load_state_dict(stored["optimiser"])
        #+ average
        training.average.load_state_dict(stored["average"])
        #- average
        #+ plateau
        vars(training.plateau).update(stored["plateau"])
        #- plateau
    except KeyError as name:
        raise SystemExit(f"{path} is of a program without {name}: go on with that one")
    except (RuntimeError, ValueError) as error:
        raise SystemExit(f"{path} does not fit the model: {error}")
    for name in ("step", "epoch", "at", "lr", "sum", "weight", "loss", "ended"):
        setattr(training, name, stored[name])
    training.now = stored["now"] and judgement_of(stored["now"])
    training.best = stored["best"] and {**stored["best"], "valid": judgement_of(stored["best"]["valid"])}
    training.patience.best, training.patience.bad = stored["patience"]
    note(f"going on from {path}: {counted(training.step, 'step')} done")


def judgement_of(stored: dict) -> "Judgement":
    said = Judgement(0, 0.0, [], [])
    vars(said).update(stored)
    return said
