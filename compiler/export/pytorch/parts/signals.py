import os
import signal
import time

# ---- Signals: the first ends the training after the step at hand, a second at once -----------------------------------


class Signals:
    """What an interrupt does. Whether there was one, all processes agree upon in each step."""

    def __init__(self):
        self.number, self.first, self.agreed = 0, 0.0, False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.came)

    def came(self, number, _) -> None:
        if not self.number:
            self.number, self.first = number, time.monotonic()
        elif time.monotonic() - self.first > 0.3:  # a terminal and torchrun may both send the same one
            os._exit(128 + number)


class Interrupted(Exception):
    """A signal has ended the training."""


class Diverged(Exception):
    """The numbers of a training have left all bounds."""
