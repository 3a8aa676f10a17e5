"""Puts right what onnxruntime's conversion to float16 does with the casts that it adds."""

from collections.abc import Iterable

from onnx import GraphProto, ModelProto, NodeProto

from ..failure import OptimizationError
from ..graph import read_by
from .weighted import graphs_of


def settle_casts(model: ModelProto) -> None:
    """Make a converted graph one that can be run, in place.

    The tool writes a cast of a value for each node that stays in float32, all with the same name, and writes all of
    them at the end of the main graph, those of values of a subgraph, too.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where nodes read each other in a circle.
    """
    move_home(model)
    for graph in graphs_of(model.graph):
        once = without_repeated(graph.node)
        ordered = in_order(once)
        del graph.node[:]
        graph.node.extend(ordered)


def made_in(graph: GraphProto) -> set[str]:
    """Return the names of the values that a graph itself defines."""
    names = {value.name for value in graph.input} | {tensor.name for tensor in graph.initializer}
    return names.union(*(node.output for node in graph.node))


def move_home(model: ModelProto) -> None:
    """Move each cast of the main graph whose value is made in one subgraph to that subgraph; what reads it follows."""
    while moved_home(model):
        pass


def moved_home(model: ModelProto) -> bool:
    """Move the casts whose values are made in a subgraph now, and return whether there were any."""
    main, *inner = graphs_of(model.graph)
    known = made_in(main)
    strays = [node for node in main.node if node.op_type == "Cast" and node.input[0] not in known]
    homes = [(graph, made_in(graph)) for graph in inner] if strays else []
    moved = False
    for node in strays:
        found = [graph for graph, names in homes if node.input[0] in names]
        if len(found) == 1:
            found[0].node.append(node)
            main.node.remove(node)
            moved = True
    return moved


def without_repeated(nodes: Iterable[NodeProto]) -> list[NodeProto]:
    """Return copies of the nodes without casts that are there already: the same value to the same name."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for node in nodes:
        key = (node.input[0], node.output[0]) if node.op_type == "Cast" else None
        if key is None or key not in seen:
            copy = NodeProto()
            copy.CopyFrom(node)
            kept.append(copy)
        if key is not None:
            seen.add(key)
    return kept


def in_order(nodes: list[NodeProto]) -> list[NodeProto]:
    """Return the nodes, each behind those whose values it or its subgraphs read; else in the order they came."""
    makers = {name: place for place, node in enumerate(nodes) for name in node.output if name}
    needs = [{makers[name] for name in read_by(node) if name in makers} for node in nodes]
    edges = sum(map(len, needs))
    done: set[int] = set()
    ordered: list[int] = []
    for start in range(len(nodes)):
        waiting = [start]
        while waiting:
            place = waiting[-1]
            missing = sorted(need for need in needs[place] if need not in done)
            if place in done or not missing:
                waiting.pop()
                if place not in done:
                    done.add(place)
                    ordered.append(place)
            elif len(waiting) > edges:
                raise OptimizationError(
                    "OptimizationUnsupported", "The graph has nodes that read each other."
                )
            else:
                waiting += missing[::-1]
    return [nodes[place] for place in ordered]
