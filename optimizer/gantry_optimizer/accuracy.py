"""The share of labelled samples that two models answer as their labels say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .agreement import widened
from .one_answer import places
from .runtime import Answers
from .samples import Answer, Samples

RESAMPLES = 2000
"""Enough for two digits of a 95 % interval."""


@dataclass(frozen=True)
class Accuracy:
    """Share of labelled samples whose answer is the label; `interval` is that of the difference, 95 %."""

    before: float
    after: float
    difference: float
    interval: tuple[float, float]
    samples: int


def accuracy(before: Answers, after: Answers, samples: Samples) -> Accuracy | None:
    """Compare both with the labels; None where the samples have no labels."""
    if samples.expected is None or samples.class_output is None:
        return None
    known = samples.expected >= 0
    if not known.any():
        return None
    labels = samples.expected[known]
    right = [
        (answered(side, samples.class_output, samples.answer)[known] == labels).astype(np.int64)
        for side in (before, after)
    ]
    return Accuracy(
        float(right[0].mean()),
        float(right[1].mean()),
        float(right[1].mean() - right[0].mean()),
        paired_interval(right[1] - right[0]),
        int(known.sum()),
    )


def answered(answers: Answers, output: str, answer: Answer) -> NDArray[np.int64]:
    """Return int64 [samples]: the place of the largest score of each, or its one value; -2 where that is no number."""
    if answer == "argmax":
        chosen = [places(widened(one[output]).reshape(1, -1))[0] for one in answers]
    else:
        chosen = [whole_number(one[output].reshape(-1)[0]) for one in answers]
    return np.array(chosen, dtype=np.int64)


def whole_number(value: float) -> int:
    """Return the nearest whole number of an answer; -2, which no label is, where it is no number."""
    return round(float(value)) if np.isfinite(value) else -2


def paired_interval(differences: NDArray[np.int64]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean of differences that are -1, 0 or 1.

    Drawing samples with replacement is drawing how many of each value there are, so a multinomial draw is enough.
    """
    count = len(differences)
    shares = np.array([(differences == value).mean() for value in (-1, 0, 1)])
    drawn = np.random.default_rng(0).multinomial(count, shares / shares.sum(), size=RESAMPLES)
    means = (drawn[:, 2] - drawn[:, 0]) / count
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
