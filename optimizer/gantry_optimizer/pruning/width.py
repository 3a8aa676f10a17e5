"""How many neurons stay."""

from collections.abc import Mapping

from ..step import BlockKind

MULTIPLES: Mapping[BlockKind, tuple[tuple[int, int], ...]] = {
    "linear": ((64, 8), (32, 4), (16, 2)),
    "convolution": ((16, 16), (4, 4)),
    "heads": (),
}
"""Bounds, and the multiple that new widths from a bound on are rounded to.

onnxruntime computes channels in blocks of 16 where the processor has AVX-512, and of 8 with AVX2: 33 to 48 channels
take as long as 48, and counts that 4 does not divide take longer than more channels (`bench/pruning.py`). Matrices take
8 or 16 columns at a time. Small widths are rounded to less, so that the ratio stays near what was asked.
"""


def multiple_of(width: float, kind: BlockKind) -> int:
    """Return the multiple that a new width is rounded to; heads are counted one by one."""
    return next((multiple for bound, multiple in MULTIPLES[kind] if width >= bound), 1)


def kept_width(width: int, ratio: float, kind: BlockKind) -> int:
    """Return how many of `width` neurons stay when the share `ratio` goes: at least one."""
    wanted = width * (1 - ratio)
    multiple = multiple_of(wanted, kind)
    return max(1, round(wanted / multiple) * multiple)
