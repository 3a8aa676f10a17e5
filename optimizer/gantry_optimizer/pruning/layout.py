"""Where the neurons of a block stand in a value, and how operators move them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto

from ..graph import Graph
from .layers import attribute, domain_of, integer, integers


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


def same(graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Return the layout that came in, with the rank that a constant may have raised."""
    if node.output[0] in dims:
        return replace(layout, rank=len(dims[node.output[0]]))
    ranks = [len(graph.constants[name].dims) for name in node.input if name in graph.constants]
    raised = layout.rank is not None and max(ranks, default=0) > layout.rank
    return replace(layout, rank=max(ranks)) if raised else layout


def pooled(_graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Pooling looks at places of one channel."""
    return layout if layout.on_channels else Blocked(f"{node.op_type} does not pool pictures there")


def reduced(graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Reductions and Squeeze leave the neurons alone where they work on other axes."""
    if layout.rank is None:
        return Blocked(f"the rank of what {node.op_type} reads is unknown")
    axes = axes_of(graph, node, layout.rank)
    place = layout.rank + layout.axis
    if axes is None or place in axes:
        return Blocked(f"{node.op_type} looks at all neurons together")
    if node.op_type != "Squeeze" and integer(node, "keepdims", 1):
        return layout
    behind = sum(axis > place for axis in axes)
    return replace(layout, axis=layout.axis + behind, rank=layout.rank - len(axes))


def flattened(node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Return the layout of a picture as a vector: all places of channel 0 come first."""
    if not layout.on_channels or layout.rank is None:
        return Blocked(f"{node.op_type} does not flatten pictures there")
    spatial = [size for size in dims.get(node.input[0], [])[2:] if size]
    if len(spatial) != layout.rank - 2:
        return Blocked(f"the height and width of what {node.op_type} reads are unknown")
    places = int(np.prod(spatial))
    return Layout(-1, 2, np.repeat(layout.owner, places))


def flatten(_graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Flatten, where the batch stays an axis of its own."""
    if layout.rank == 2 and layout.axis == -1 and integer(node, "axis", 1) in (1, -1):
        return layout
    if integer(node, "axis", 1) != 1:
        return Blocked("Flatten joins the batch with the channels")
    return flattened(node, layout, dims)


def reshaped(graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Reshape, where it only flattens pictures or joins and splits the axes before the neurons."""
    shape = constant_integers(graph, node, 1)
    last = shape[-1:] if shape else last_of(graph, node.input[1])
    if integer(node, "allowzero", 0) and 0 in (shape or []):
        return Blocked("Reshape makes an empty value")
    if layout.axis == -1:
        known = dims.get(node.output[0], [])[-1:]
        if last == [layout.width] or (last == [-1] and known == [layout.width]):
            return replace(layout, rank=len(shape) if shape else None)
        return Blocked("Reshape splits the neurons or joins them with another axis")
    if shape is None or len(shape) != 2:
        return Blocked("Reshape does not flatten pictures there")
    flat = flattened(node, layout, dims)
    if isinstance(flat, Blocked):
        return flat
    batch = dims.get(node.input[0], [None])[0]
    keeps_batch = shape[0] == 0 or shape[1] == flat.width or (batch is not None and shape[0] == batch)
    return flat if keeps_batch else Blocked("Reshape may join the batch with the channels")


def last_of(graph: Graph, shape: str) -> list[int]:
    """Return the last length of a shape that Concat makes of pieces, as a list; [] where it is computed."""
    maker = graph.producer.get(shape)
    if maker is None or maker.op_type != "Concat" or maker.input[-1] not in graph.constants:
        return []
    last = [int(value) for value in graph.value(maker.input[-1]).reshape(-1)]
    return last if len(last) == 1 else []


def transposed(_graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Transpose moves the axis of the neurons."""
    order = integers(node, "perm")
    if order is None:
        if layout.rank is None:
            return Blocked("the rank of what Transpose reads is unknown")
        order = list(reversed(range(layout.rank)))
    rank = len(order)
    return replace(layout, axis=order.index(rank + layout.axis) - rank, rank=rank)


def padded(graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Pad leaves the neurons alone where it pads other axes."""
    pads = integers(node, "pads") or constant_integers(graph, node, 1)
    if layout.rank is None or pads is None or len(pads) != 2 * layout.rank:
        return Blocked("Pad pads axes that are not constant")
    place = layout.rank + layout.axis
    grows = pads[place] or pads[place + layout.rank]
    return Blocked("Pad adds neurons") if grows else layout


def resized(graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Resize by constant factors that are 1 on the axis of the neurons."""
    scales = attribute(node, "scales", None)
    place = 1 if node.op_type == "Upsample" else 2
    if scales is None and place < len(node.input) and node.input[place] in graph.constants:
        scales = list(graph.value(node.input[place]).reshape(-1))
    if layout.rank is None or not isinstance(scales, (list, tuple)) or len(scales) != layout.rank:
        return Blocked(f"{node.op_type} has sizes, not constant factors for each axis")
    return (
        layout if scales[layout.rank + layout.axis] == 1 else Blocked(f"{node.op_type} resizes the neurons")
    )


def per_channel(_graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Normalizations of each channel alone; their axis is 1."""
    rank = layout.rank or len(dims.get(node.input[0], [])) or None
    if rank is None or layout.axis != 1 - rank:
        return Blocked(f"{node.op_type} does not stand on the axis of the neurons")
    if integer(node, "training_mode", 0):
        return Blocked(f"{node.op_type} is in training mode")
    return layout


Rule = Callable[[Graph, NodeProto, Layout, Dims], Layout | Blocked]

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(ELEMENTWISE, same),
    **dict.fromkeys(PER_CHANNEL, per_channel),
    **dict.fromkeys(POOLING, pooled),
    **dict.fromkeys(REDUCTIONS, reduced),
    "Squeeze": reduced,
    "Flatten": flatten,
    "Reshape": reshaped,
    "Transpose": transposed,
    "Pad": padded,
    "Resize": resized,
    "Upsample": resized,
}
"""Operators that leave neurons apart, and where these stand in what the operator makes."""

KEEPS_LAYOUT = ELEMENTWISE | frozenset(PER_CHANNEL) | POOLING
"""Operators whose first input has the layout of their output, so that it is known backwards, too."""
