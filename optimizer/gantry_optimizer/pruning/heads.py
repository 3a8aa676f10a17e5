"""Finds how many heads a layer makes."""

from ..graph import Graph
from .layers import Layer
from .layout import is_elementwise, tail_of


def head_count(graph: Graph, layer: Layer) -> int | None:
    """Return how many heads the outputs of a layer are split into; None where nothing splits them.

    The layer is followed through element-wise operators to a Reshape to […, heads, width].
    """
    value = layer.node.output[0]
    while len(graph.users[value]) == 1:
        user = graph.users[value][0]
        if user.op_type == "Reshape":
            tail = tail_of(graph, user.input[1], 2)
            return heads_in(tail, layer.outputs) if tail else None
        if not is_elementwise(user):
            return None
        value = user.output[0]
    return None


def heads_in(tail: list[int], outputs: int) -> int | None:
    """Return how many heads a shape […, heads, width] makes of `outputs` neurons; -1 stands for what is left."""
    heads, size = tail
    if heads < 1 and size > 0 and outputs % size == 0:
        heads = outputs // size
    whole = heads > 1 and outputs % heads == 0 and size in (-1, outputs // heads) and heads < outputs
    return heads if whole else None
