"""How long a format may look for its ranges and for the nodes that can have it."""

import time
from dataclasses import dataclass

CALIBRATION_SECONDS = 600
"""A graph of 2,000 products shows its ranges on 100 samples in some minutes; Entropy would take an hour."""

SEARCH_SECONDS = 1200
"""Trials of a large encoder take a few seconds each, and there are up to a hundred."""


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
