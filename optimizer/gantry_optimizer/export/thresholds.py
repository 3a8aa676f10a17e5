"""Thresholds of trees in float32, and rows that lie exactly on them.

Libraries compare a feature with a threshold of float64; ONNX compares numbers of float32. A threshold that is rounded
to the nearest float32 may move over a feature, which then takes the other branch: a different leaf, not a small
difference. For `<=`, the largest float32 that is not above the threshold gives every float32 feature the branch that
the float64 gave it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from onnx import ModelProto

from ..input_range import input_ranges
from ..samples import Array

MOST_ROWS = 4096
"""Rows on thresholds; a large ensemble has more thresholds, of which so many are drawn."""


def rounded_down(values: ArrayLike) -> NDArray[np.float64]:
    """Return the largest float32 that is not above each value, as float64; NaN and infinities stay."""
    wide: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    with np.errstate(over="ignore"):
        near = wide.astype(np.float32)
    below = np.nextafter(near, np.float32(-np.inf))
    return np.where(near.astype(np.float64) > wide, below, near).astype(np.float64)


def rows_on_thresholds(model: ModelProto, name: str, rows: Array, seed: int = 0) -> Array | None:
    """Return rows with one feature on a threshold, or beside it.

    Parameters
    ----------
    name
        The input that the trees read.
    rows
        float32 [n, features]; the other features are taken from them.

    Returns
    -------
    ndarray or None
        float32 [m, features]: each threshold, the next float32 above and the next below. None where no tree reads
        the input as it comes, such as behind a scaler.
    """
    thresholds = input_ranges(model)[name].thresholds
    if not thresholds:
        return None
    pairs = [
        (feature, value)
        for feature, values in thresholds.items()
        for value in np.unique(values[np.abs(values) < np.finfo(np.float32).max])
    ]
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(pairs))[: MOST_ROWS // 3]
    made: Array = rows[rng.integers(0, len(rows), size=3 * len(chosen))].copy()
    for place, pair in enumerate(chosen):
        feature, value = pairs[pair][0], np.float32(pairs[pair][1])
        beside = (np.nextafter(value, np.float32(np.inf)), np.nextafter(value, np.float32(-np.inf)))
        made[3 * place : 3 * place + 3, feature] = (value, *beside)
    return made
