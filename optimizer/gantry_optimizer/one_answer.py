"""Samples with nearly one answer: there, the place of the largest score does not tell two models apart."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .samples import Array

Bools = NDArray[np.bool_]

ONE_ANSWER = 0.9
"""Share of rows with one answer from which on a model that always gives this answer would seem to agree."""

PART_OF_SPREAD = 0.1
"""Share of the spread over all rows within which scores are the same, where answers do not tell models apart."""

ROUNDING = 1e-4
"""Share of the largest number of an output: float32 has 7 digits, and a deep network loses two of them."""


@dataclass
class Scores:
    """What is summed over the rows of an output of scores; rows may differ in width, as those of texts do."""

    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    total: Array
    squares: Array
    largest: float = 0.0

    def widened(self, width: int) -> None:
        """Make room for rows of a width."""
        more = (0, max(0, width - len(self.places)))
        self.places, self.rows = np.pad(self.places, more), np.pad(self.rows, more)
        self.total, self.squares = np.pad(self.total, more), np.pad(self.squares, more)


def reaches_of(answers: Iterable[tuple[str, Array]]) -> dict[str, float]:
    """Return how far scores may be apart in outputs where nearly all rows have their largest score at one place.

    Equal places say nothing there: a model that has forgotten everything but this place has them, too. Generated
    inputs are often such, since noise looks like one class to a model of pictures.
    """
    sums: dict[str, Scores] = {}
    for name, rows in answers:
        width = rows.shape[-1]
        if rows.dtype.kind != "f" or width == 1 or not len(rows):
            continue
        known = np.where(np.isfinite(rows), rows, 0).astype(np.float64)
        empty = Scores(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
        one = sums.setdefault(name, empty)
        one.widened(width)
        one.places[:width] += np.bincount(places(rows), minlength=width)
        one.rows[:width] += len(rows)
        one.total[:width] += known.sum(axis=0)
        one.squares[:width] += np.square(known).sum(axis=0)
        one.largest = max(one.largest, float(np.abs(known).max(initial=0.0)))
    return {
        name: reach(one) for name, one in sums.items() if one.places.max() >= ONE_ANSWER * one.places.sum()
    }


def reach(scores: Scores) -> float:
    """Return the root mean square distance within which two rows are the same."""
    rows = scores.rows
    within = np.maximum(scores.squares - np.square(scores.total) / rows, 0)
    variance = within.sum() / rows.sum()
    return max(PART_OF_SPREAD * float(np.sqrt(variance)), ROUNDING * scores.largest)


def near_rows(first: Array, second: Array, distance: float) -> Bools:
    """Return bool [rows]: which rows are within a root mean square distance; numbers that are missing are no gap."""
    gaps = np.where(np.isfinite(first) & np.isfinite(second), first, 0).astype(np.float64)
    gaps -= np.where(np.isfinite(first) & np.isfinite(second), second, 0)
    return np.asarray(np.sqrt(np.square(gaps).mean(axis=-1)) <= distance)


def places(scores: Array) -> NDArray[np.int64]:
    """Return int64 [rows]: where the largest number of each row stands; NaN is never the largest."""
    return np.asarray(np.argmax(np.where(np.isnan(scores), -np.inf, scores), axis=-1))
