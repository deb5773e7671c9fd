# needs: wave


def one_cycle(lr: float, step: int, steps: int, rise: float, div: float, final_div: float) -> float:
    """Up from lr/div to lr over a part of all steps, then down to lr/(div·final_div): PyTorch's OneCycleLR."""
    top = rise * steps - 1
    if top > 0 and step <= top:
        return wave(lr / div, lr, step / top)
    return wave(lr, lr / (div * final_div), max(step - top, 0) / (steps - 1 - top))
