"""Why an optimization ends without a model."""

from typing import Literal, get_args

Reason = Literal[
    "OptimizationUnsupported",
    "NothingToOptimize",
    "CalibrationInvalid",
    "OptimizationOutOfMemory",
    "AgreementTooLow",
    "AccuracyDropped",
    "NotComparable",
    "VolumeFull",
    "OptimizationFailed",
]
"""The reasons of contract/documents.schema.json, definition OptimizationFailure."""

REASONS: tuple[Reason, ...] = get_args(Reason)


class OptimizationError(Exception):
    """An optimization that ends without a model.

    Parameters
    ----------
    reason
        One word, also the reason of the condition on the resource.
    sentence
        Says to a user what happened and what to do next.
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason
        self.sentence = sentence
