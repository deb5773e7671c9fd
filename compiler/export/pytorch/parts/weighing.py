# needs: processes split
import numpy as np

# ---- How much rows count: by a column, by their class, or both -------------------------------------------------------

#+ classes
BALANCED = {{balanced}}  # the class_weights of the spec: "balanced", "own" for a list, or None
#- classes


def weighing_arguments(parser) -> None:
    """Adds the flags for classes out of balance, where rows have classes."""
    #+ classes
    parser.add_argument("--balance", action="store_true", help="draw the rows of each class equally often")
    parser.add_argument("--class-weights", choices=["balanced"], help="rare classes count for as much as frequent ones")
    #- classes


def balanced_weights(args, classes):
    """The weight of each class, n/(C·nₖ) of the n rows to train on, nₖ being of class k; None where all count alike.
    classes are those of the rows to train on, None where the only target is no class."""
    #+ classes
    check_balance(args, classes)
    balance = "class_weights=balanced" if BALANCED == "balanced" else "--class-weights" if args.class_weights else ""
    flag = balance or "--balance" * args.balance
    if flag and BALANCED == "own":
        raise SystemExit(f"{flag} and the class_weights of the spec would balance classes twice: leave one of them out")
    if balance and args.balance:
        raise SystemExit(f"--balance and {balance} would balance classes twice: leave one of them out")
    if balance and classes is None:
        raise SystemExit(f"{balance} is for models with one target, a class in each row")
    if balance:
        rows = np.bincount(classes[classes != IGNORED], minlength=TARGETS[0]["count"])
        return (rows.sum() / (len(rows) * np.maximum(rows, 1).astype(np.float64))).astype(np.float32)
    #- classes
    return None


def row_weights(own, classes, of_class):
    """How much each row counts: by a column of its own, which may be None, times its class's weight; 0 of a class that
    is ignored. None where all count alike."""
    #+ classes
    if own is not None or of_class is not None:
        weights = np.ones(len(classes), dtype=np.float32) if own is None else own.copy()
        if of_class is not None:
            weights *= np.where(classes == IGNORED, np.float32(1), of_class[np.maximum(classes, 0)])
        if classes is not None:
            weights[classes == IGNORED] = 0
        return weights
    #- classes
    return own


def row_classes(values, target: dict):
    """The class of each row where the only target is one class or flag; else None. IGNORED where it does not count."""
    #+ classes
    if len([other for other in TARGETS if not other.get("input")]) == 1 and np.prod(target["shape"]) == 1:
        values = np.asarray(values).reshape(-1)
        if target["kind"] == "class":
            return np.where(values == target.get("left_out", IGNORED), IGNORED, values).astype(np.int64)
        if target["kind"] == "flag" and np.isin(values, (0, 1)).all():
            return values.astype(np.int64)
    #- classes
    return None
