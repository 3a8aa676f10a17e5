"""Rules for heads of attention: they stand on an axis of their own, and other axes are mixed."""

from dataclasses import replace

import numpy as np
from onnx import NodeProto

from ..graph import Graph, opset_of
from .layers import integer
from .layout import Blocked, Dims, Layout, constant_integers, tail_of, width_read

HEADS = -3
"""Axis of the heads in [batch, heads, sequence, width], which products of queries, keys and values leave alone."""


def reshaped_vectors(graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Reshape of vectors: it keeps the last axis, splits it into heads, or joins heads to one axis again."""
    last = tail_of(graph, node.input[1], 1)
    known = dims.get(node.output[0], [])[-1:]
    if not known or known[0] is None:
        known = [width_read(graph, node.output[0])]
    rank = len(dims[node.output[0]]) if node.output[0] in dims else None
    if layout.axis == -1:
        if last == [layout.width] or (last == [-1] and known == [layout.width]):
            return replace(layout, rank=rank)
        split = split_of(graph, node, layout)
        return split or Blocked("Reshape splits the neurons or joins them with another axis")
    if layout.axis == -2:
        size = next(iter(dims.get(node.input[0], [])[-1:]), None)
        joined = next(iter(known if last == [-1] else last or []), None)
        if joined and joined > 0 and (joined == layout.width * size if size else joined % layout.width == 0):
            return Layout(-1, rank, np.repeat(layout.owner, joined // layout.width))
    return Blocked("Reshape joins the neurons with another axis")


def split_of(graph: Graph, node: NodeProto, layout: Layout) -> Layout | None:
    """Return the layout after a Reshape to […, heads, width], where each head is whole."""
    tail = tail_of(graph, node.input[1], 2)
    if tail is None or max(tail) <= 0:
        return None
    size = tail[1] if tail[1] > 0 else layout.width // tail[0]
    if size < 1 or layout.width % size or tail[0] not in (-1, layout.width // size):
        return None
    owner = layout.owner.reshape(-1, size)
    return Layout(-2, None, owner[:, 0]) if (owner == owner[:, :1]).all() else None


def product(_graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Products of two values multiply the last two axes; those before stay."""
    return layout if layout.axis <= HEADS else Blocked(f"{node.op_type} mixes neurons")


def softmax(graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Softmax along the last axis, where the heads stand on another."""
    default = -1 if opset_of(graph.model) >= 13 else 1
    axis = integer(node, "axis", default)
    last = axis == -1 or (layout.rank is not None and axis == layout.rank - 1)
    return layout if last and layout.axis < -1 else Blocked(f"{node.op_type} mixes neurons")


def normalized(_graph: Graph, node: NodeProto, layout: Layout, _dims: Dims) -> Layout | Blocked:
    """Return the layout of a normalization of the last axis, where the heads stand on another."""
    axis = integer(node, "axis", -1)
    last = axis == -1 or (layout.rank is not None and axis == layout.rank - 1)
    return layout if last and layout.axis < -1 else Blocked(f"{node.op_type} mixes neurons")


def sliced(graph: Graph, node: NodeProto, layout: Layout, dims: Dims) -> Layout | Blocked:
    """Slice along other axes."""
    axes = constant_integers(graph, node, 3)
    rank = layout.rank or len(dims.get(node.input[0], [])) or None
    if axes is None or rank is None or rank + layout.axis in [axis % rank for axis in axes]:
        return Blocked("Slice may take neurons out")
    return replace(layout, rank=rank)
