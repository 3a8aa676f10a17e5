"""The right answers of samples: whole numbers, each a place among the classes, or -1 where none is known."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .failure import OptimizationError
from .runtime import Answers
from .samples import Samples

Labels = NDArray[np.int64]

LARGEST = 2**31
"""No output has so many classes; larger numbers are no places."""


def invalid(sentence: str) -> OptimizationError:
    """Return a failure that says what is wrong with the samples."""
    return OptimizationError("CalibrationInvalid", sentence)


def label_of(value: object, where: str) -> int:
    """Return a label that JSON has.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where it is no place of a class.
    """
    is_whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    if not is_whole or not -1 <= float(value) < LARGEST:  # type: ignore[arg-type]
        raise invalid(f"{where} has the label {value!r}. Labels are places of classes, counted from 0.")
    return int(value)  # type: ignore[call-overload, no-any-return]


def labels_of(values: NDArray[Any], where: str) -> Labels:
    """Return int64 [N] of an array of shape [N] or [N, 1].

    Raises
    ------
    OptimizationError
        CalibrationInvalid where it has another shape, or a number that is no place of a class.
    """
    if (
        values.ndim not in (1, 2)
        or (values.ndim == 2 and values.shape[1] != 1)
        or values.dtype.kind not in "fiu"
    ):
        raise invalid(
            f"{where} is {values.dtype} of the shape {list(values.shape)}. It has one whole number for each sample."
        )
    flat = values.reshape(-1)
    with np.errstate(invalid="ignore"):
        right = (flat == np.floor(flat)) & (flat >= -1) & (flat < LARGEST)
    if not right.all():
        wrong = flat[np.argmin(right)].item()
        raise invalid(f"{where} has the label {wrong!r}. Labels are places of classes, counted from 0.")
    return flat.astype(np.int64)


def require_classes(answers: Answers, samples: Samples) -> None:
    """Raise where a label can be no answer: whatever a graph loses, accuracy by such labels stays the same.

    Parameters
    ----------
    answers
        What the original graph says to the samples.

    Raises
    ------
    OptimizationError
        CalibrationInvalid, with the label and the number of classes.
    """
    if samples.expected is None or samples.class_output is None:
        return
    for answer, label in zip(answers, samples.expected, strict=True):
        classes = answer[samples.class_output].size
        if classes == 0:
            raise invalid(
                f"The output {samples.class_output} has no number for a sample. Check the data set."
            )
        if samples.answer == "argmax" and label >= classes:
            raise invalid(
                f"A sample has the label {label}, and {samples.class_output} has {classes} classes, counted from 0."
                " Check the labels."
            )


def beyond(answers: Answers, judging: Samples, others: Samples) -> NDArray[np.int64]:
    """Return int64 [places]: of the other samples, those whose label is beyond the fewest classes in `answers`.

    Parameters
    ----------
    answers
        What the original graph says to the judging samples.
    """
    if others.expected is None or judging.class_output is None or judging.answer != "argmax" or not answers:
        return np.empty(0, np.int64)
    fewest = min(answer[judging.class_output].size for answer in answers)
    return np.flatnonzero(others.expected >= fewest)
