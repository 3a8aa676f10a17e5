"""Shapes of inputs that are made up, by the names that exporters give to axes."""

from dataclasses import dataclass

from onnx import ValueInfoProto

SHORTEST = 8
"""Tokens of the shortest text."""

SIDE = 224
"""Pixels of a picture whose size is free."""

CHANNELS = 3


@dataclass(frozen=True)
class Text:
    """Tokens of a sample.

    Parameters
    ----------
    length
        All tokens, those before this run and those that pad included.
    past
        Tokens of earlier runs, whose keys and values are given; 0 in a first run.
    """

    length: int
    padding: int = 0
    past: int = 0


def first_run(length: int, padding: int = 0) -> Text:
    """Return a text that a graph reads at once."""
    return Text(length, padding)


def later_run(length: int) -> Text:
    """Return a text of which a graph has read all tokens but the last."""
    return Text(length, past=length - 1)


def shape_of(value: ValueInfoProto, text: Text) -> tuple[int, ...]:
    """Return the shape of one sample: 1 row, the tokens of `text`, pictures of 224 pixels."""
    dims = value.type.tensor_type.shape.dim
    is_picture = len(dims) == 4 and not any(dim.HasField("dim_value") for dim in (dims[2], dims[3]))
    shape = []
    for place, dim in enumerate(dims):
        if dim.HasField("dim_value"):
            shape.append(dim.dim_value)
        elif place == 0:
            shape.append(1)
        elif is_picture:
            shape.append(CHANNELS if place == 1 else SIDE)
        else:
            shape.append(length_of(dim.dim_param, text))
    return tuple(shape)


def length_of(axis: str, text: Text) -> int:
    """Return the length of an axis by the names that exporters write."""
    if is_past(axis):
        return text.past
    if axis.startswith("encoder"):
        return SHORTEST
    return text.length if axis.startswith("total") or "+" in axis else text.length - text.past


def is_past(axis: str) -> bool:
    """Return whether an axis counts the tokens of earlier runs."""
    return axis.startswith("past") and "+" not in axis


def has_past(inputs: list[ValueInfoProto]) -> bool:
    """Return whether a graph takes keys and values of earlier runs."""
    dims = [dim.dim_param for value in inputs for dim in value.type.tensor_type.shape.dim]
    return any(map(is_past, dims))
