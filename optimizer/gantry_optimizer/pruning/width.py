"""How many neurons stay."""

from .layers import LayerKind

MULTIPLES = {"linear": (8, 4, 2, 1), "convolution": (8, 4, 2, 1)}
"""Widths are rounded to the largest of these that is small beside them: onnxruntime computes 8 to 16 numbers at a
time, and its convolutions take another path where channels are no multiple of 8."""

SMALL = 16
"""A width is at least so many times the multiple that it is rounded to, so that the ratio stays near what was asked."""


def multiple_of(width: int, kind: LayerKind) -> int:
    """Return the multiple that a width is rounded to."""
    return next((multiple for multiple in MULTIPLES[kind] if width >= SMALL * multiple), 1)


def kept_width(width: int, ratio: float, kind: LayerKind) -> int:
    """Return how many of `width` neurons stay when the share `ratio` goes: at least one multiple."""
    multiple = multiple_of(width, kind)
    return max(multiple, round(width * (1 - ratio) / multiple) * multiple)
