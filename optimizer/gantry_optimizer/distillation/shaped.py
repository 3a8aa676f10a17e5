"""Operators that only move numbers, in torch: what says where they go comes from onnxruntime, as whole numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from .attributes import present

Attributes = Mapping[str, Any]
Inputs = Sequence[Tensor | None]


def numbers(attributes: Attributes, inputs: Inputs, place: int, name: str) -> list[int] | None:
    """Return whole numbers that are an input or, in older versions, an attribute."""
    value = inputs[place] if len(inputs) > place else None
    if value is not None:
        return [int(number) for number in value.reshape(-1).tolist()]
    given = attributes.get(name)
    return None if given is None else [int(number) for number in given]


def gather(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Take rows of a table."""
    value, places = present(inputs[0]), present(inputs[1])
    axis = attributes.get("axis", 0) % value.ndim
    at = places.to(device=value.device, dtype=torch.int64)
    at = torch.where(at < 0, at + value.shape[axis], at)
    if axis == 0 and value.ndim == 2 and at.ndim > 0:
        return functional.embedding(at, value)
    flat = value.index_select(axis, at.reshape(-1))
    return flat.reshape(*value.shape[:axis], *at.shape, *value.shape[axis + 1 :])


def reshape(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Give another shape; 0 keeps a length, unless the graph wants one of 0."""
    value, shape = present(inputs[0]), numbers(attributes, inputs, 1, "shape") or []
    if not attributes.get("allowzero", 0):
        shape = [value.shape[place] if length == 0 else length for place, length in enumerate(shape)]
    return value.reshape(shape)


def transpose(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Give the axes another order; the reverse one by default."""
    value = present(inputs[0])
    return value.permute(attributes.get("perm") or list(range(value.ndim))[::-1])


def flatten(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Leave two axes."""
    value = present(inputs[0])
    rows = 1
    for length in value.shape[: attributes.get("axis", 1)]:
        rows *= length
    return value.reshape(rows, -1)


def squeeze(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Drop axes of length 1."""
    value, axes = present(inputs[0]), numbers(attributes, inputs, 1, "axes")
    return value.squeeze() if axes is None else value.squeeze(tuple(axes))


def unsqueeze(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Add axes of length 1."""
    value, axes = present(inputs[0]), numbers(attributes, inputs, 1, "axes") or []
    rank = value.ndim + len(axes)
    for axis in sorted(axis % rank for axis in axes):
        value = value.unsqueeze(axis)
    return value


def concat(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Put one after the other."""
    return torch.cat([value for value in inputs if value is not None], dim=attributes["axis"])


def split(attributes: Attributes, inputs: Inputs, _version: int) -> Sequence[Tensor]:
    """Return parts along an axis."""
    value, axis = present(inputs[0]), attributes.get("axis", 0)
    sizes = numbers(attributes, inputs, 1, "split")
    if sizes is not None:
        return list(value.split(sizes, dim=axis))
    count = attributes["num_outputs"] if "num_outputs" in attributes else attributes["outputs"]
    return list(value.split(-(-value.shape[axis] // count), dim=axis))


def cut(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Return a part of each axis, with steps."""
    value = present(inputs[0])
    starts = numbers(attributes, inputs, 1, "starts") or []
    ends = numbers(attributes, inputs, 2, "ends") or []
    axes = numbers(attributes, inputs, 3, "axes") or list(range(len(starts)))
    steps = numbers(attributes, inputs, 4, "steps") or [1] * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        places = range(value.shape[axis])[start:end:step]
        value = value.index_select(axis, torch.tensor(list(places), device=value.device, dtype=torch.int64))
    return value


def expand(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Repeat axes of length 1."""
    value, shape = present(inputs[0]), numbers(attributes, inputs, 1, "shape") or []
    return value.expand(torch.broadcast_shapes(value.shape, tuple(shape)))


def pad(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Put numbers around; only constant ones."""
    value = present(inputs[0])
    if attributes.get("mode", "constant") != "constant":
        raise ValueError(f"Pad has the mode {attributes['mode']}")
    given = numbers(attributes, inputs, 1, "pads") or []
    axes = numbers(attributes, inputs, 3, "axes") or list(range(value.ndim))
    fill = inputs[2].item() if len(inputs) > 2 and inputs[2] is not None else attributes.get("value", 0.0)
    pairs = {axis % value.ndim: (given[at], given[at + len(axes)]) for at, axis in enumerate(axes)}
    sides = [side for axis in reversed(range(value.ndim)) for side in pairs.get(axis, (0, 0))]
    return functional.pad(value, sides, value=fill)


SHAPING = {
    "Gather": gather,
    "Reshape": reshape,
    "Transpose": transpose,
    "Flatten": flatten,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Concat": concat,
    "Split": split,
    "Slice": cut,
    "Expand": expand,
    "Pad": pad,
}
