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


NO_MEMORY = ("allocate memory", "out of memory", "bad_alloc")
"""Words of onnxruntime, of PyTorch on processors and on CUDA, and of C++."""


def lacks_memory(error: BaseException) -> bool:
    """Return whether an error says that there is not enough memory."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, Exception) and any(words in str(error) for words in NO_MEMORY)
