"""Chooses which neurons stay, and fits what reads them so that it answers as before: ridge regression."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Places = NDArray[np.int64]

ROUNDS = 64
"""Neurons go in at most so many rounds: costs are weighed anew after each."""

CONSTANT = 1e-12
"""A feature whose variance is below this share of its mean square is constant: what is left is rounding."""

NO_VARIANCE = 1e-30
"""Smallest ridge, so that the equations can be solved where no feature varies."""


@dataclass(frozen=True)
class Reading:
    """What a consumer reads and makes of it.

    Parameters
    ----------
    moments
        float64 [features + 1, features + 1], mean of `a aᵀ` with a = [features, 1], ordered by neuron.
    weight
        float64 [features, outputs].
    has_bias
        Whether a constant can be added to what the consumer makes.
    """

    moments: Matrix
    weight: Matrix
    has_bias: bool

    @property
    def mean(self) -> Matrix:
        """Return the mean of each feature: float64 [features]."""
        return np.asarray(self.moments[-1, :-1])

    def spread(self) -> Matrix:
        """Return what is lost by leaving features out: their covariance, or without bias their mean squares."""
        second = self.moments[:-1, :-1]
        if not self.has_bias:
            return second.copy()
        centred = second - np.outer(self.mean, self.mean)
        constant = np.diag(centred) <= CONSTANT * np.diag(second)
        centred[constant, :] = 0
        centred[:, constant] = 0
        return centred


@dataclass(frozen=True)
class Fit:
    """New weight of a consumer, float64 [features that stay, outputs], and what is added to its bias, [outputs]."""

    weight: Matrix
    bias: Matrix


def features_at(neurons: Places, count: int) -> Places:
    """Return the features of neurons that have `count` features each."""
    return np.asarray((neurons[:, None] * count + np.arange(count)).reshape(-1))


def ridge_of(spread: Matrix, ridge: float) -> float:
    """Return what is added to the diagonal: a share of the mean variance of a feature."""
    return max(ridge * float(np.trace(spread)) / len(spread), NO_VARIANCE)


def neurons_to_keep(readings: Sequence[Reading], width: int, keep: int, ridge: float) -> Places:
    """Return the `keep` neurons that are missed most, sorted.

    Neurons go in rounds. The cost of a neuron is the mean square of what consumers make that is lost by it after
    all others were refitted: `Wₖᵀ (C⁻¹)ₖₖ⁻¹ Wₖ`, the optimal brain surgeon's (Hassibi and Stork, 1993) for rows.
    """
    states = [state_of(reading, ridge) for reading in readings]
    alive = np.arange(width, dtype=np.int64)
    each = -(-(width - keep) // ROUNDS)
    while len(alive) > keep:
        costs = np.sum([costs_of(*state, width, alive) for state in states], axis=0)
        order = np.argsort(costs, kind="stable")
        gone = alive[order[: min(each, len(alive) - keep)]]
        for inverse, weight in states:
            make_up(inverse, weight, features_at(gone, len(weight) // width))
        alive = np.setdiff1d(alive, gone)
    return alive


def state_of(reading: Reading, ridge: float) -> tuple[Matrix, Matrix]:
    """Return the inverse of the spread and the weight, both to be changed while neurons go."""
    spread = reading.spread()
    spread[np.diag_indices(len(spread))] += ridge_of(spread, ridge)
    return np.asarray(np.linalg.inv(spread)), reading.weight.copy()


def costs_of(inverse: Matrix, weight: Matrix, width: int, alive: Places) -> Matrix:
    """Return what is lost with each neuron that is left: float64 [alive]."""
    count = len(weight) // width
    if count == 1:
        return np.asarray((weight[alive] ** 2).sum(1) / np.diag(inverse)[alive])
    blocks = inverse.reshape(width, count, width, count)[alive, :, alive, :]
    rows = weight.reshape(width, count, -1)[alive]
    return np.asarray((rows * np.linalg.solve(blocks, rows)).sum((1, 2)))


def make_up(inverse: Matrix, weight: Matrix, away: Places) -> None:
    """Take features out of both: the others make up for them. The places of those that are out mean nothing."""
    share = np.linalg.solve(inverse[np.ix_(away, away)], inverse[away]).T
    weight -= share @ weight[away]
    inverse -= share @ inverse[away]


def fitted(reading: Reading, neurons: Places, width: int, ridge: float) -> Fit:
    """Return the weight of the neurons that stay with which the consumer answers as before, as nearly as can be.

    The mean square of the difference is made smallest, with a ridge that holds the weight near the old one. What
    the missing neurons gave on average goes into the bias. Nothing changes where they gave nothing else.
    """
    count = len(reading.weight) // width
    stay = features_at(neurons, count)
    away = np.setdiff1d(np.arange(len(reading.weight)), stay)
    spread, old = reading.spread(), reading.weight
    new = old[stay]
    if (np.diag(spread)[away] * np.abs(old[away]).sum(1)).any():
        held = ridge_of(spread, ridge) * np.eye(len(stay))
        across = spread[np.ix_(stay, away)] @ old[away]
        new = new + np.linalg.solve(spread[np.ix_(stay, stay)] + held, across)
    bias = np.zeros(old.shape[1])
    if reading.has_bias:
        bias = reading.mean[away] @ old[away] + reading.mean[stay] @ (old[stay] - new)
    return Fit(new, bias)


def loss(reading: Reading, fit: Fit, neurons: Places, width: int) -> float:
    """Return the mean square of the difference that a fit makes on the rows of `reading`, per output."""
    stay = features_at(neurons, len(reading.weight) // width)
    change = np.vstack([reading.weight, np.zeros((1, reading.weight.shape[1]))])
    change[stay] -= fit.weight
    change[-1] -= fit.bias
    return float((change * (reading.moments @ change)).sum()) / int(change.shape[1])


RIDGES = (1e-3, 1e-2, 1e-1)
"""Ridges that are tried, as shares of the mean variance of a feature."""

FIRST_RIDGE = 1e-2
"""The ridge where nothing can be tried, for want of samples."""


def best_ridge(folds: Sequence[Sequence[Reading]], neurons: Places, width: int) -> float:
    """Return the ridge whose fit on each fold loses least on the other.

    Parameters
    ----------
    folds
        For each fold, what each consumer reads. With a single fold nothing is tried.
    """
    if len(folds) < 2:
        return FIRST_RIDGE

    def lost(ridge: float) -> float:
        losses = [
            loss(judge, fitted(teacher, neurons, width, ridge), neurons, width)
            for one, other in ((0, 1), (1, 0))
            for teacher, judge in zip(folds[one], folds[other], strict=True)
        ]
        return float(np.sum(losses))

    return min(RIDGES, key=lost)


def chosen(
    readings: Sequence[Reading], folds: Sequence[Sequence[Reading]], width: int, keep: int
) -> tuple[Places, list[Fit]]:
    """Return the neurons that stay and the fit of each consumer."""
    ridge = best_ridge(folds, loudest(readings, width, keep), width)
    neurons = neurons_to_keep(readings, width, keep, ridge)
    return neurons, [fitted(reading, neurons, width, ridge) for reading in readings]


def loudest(readings: Sequence[Reading], width: int, keep: int) -> Places:
    """Return the neurons that give most, whatever others could make up for: the ridge is chosen with these."""
    given = [np.diag(reading.spread()) * (reading.weight**2).sum(1) for reading in readings]
    score = np.sum([features.reshape(width, -1).sum(1) for features in given], axis=0)
    return np.sort(np.argsort(score, kind="stable")[-keep:])
