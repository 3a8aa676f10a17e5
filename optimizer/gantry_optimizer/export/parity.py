"""Whether a graph answers what the model in its own library answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..failure import OptimizationError
from ..one_answer import ROUNDING
from ..runtime import open_session, run
from ..samples import Array, Feeds, Samples
from .source import Source
from .thresholds import rows_on_thresholds
from .tidy import INPUT, LABEL, PROBABILITIES

Kind = Literal["generated", "thresholds", "missing", "dataset"]

MOST_DIFFERENT = 0.001
"""Share of generated rows that may differ: behind a scaler a library calculates in float64 and the graph in float32, so
a row that lies on a threshold by chance may take another branch. Rows of a data set and on thresholds may not."""

MISSING = 0.2
"""Share of numbers that are missing in the rows that have missing numbers."""

ROWS = 256
"""Rows of a run."""


@dataclass(frozen=True)
class Parity:
    """How the answers of the graph differ from those of the library on one kind of inputs.

    Parameters
    ----------
    different
        Samples of which a number differs by more than rounding, or whose label is another one.
    largest_difference
        The largest absolute difference of a number.
    mean_difference
        The mean of the absolute differences.
    """

    kind: Kind
    samples: int
    different: int
    largest_difference: float
    mean_difference: float = 0.0


def parity(source: Source, samples: Samples, kind: Kind) -> Parity:
    """Compare the graph with the library."""
    session = open_session(source.model)
    different, largest, total, count = 0, 0.0, 0.0, 0
    for feeds in samples.batches(ROWS):
        theirs, ours = source.reference(feeds), run(session, feeds)
        rows, gap, mean = compared(theirs, ours)
        different, largest, count = different + int(rows.sum()), max(largest, gap), count + len(rows)
        total += mean * len(rows)
    return Parity(kind, count, different, largest, total / max(count, 1))


def compared(theirs: Feeds, ours: Feeds) -> tuple[NDArray[np.bool_], float, float]:
    """Return (bool [rows]: which differ, the largest difference, the mean difference)."""
    different = np.zeros(len(next(iter(theirs.values()))), dtype=np.bool_)
    largest, total, numbers = 0.0, 0.0, 0
    for name, value in theirs.items():
        mine = ours[name]
        if name == LABEL:
            different |= other_labels(value, mine) & clear(theirs)
            continue
        if mine.shape != value.shape:
            return np.ones_like(different), float("inf"), float("inf")
        first, second = value.astype(np.float64), mine.astype(np.float64)
        gaps = np.abs(np.where(np.isfinite(first) & np.isfinite(second), first - second, 0.0))
        rounding = ROUNDING * max(float(np.abs(first[np.isfinite(first)]).max(initial=0.0)), 1e-6)
        far = (gaps > rounding) | (np.isfinite(first) != np.isfinite(second))
        different |= far.reshape(len(far), -1).any(axis=1)
        largest = max(largest, float(gaps.max(initial=0.0)))
        total, numbers = total + float(gaps.sum()), numbers + gaps.size
    return different, largest, total / max(numbers, 1)


def other_labels(theirs: Array, ours: Array) -> NDArray[np.bool_]:
    """Return bool [rows]: where the labels are not the same, be they numbers or texts."""
    return np.array([str(a) != str(b) for a, b in zip(theirs, ours, strict=True)], dtype=np.bool_)


def clear(theirs: Feeds) -> NDArray[np.bool_]:
    """Return bool [rows]: where one class is ahead by more than rounding; a tie may be resolved either way."""
    best = np.sort(np.asarray(theirs[PROBABILITIES], dtype=np.float64), axis=1)
    return np.asarray(best[:, -1] - best[:, -2] > ROUNDING)


def tables(source: Source, generated: Samples) -> Iterator[tuple[Kind, Samples]]:
    """Yield the rows that a model of a table is compared on: around thresholds, on them, and with numbers missing."""
    rows = np.concatenate([feeds[INPUT] for feeds in generated.requests])
    yield "generated", generated
    exact = rows_on_thresholds(source.model, INPUT, rows)
    if exact is not None:
        yield "thresholds", as_samples(exact)
    missing = rows.copy()
    missing[np.random.default_rng(1).random(rows.shape) < MISSING] = np.nan
    try:
        source.reference({INPUT: missing[:2]})
    except ValueError:
        return  # the library takes no missing numbers, so nobody can miss its answers
    yield "missing", as_samples(missing)


def as_samples(rows: Array) -> Samples:
    """Return a sample for each row."""
    return Samples([{INPUT: rows[[place]]} for place in range(len(rows))], generated=True)


def require_parity(measured: Parity) -> None:
    """Raise where too many answers differ.

    Raises
    ------
    OptimizationError
        AgreementTooLow, with the numbers and what may be the reason.
    """
    allowed = MOST_DIFFERENT * measured.samples if measured.kind == "generated" else 0
    if measured.different <= allowed:
        return
    why = {
        "generated": "The converter does not express this model.",
        "thresholds": "Rows on thresholds of trees take another branch in float32.",
        "missing": "Missing numbers are answered differently. Give --no-missing-values where rows never have any.",
        "dataset": "Rows that lie on thresholds may take another branch in float32. Train on float32.",
    }
    raise OptimizationError(
        "AgreementTooLow",
        f"{measured.different} of {measured.samples} answers to {measured.kind} inputs differ from those of the"
        f" library, by up to {measured.largest_difference:.3g}. {why[measured.kind]}",
    )
