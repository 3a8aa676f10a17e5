"""How many neurons stay."""

from ..step import BlockKind

MULTIPLES = (8, 4, 2, 1)
"""Widths are rounded to the largest of these that is small beside them: onnxruntime computes 8 or 16 numbers at a
time, and packs the channels of pictures in eights or sixteens."""

SMALL = 16
"""A width is at least so many times its multiple, so that the ratio stays near what was asked."""


def multiple_of(width: int, kind: BlockKind) -> int:
    """Return the multiple that a width is rounded to; heads are counted one by one."""
    if kind == "heads":
        return 1
    return next((multiple for multiple in MULTIPLES if width >= SMALL * multiple), 1)


def kept_width(width: int, ratio: float, kind: BlockKind) -> int:
    """Return how many of `width` neurons stay when the share `ratio` goes: at least one multiple."""
    multiple = multiple_of(width, kind)
    return max(multiple, round(width * (1 - ratio) / multiple) * multiple)
