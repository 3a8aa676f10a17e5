"""Follows neurons from where they meet others to the layers that make those."""

from collections.abc import Iterable

import numpy as np
from onnx import NodeProto

from ..graph import Graph
from .layers import Layer, domain_of, integers, layer_of, name_of
from .layout import KEEPS_LAYOUT, Blocked, Dims, Layout, is_broadcast, tail_of
from .trace import Trace, arrive, begin


def trace_back(graph: Graph, dims: Dims, trace: Trace, value: str) -> Blocked | None:
    """Follow a value to the node that makes it, where no value before has led there."""
    node, layout = graph.producer.get(value), trace.layouts[value]
    if node is None:
        return Blocked(f"it meets `{value}`, an input of the graph")
    if id(node) in trace.passed:
        return None
    layer = layer_of(graph, node)
    if isinstance(layer, Layer):
        if layer.depthwise:
            return arrive(graph, trace, node.input[0], layout)
        stands = -1 if layer.kind == "linear" else 1 - len(graph.constants[node.input[1]].dims)
        if layer.outputs != layout.width or layout.axis != stands:
            return Blocked(f"it meets `{name_of(node)}` along another axis")
        return begin(graph, dims, trace, layer, layout.owner)
    if node.op_type in KEEPS_LAYOUT and domain_of(node) in ("", "com.microsoft"):
        return inputs_back(graph, dims, trace, node, layout)
    before = moved_back(graph, dims, node, layout)
    if before is not None:
        return arrive(graph, trace, node.input[0], before)
    return Blocked(f"it meets `{value}`, which {node.op_type} makes")


def moved_back(graph: Graph, dims: Dims, node: NodeProto, layout: Layout) -> Layout | None:
    """Return where neurons stood before a Transpose or a Reshape; None where that is not known."""
    if node.op_type == "Transpose":
        order = integers(node, "perm")
        rank = len(order) if order else 0
        return Layout(order[rank + layout.axis] - rank, rank, layout.owner) if order else None
    if node.op_type != "Reshape":
        return None
    if layout.axis == -1 and dims.get(node.input[0], [])[-1:] == [layout.width]:
        return Layout(-1, None, layout.owner)
    tail = tail_of(graph, node.input[1], 2)
    width = next(iter(dims.get(node.input[0], [])[-1:]), None)
    if layout.axis != -2 or tail is None or not width or width % layout.width:
        return None
    size = width // layout.width
    splits = tail[0] in (-1, layout.width) and tail[1] in (-1, size) and max(tail) > 0
    return Layout(-1, None, np.repeat(layout.owner, size)) if splits else None


def inputs_back(graph: Graph, dims: Dims, trace: Trace, node: NodeProto, layout: Layout) -> Blocked | None:
    """Arrive at those inputs of a node that must have the layout of its output; its other inputs are met later."""
    names: Iterable[str] = node.input if is_broadcast(node) else node.input[:1]
    for name in names:
        shape = dims.get(name)
        if not name or name in graph.constants or name in trace.layouts:
            continue
        if shape is None or (len(shape) >= -layout.axis and shape[layout.axis] != 1):
            return arrive(graph, trace, name, layout)
    return Blocked(f"it meets `{node.output[0]}`, which {node.op_type} makes of constants")
