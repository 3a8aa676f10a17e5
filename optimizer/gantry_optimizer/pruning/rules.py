"""Where neurons stand in what an operator makes, by where they stood in what it read."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from onnx import NodeProto

from ..graph import Graph
from .head_rules import normalized, product, reshaped_vectors, sliced, softmax
from .layers import attribute, integer, integers
from .layout import (
    ELEMENTWISE,
    PER_CHANNEL,
    POOLING,
    REDUCTIONS,
    Blocked,
    Dims,
    Layout,
    axes_of,
    constant_integers,
    width_read,
)


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


def flattened(graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Return the layout of a picture as a vector: all places of channel 0 come first."""
    if not layout.on_channels or layout.rank is None:
        return Blocked(f"{node.op_type} does not flatten pictures there")
    spatial = [size for size in dims.get(node.input[0], [])[2:] if size]
    places = int(np.prod(spatial))
    if len(spatial) != layout.rank - 2:
        places = (width_read(graph, node.output[0]) or 0) // layout.width
    if not places:
        return Blocked(f"the height and width of what {node.op_type} reads are unknown")
    return Layout(-1, 2, np.repeat(layout.owner, places))


def flatten(graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Flatten, where the batch stays an axis of its own."""
    if layout.rank == 2 and layout.axis == -1 and integer(node, "axis", 1) in (1, -1):
        return layout
    if integer(node, "axis", 1) != 1:
        return Blocked("Flatten joins the batch with the channels")
    return flattened(graph, node, layout, dims)


def reshaped(graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Reshape, where it flattens pictures, moves the axes before the neurons, or splits and joins heads."""
    shape = constant_integers(graph, node, 1)
    if integer(node, "allowzero", 0) and 0 in (shape or []):
        return Blocked("Reshape makes an empty value")
    if not layout.on_channels:
        return reshaped_vectors(graph, node, layout, dims)
    if shape is None or len(shape) != 2:
        return Blocked("Reshape does not flatten pictures there")
    flat = flattened(graph, node, layout, dims)
    if isinstance(flat, Blocked):
        return flat
    batch = dims.get(node.input[0], [None])[0]
    keeps_batch = shape[0] == 0 or shape[1] == flat.width or (batch is not None and shape[0] == batch)
    return flat if keeps_batch else Blocked("Reshape may join the batch with the channels")


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
    """Return the layout of a normalization of each channel alone; its axis is 1."""
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
    "MatMul": product,
    "Softmax": softmax,
    "LayerNormalization": normalized,
    "RMSNormalization": normalized,
    "SimplifiedLayerNormalization": normalized,
    "Slice": sliced,
    "Squeeze": reduced,
    "Flatten": flatten,
    "Reshape": reshaped,
    "Transpose": transposed,
    "Pad": padded,
    "Resize": resized,
    "Upsample": resized,
}
"""Operators that leave neurons apart, and where these stand in what the operator makes."""
