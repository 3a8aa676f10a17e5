"""Arrays of float32 as whole numbers and scales, and back."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

BLOCK = 32
"""Values that share a scale in 4 bits: 5.1 bits a value with scales."""

SUMMING_FLAGS = frozenset(["avx512_vnni", "avx_vnni", "avx_vnni_int8", "asimddp", "amx_int8"])
"""Flags of /proc/cpuinfo of processors that add products of bytes in 32 bits."""


@dataclass(frozen=True)
class Blocks:
    """A matrix in 4 bits: `packed` two values a byte, a scale and a zero point for each block of a row.

    `packed` uint8 [rows, columns / 2], `scales` float32 [rows, blocks], `zeros` uint8 [rows, blocks / 2],
    rounded up.
    """

    packed: Bytes
    scales: Floats
    zeros: Bytes


def adds_in_32_bits(cpuinfo: str | None = None) -> bool:
    """Say whether this processor adds products of bytes without a limit of 16 bits.

    x86 processors without VNNI add pairs of them in 16 bits, and sums that do not fit are cut off.
    """
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8") if cpuinfo is None else cpuinfo
    words = set(text.split())
    return bool(words & SUMMING_FLAGS) or not words & {"sse2", "avx2"}


def columns_in_8_bits(values: Floats, pairs_fit: bool) -> tuple[NDArray[np.int8], Floats]:
    """Return int8 [rows, columns] and a scale of each column, float32 [columns]; zero stays zero.

    With `pairs_fit`, no sum of two products of neighbours in a column with numbers of 8 bits is over 16 bits:
    processors that add such pairs first cut off nothing. onnxruntime's `reduce_range` halves all weights
    for that; here only columns with two large neighbours get a coarser scale.
    """
    peaks = np.abs(values).max(axis=0, initial=0.0)
    if pairs_fit:
        even = values[: len(values) // 2 * 2]
        sums = np.abs(even[0::2] + even[1::2]).max(axis=0, initial=0.0)
        peaks = np.maximum(peaks, sums)
    scales = (np.where(peaks > 0, peaks, 1.0) / 127).astype(np.float32)
    return np.clip(np.rint(values / scales), -127, 127).astype(np.int8), scales


def rows_in_8_bits(values: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return int8 [rows, columns] and a scale of each row, float32 [rows, 1]."""
    whole, scales = columns_in_8_bits(np.ascontiguousarray(values.T), pairs_fit=False)
    return np.ascontiguousarray(whole.T), scales[:, None]


def rows_in_4_bits(values: Floats, block: int = BLOCK) -> Blocks:
    """Return a matrix in blocks of 4 bits; zeros are added to rows that end within a block."""
    values = np.pad(values, [(0, 0), (0, -values.shape[1] % block)])
    blocks = values.reshape(len(values), -1, block)
    low = np.minimum(blocks.min(axis=-1), 0)
    high = np.maximum(blocks.max(axis=-1), 0)
    steps = high - low
    scales = (np.where(steps > 0, steps, 1.0) / 15).astype(np.float32)
    zeros = np.clip(np.rint(-low / scales), 0, 15)
    whole = np.clip(np.rint(blocks / scales[..., None]) + zeros[..., None], 0, 15)
    return Blocks(two_a_byte(whole.reshape(values.shape)), scales, two_a_byte(zeros))


def two_a_byte(values: NDArray[np.floating]) -> Bytes:
    """Return numbers of 0 to 15, the first of two in the lower half of a byte."""
    whole = values.astype(np.uint8)
    if whole.shape[-1] % 2:
        whole = np.pad(whole, [(0, 0)] * (whole.ndim - 1) + [(0, 1)])
    return np.asarray(whole[..., 0::2] | (whole[..., 1::2] << 4), dtype=np.uint8)
