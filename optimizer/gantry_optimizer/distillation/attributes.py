"""Attributes of a node, and inputs that older versions of an operator had as attributes."""

from collections.abc import Sequence
from typing import Any, TypeVar

from onnx import NodeProto, helper

T = TypeVar("T")


def attributes_of(node: NodeProto) -> dict[str, Any]:
    """Return the attributes by name: numbers, texts and lists of these."""
    values = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in values.items()}


def present(value: T | None) -> T:
    """Return an input that an operator cannot do without."""
    if value is None:
        raise ValueError("an input is missing")
    return value


def padding(attributes: dict[str, Any], sides: Sequence[int], kernel: Sequence[int]) -> list[tuple[int, int]]:
    """Return (before, after) for each axis of a convolution or a pooling.

    Parameters
    ----------
    sides
        Lengths of the axes that the kernel moves along.
    kernel
        Its lengths, dilation included.
    """
    axes = len(sides)
    strides = attributes.get("strides") or [1] * axes
    how = attributes.get("auto_pad", "NOTSET")
    if how in ("SAME_UPPER", "SAME_LOWER"):
        pairs = []
        for side, reach, stride in zip(sides, kernel, strides, strict=True):
            whole = max(0, (-(-side // stride) - 1) * stride + reach - side)
            less, more = whole // 2, whole - whole // 2
            pairs.append((less, more) if how == "SAME_UPPER" else (more, less))
        return pairs
    given = attributes.get("pads") or [0] * (2 * axes)
    return [(given[axis], given[axis + axes]) for axis in range(axes)]


def spread(kernel: Sequence[int], dilations: Sequence[int]) -> list[int]:
    """Return the lengths of a kernel whose numbers stand apart."""
    return [(length - 1) * step + 1 for length, step in zip(kernel, dilations, strict=True)]
