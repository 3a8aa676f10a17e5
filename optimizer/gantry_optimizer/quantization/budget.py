"""How long a format may look for its ranges and for the nodes that can have it."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from ..failure import OptimizationError

CALIBRATION_SECONDS = 600
"""A graph of 2,000 products shows its ranges on 100 samples in some minutes; Entropy would take an hour."""

SEARCH_SECONDS = 1200
"""Trials of a large encoder take a few seconds each, and there are up to a hundred."""

BUILD_SECONDS = 300
"""One model. The tool for int8-static searches its lists again for each node: 2,000 nodes take it longer."""


@dataclass(frozen=True)
class Budget:
    """Time that may be taken; what has begun then is ended.

    Parameters
    ----------
    begun
        Seconds of the monotonic clock.
    """

    seconds: float
    begun: float

    def is_over(self) -> bool:
        """Return whether the time has passed."""
        return time.monotonic() - self.begun >= self.seconds

    def says(self) -> str:
        """Return the time for a sentence."""
        return f"{self.seconds / 60:.0f} minutes"


def budget_of(seconds: float) -> Budget:
    """Return a budget that begins now."""
    return Budget(seconds, time.monotonic())


class OutOfTime(BaseException):
    """The time of a build has passed. Whatever tools do about errors, none of them keeps this one."""


@contextmanager
def within(seconds: float, failure: OptimizationError) -> Iterator[None]:
    """Raise `failure` where the block takes longer, and is Python in the main thread; C code ends first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> NoReturn:
        del number, frame
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except OutOfTime:
        raise failure from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
