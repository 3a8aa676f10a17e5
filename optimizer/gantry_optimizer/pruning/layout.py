"""Where the neurons of a block stand in a value, and how operators move them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto

from ..graph import Graph
from .layers import Layer, domain_of, integer, integers, layer_of


@dataclass(frozen=True)
class Layout:
    """Where neurons stand in a value.

    Parameters
    ----------
    axis
        Counted from the last axis, so that it is known without the rank: -1 is the last.
    rank
        Number of axes, or None where nothing says it.
    owner
        int64 [length of the axis]: the neuron that each place belongs to. Flattened pictures have many places
        of one channel.
    """

    axis: int
    rank: int | None
    owner: NDArray[np.int64]

    @property
    def width(self) -> int:
        """Return the length of the axis."""
        return len(self.owner)

    @property
    def on_channels(self) -> bool:
        """Whether the neurons are the channels of pictures: axis 1 of at least three."""
        return self.rank is not None and self.rank > 2 and self.axis == 1 - self.rank

    def same(self, other: "Layout") -> bool:
        """Whether two values have the same neurons in the same places."""
        return self.axis == other.axis and np.array_equal(self.owner, other.owner)


@dataclass(frozen=True)
class Blocked:
    """Why a block cannot be narrower, as the end of the sentence `left as it is: …`."""

    reason: str


Dims = Mapping[str, list[int | None]]
"""Shapes by the name of the value, as far as they are known; None is a free axis."""

ELEMENTWISE = frozenset(
    [
        "Abs",
        "Acos",
        "Acosh",
        "Add",
        "And",
        "Asin",
        "Asinh",
        "Atan",
        "Atanh",
        "BiasGelu",
        "BitShift",
        "Cast",
        "Ceil",
        "Celu",
        "Clip",
        "Cos",
        "Cosh",
        "Div",
        "Dropout",
        "Elu",
        "Equal",
        "Erf",
        "Exp",
        "FastGelu",
        "Floor",
        "Gelu",
        "Greater",
        "GreaterOrEqual",
        "HardSigmoid",
        "HardSwish",
        "Identity",
        "LeakyRelu",
        "Less",
        "LessOrEqual",
        "Log",
        "Max",
        "Mean",
        "Min",
        "Mish",
        "Mul",
        "Neg",
        "Not",
        "Or",
        "PRelu",
        "Pow",
        "QuickGelu",
        "Reciprocal",
        "Relu",
        "Round",
        "Selu",
        "Shrink",
        "Sigmoid",
        "Sign",
        "Sin",
        "Sinh",
        "Softplus",
        "Softsign",
        "Sqrt",
        "Sub",
        "Sum",
        "Swish",
        "Tan",
        "Tanh",
        "ThresholdedRelu",
        "Where",
        "Xor",
    ]
)
"""Operators that compute each number of the output from numbers in the same place, of all their inputs."""

PER_CHANNEL = {"BatchNormalization": (1, 2, 3, 4), "InstanceNormalization": (1, 2)}
"""Operators that treat each channel alone, and the inputs that hold a number for each channel."""

POOLING = frozenset(
    ["AveragePool", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "LpPool", "MaxPool"]
)
REDUCTIONS = frozenset(
    [
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceMax",
        "ReduceMean",
        "ReduceMin",
        "ReduceProd",
        "ReduceSum",
        "ReduceSumSquare",
    ]
)

JOINS = ("Add", "Sub", "Sum", "Mean")
"""Operators that join the two arms of a residual connection."""


def is_elementwise(node: NodeProto) -> bool:
    """Whether a node computes each number from numbers in the same place."""
    return node.op_type in ELEMENTWISE and domain_of(node) in ("", "com.microsoft")


def constant_integers(graph: Graph, node: NodeProto, place: int) -> list[int] | None:
    """Return a constant input as a list of integers; None where it is absent or computed."""
    if place >= len(node.input) or node.input[place] not in graph.constants:
        return None
    return [int(value) for value in graph.value(node.input[place]).reshape(-1)]


def axes_of(graph: Graph, node: NodeProto, rank: int) -> list[int] | None:
    """Return the axes that Squeeze or a reduction works on, not negative; None where they are computed."""
    axes = integers(node, "axes")
    if axes is None and len(node.input) > 1 and node.input[1]:
        axes = constant_integers(graph, node, 1)
        if axes is None:
            return None
    if axes is None:
        noop = bool(integer(node, "noop_with_empty_axes", 0))
        axes = [] if noop else list(range(rank))
    return [axis % rank for axis in axes]


def tail_of(graph: Graph, shape: str, count: int) -> list[int] | None:
    """Return the last `count` lengths of a shape: a constant, or a Concat whose last pieces are one length each.

    None where one of them is computed.
    """
    if shape in graph.constants:
        lengths = [int(value) for value in graph.value(shape).reshape(-1)]
        return lengths[-count:] if len(lengths) >= count else None
    maker = graph.producer.get(shape)
    if maker is None or maker.op_type != "Concat" or len(maker.input) < count:
        return None
    pieces = [graph.constants.get(name) for name in maker.input[-count:]]
    if any(piece is None or list(piece.dims) != [1] for piece in pieces):
        return None
    return [int(graph.value(name)[0]) for name in maker.input[-count:]]


BROADCAST = ELEMENTWISE | {"MatMul"}
"""Operators whose inputs meet on the axis of the neurons."""

KEEPS_LAYOUT = BROADCAST | frozenset(PER_CHANNEL) | POOLING | {"Softmax"}
"""Operators whose input has the layout of their output, so that it is known backwards, too."""


def is_broadcast(node: NodeProto) -> bool:
    """Whether the inputs of a node meet on the axis of the neurons."""
    return node.op_type in BROADCAST and domain_of(node) in ("", "com.microsoft")


def width_read(graph: Graph, value: str) -> int | None:
    """Return the length of the last axis of a value, by the layer that reads it behind element-wise operators."""
    for user in graph.users[value]:
        layer = layer_of(graph, user)
        if isinstance(layer, Layer) and layer.kind == "linear" and user.input[0] == value:
            return None if layer.reads_rows else layer.inputs
        if is_elementwise(user):
            width = width_read(graph, user.output[0])
            if width is not None:
                return width
    return None
