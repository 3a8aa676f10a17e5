"""Which values of a graph its weights make, and where all of them pass through one value."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from onnx import NodeProto, TensorProto, helper

from ..failure import OptimizationError
from ..graph import Graph, read_by

SHAPES = frozenset(["Shape", "Size"])
"""Operators whose answer says nothing of the numbers that they read."""

CHOOSING = frozenset(
    [
        *("ArgMax", "ArgMin", "TopK", "NonZero", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"),
        *("IsNaN", "IsInf", "Not", "And", "Or", "Round", "Floor", "Ceil", "Sign", "OneHot"),
    ]
)
"""Operators without a gradient."""

NO_WEIGHTS = {"BatchNormalization": (3, 4), "Resize": (1, 2, 3), "Pad": (2,), "Clip": (1, 2)}
"""Inputs that are no weights: sums of a data set, sizes and limits."""


@dataclass(frozen=True)
class Flow:
    """What training changes, and what it needs.

    Parameters
    ----------
    target
        The output that is trained.
    weights
        Constants that are trained: float32, of two numbers or more.
    nodes
        The nodes between them, in the order of the graph.
    fixed
        Values that these nodes read and that no weight makes: masks, shapes, inputs of the graph.
    constants
        Constants that they read and that stay.
    """

    target: str
    weights: tuple[str, ...]
    nodes: tuple[NodeProto, ...]
    fixed: tuple[str, ...]
    constants: tuple[str, ...]


def flow_of(graph: Graph, target: str) -> Flow:
    """Follow the weights of a graph to an output.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where the output has no weights, or an operator without a gradient stands between.
    """
    needed = ancestors(graph, target)
    weights: dict[str, None] = {}
    made: set[str] = set()
    nodes: list[NodeProto] = []
    for node in needed:
        weights.update(dict.fromkeys(weights_of(graph, node)))
        reads = [name for name in read_by(node) if name in weights or name in made]
        if not reads or node.op_type in SHAPES:
            continue
        if node.op_type in CHOOSING or casts_to_whole(node):
            raise OptimizationError(
                "OptimizationUnsupported",
                f"The node {node.name or node.output[0]} ({node.op_type}) has no gradient, so that what stands before"
                " it cannot be trained. Take prune and quantize for this model.",
            )
        nodes.append(node)
        made.update(name for name in node.output if name)
    if target not in made:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"No weights of the type float32 lead to the output {target}, so that nothing can be trained. Give the"
            " model as it was before it was made smaller.",
        )
    read = dict.fromkeys(name for node in nodes for name in read_by(node))
    others = [name for name in read if name not in made and name not in weights]
    return Flow(
        target,
        tuple(weights),
        tuple(nodes),
        tuple(name for name in others if name not in graph.constants),
        tuple(name for name in others if name in graph.constants),
    )


def ancestors(graph: Graph, target: str) -> list[NodeProto]:
    """Return the nodes that a value needs, in the order of the graph."""
    wanted, needed = {target}, list[NodeProto]()
    for node in reversed(graph.model.graph.node):
        if wanted.intersection(node.output):
            needed.append(node)
            wanted.update(read_by(node))
    return needed[::-1]


def weights_of(graph: Graph, node: NodeProto) -> list[str]:
    """Return the constants of a node that training may change."""
    left_out = NO_WEIGHTS.get(node.op_type, ())
    return [
        name
        for place, name in enumerate(node.input)
        if name in graph.constants
        and place not in left_out
        and graph.constants[name].data_type == TensorProto.FLOAT
        and int(np.prod(graph.constants[name].dims)) > 1
    ]


def casts_to_whole(node: NodeProto) -> bool:
    """Return whether a node makes whole numbers of floats."""
    if node.op_type != "Cast":
        return False
    kind = next((attribute.i for attribute in node.attribute if attribute.name == "to"), TensorProto.FLOAT)
    return np.dtype(helper.tensor_dtype_to_np_dtype(kind)).kind != "f"


@dataclass(frozen=True)
class Segment:
    """The nodes between two values through which everything passes.

    Parameters
    ----------
    start, end
        The two values; `end` is made by the last of `nodes`.
    paths
        Ways from `start` to `end`: one of a chain, two or more where something goes past.
    fewest
        Matrices on the way that has the fewest: 0 where something goes past all of them.
    """

    start: str
    end: str
    nodes: tuple[NodeProto, ...]
    paths: int
    fewest: int


def segments_of(graph: Graph, flow: Flow) -> list[Segment]:
    """Return the parts of a flow one after the other, the one before the first common value left out."""
    stream = streamed(graph, flow)
    cuts = common_values(stream, flow.target)
    floor = {name: place + 1 for place, name in enumerate(cuts)}
    depth: dict[str, int] = {}
    parts: dict[int, list[NodeProto]] = defaultdict(list)
    for node, reads in stream:
        at = max((depth[name] for name in reads), default=0)
        parts[at].append(node)
        for name in node.output:
            depth[name] = floor.get(name, at)
    return [
        Segment(start, end, tuple(parts[at]), *ways(graph, parts[at], start, end))
        for at, (start, end) in enumerate(pairwise(cuts), 1)
    ]


Stream = Sequence[tuple[NodeProto, list[str]]]


def streamed(graph: Graph, flow: Flow) -> Stream:
    """Return the nodes of a flow that depend on the inputs, each with what it reads of the others."""
    inputs = {value.name for value in graph.model.graph.input}
    fed = set(inputs)
    for node in graph.model.graph.node:
        if fed.intersection(read_by(node)):
            fed.update(node.output)
    stream: list[tuple[NodeProto, list[str]]] = []
    made: set[str] = set()
    for node in flow.nodes:
        if fed.intersection(node.output):
            stream.append((node, [name for name in read_by(node) if name in made]))
            made.update(name for name in node.output if name)
    return stream


def common_values(stream: Stream, target: str) -> list[str]:
    """Return the values through which every way to the target passes, in their order.

    A value is one of them where the ways to it, times the ways from it, are all ways that there are.
    """
    to = dict[str, int]()
    for node, reads in stream:
        count = sum(to[name] for name in reads) or 1
        to.update(dict.fromkeys(filter(None, node.output), count))
    rest = defaultdict[str, int](int, {target: 1})
    for node, reads in reversed(stream):
        count = sum(rest[name] for name in node.output)
        for name in reads:
            rest[name] += count
    return [
        name for node, _ in stream for name in node.output if name and to[name] * rest[name] == to[target]
    ]


def ways(graph: Graph, nodes: Sequence[NodeProto], start: str, end: str) -> tuple[int, int]:
    """Return how many ways lead from `start` to `end`, and the matrices on the one that has the fewest."""
    paths = defaultdict[str, int](int, {start: 1})
    fewest = {start: 0}
    for node in nodes:
        reads = [name for name in read_by(node) if name in fewest]
        if not reads:
            continue
        has_matrix = any(len(graph.constants[name].dims) > 1 for name in weights_of(graph, node))
        for name in node.output:
            paths[name] = sum(paths[read] for read in reads)
            fewest[name] = min(fewest[read] for read in reads) + has_matrix
    return paths[end], fewest[end]
