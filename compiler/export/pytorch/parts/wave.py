import math


def wave(first: float, last: float, progress: float) -> float:
    """Goes from one number to another along half a wave, as progress goes from 0 to 1."""
    return last + (first - last) * (1 + math.cos(math.pi * progress)) / 2
