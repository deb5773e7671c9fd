# needs: finish
import argparse
import os
import sys

import torch
import torch.distributed as dist

# ---- The command line ------------------------------------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     allow_abbrev=False, conflict_handler="resolve")
    add = parser.add_argument
    add("--data", required=True, action="append", metavar="FILE",
        help="the data; NAME=FILE is that of an input or a target")
    add("--epochs", type=whole, metavar="N", help="how often to see all rows ({{epochs}})")
    add("--steps", type=whole, metavar="N", help="steps in total; wins over epochs")
    add("--batch", type=whole, metavar="ROWS", default={{batch}}, help="rows of a step, over all processes (%(default)s)")
    add("--lr", type=float, metavar="RATE", default={{lr}}, help="the learning rate (%(default)s)")
    add("--seed", type=int, default={{seed}}, help="of the initial weights, the masks and the order of rows (%(default)s)")
    add("--patience", type=whole, metavar="N", help="stop after N epochs in a row without a smaller held-out loss")
    add("--init", metavar="FILE", default={{init}}, help="weights to start from, of nnc or of this program")
    add("--save", metavar="FILE",
        help="where the weights go ({{save}}, an earlier one being kept); --save= saves none")
    add("--last", action="store_true", help="save the last weights rather than those of the smallest held-out loss")
    add("--checkpoint", metavar="FILE", help="write after every epoch all that --resume needs")
    add("--checkpoint-every", type=whole, metavar="STEPS", help="write it after so many steps, too")
    add("--resume", metavar="FILE", help="go on from a checkpoint, on the same data with the same flags, and write it on")
    add("--float64", action="store_true", help="compute in float64, where the number of processes is no matter")
    #+ dropout
    add("--dropout", choices=["nnc", "torch"], default="nnc", help="whose masks: torch's are faster, and others")
    #- dropout
    add("--quiet", action="store_true", help="show the result and what is wrong, and nothing else")
{{readerArguments}}
    args = parser.parse_args()
    #+ steps
    if args.steps is None and args.epochs is None:
        args.steps = {{steps}}
    #- steps
    args.epochs = args.epochs or {{epochs}}
    args.checkpoint = args.checkpoint or args.resume
    for flag, path in (("--save", args.save), ("--checkpoint", args.checkpoint)):
        if path and not os.path.isdir(folder := os.path.dirname(path) or "."):
            parser.error(f"{flag} {path}: there is no folder {folder}")
    if args.resume and args.init:
        parser.error("--resume goes on from a checkpoint, and --init starts from weights: leave one of them out")
    if not (0 <= args.lr < float("inf")):
        parser.error(f"a learning rate of {args.lr}: it must be a number of at least 0")
    return args


def whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text}: write a whole number of at least 1")
    return int(text)


def main() -> None:
    global QUIET
    args = arguments()
    QUIET = args.quiet
    #+ dropout
    global EXACT_DROPOUT
    EXACT_DROPOUT = args.dropout == "nnc"
    #- dropout
    if torch.cuda.is_available():
        gpu, gpus = int(os.environ.get("LOCAL_RANK", 0)), torch.cuda.device_count()
        if gpu >= gpus:
            raise SystemExit(f"process {gpu + 1} of this machine has no GPU, of which there are {gpus}: start as many "
                             "processes as there are GPUs, or set CUDA_VISIBLE_DEVICES= to use none")
        PLACE["device"] = torch.device("cuda", gpu)
        torch.cuda.set_device(PLACE["device"])
        torch.backends.cudnn.allow_tf32 = False  # float32 is float32, as in nnc
    if args.float64:
        torch.set_default_dtype(torch.float64)
    if WORLD > 1:
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        code = train(args)
    except OSError as error:
        raise SystemExit(str(error))
    except KeyboardInterrupt:  # before the training: then Signals has it
        sys.exit(130)
    if WORLD > 1:
        dist.destroy_process_group()
    sys.exit(code)


def train(args) -> int:
    """Trains, and returns the exit code."""
    stored = read_checkpoint(args.resume) if args.resume else None
    model = {{Model}}()
    start(model, args.seed)
    codec = load(model, args.init).get("nnc.codec") if args.init else stored and stored["codec"]
    data = read(args, codec and json.loads(codec))
    data.place = {"dtype": torch.get_default_dtype(), **PLACE}
    for text in getattr(data, "notes", []):
        note(text)
    training = Training(args, model.to(**data.place), data)
    if stored:
        resume(training, stored)
    #+ plateau
    if not len(data.valid):
        note("the `schedule` goes by the training loss, since no rows are held out: hold some out, as with "
             "--valid 0.1, to have it go by theirs")
    #- plateau
    ended = None
    try:
        training.run()
    except (Interrupted, Diverged) as why:
        ended = why
    finish(training, ended)
    return 128 + (training.signals.number or 2) if isinstance(ended, Interrupted) else 0


if __name__ == "__main__":
    main()
