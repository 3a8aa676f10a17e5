"""Finds layers that repeat, and takes some of them away."""

from collections.abc import Sequence
from dataclasses import dataclass

from onnx import ModelProto

from ..graph import Graph, copied, read_by
from .flow import Segment, flow_of, segments_of, weights_of

Signature = tuple[tuple[str, tuple[tuple[int, ...], ...]], ...]
"""Operators of a segment, each with the shapes of its weights, in order of names: graphs of one layer may be sorted
in several ways."""


@dataclass(frozen=True)
class RepeatedLayer:
    """A layer that others of the graph equal but for their weights.

    Parameters
    ----------
    start, end
        What it reads and what it makes; both have one shape, so that `start` may stand in for `end`.
    run
        Number of the run of equal layers that it belongs to.
    """

    start: str
    end: str
    run: int


def repeated_layers(graph: Graph, target: str) -> list[RepeatedLayer]:
    """Return the layers of which several stand one after the other, in their order."""
    segments = segments_of(graph, flow_of(graph, target))
    signatures = [signature(graph, segment) for segment in segments]
    layers: list[RepeatedLayer] = []
    at = run = 0
    while at < len(segments):
        period, count = longest_run(graph, segments, signatures, at)
        if count < 2:
            at += 1
            continue
        starts = [at + period * number for number in range(count)]
        layers += [
            RepeatedLayer(segments[place].start, segments[place + period - 1].end, run) for place in starts
        ]
        at, run = at + period * count, run + 1
    return [layer for layer in layers if layer.end not in graph.outputs]


def longest_run(
    graph: Graph, segments: Sequence[Segment], signatures: Sequence[Signature], at: int
) -> tuple[int, int]:
    """Return (segments of a layer, number of layers) of the longest run that begins at a place; 0 layers if none."""
    best = (1, 0)
    if not begins_layer(graph, segments[at]):
        return best
    for period in range(1, (len(segments) - at) // 2 + 1):
        if not can_go(graph, segments[at + period - 1]):
            break
        first = signatures[at : at + period]
        count = 1
        while signatures[at + period * count : at + period * (count + 1)] == first:
            count += 1
        if count > 1 and period * count > best[0] * best[1]:
            best = (period, count)
    return best


def begins_layer(graph: Graph, segment: Segment) -> bool:
    """Return whether a segment has matrices, and something goes past them."""
    return segment.paths > 1 and segment.fewest == 0 and has_matrices(graph, segment)


def can_go(graph: Graph, segment: Segment) -> bool:
    """Return whether the graph makes sense without a segment: something goes past it, or it only normalizes."""
    return segment.fewest == 0 and (segment.paths > 1 or not has_matrices(graph, segment))


def has_matrices(graph: Graph, segment: Segment) -> bool:
    """Return whether nodes of a segment have weights of two axes or more."""
    return any(
        len(graph.constants[name].dims) > 1 for node in segment.nodes for name in weights_of(graph, node)
    )


def signature(graph: Graph, segment: Segment) -> Signature:
    """Return what equal layers have in common."""
    return tuple(
        sorted(
            (node.op_type, tuple(tuple(graph.constants[name].dims) for name in weights_of(graph, node)))
            for node in segment.nodes
        )
    )


def without(model: ModelProto, layers: Sequence[RepeatedLayer]) -> ModelProto:
    """Return a model without some of its layers: whoever read what a layer makes reads what it read."""
    made = copied(model)
    instead = {layer.end: layer.start for layer in layers}
    for node in made.graph.node:
        for place, name in enumerate(node.input):
            while name in instead:
                name = instead[name]
            node.input[place] = name
    drop_unread(made)
    del made.graph.value_info[:]
    return made


def drop_unread(model: ModelProto) -> None:
    """Remove nodes and constants that no output needs."""
    main = model.graph
    wanted = {value.name for value in main.output}
    kept = []
    for node in reversed(main.node):
        if wanted.intersection(node.output):
            wanted.update(read_by(node))
            kept.append(node)
    kept.reverse()
    del main.node[:]
    main.node.extend(kept)
    inputs = {value.name for value in main.input}
    tensors = [tensor for tensor in main.initializer if tensor.name in wanted or tensor.name in inputs]
    del main.initializer[:]
    main.initializer.extend(tensors)
