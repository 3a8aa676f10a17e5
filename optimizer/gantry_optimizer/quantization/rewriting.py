"""Takes nodes of a model for others, constants included."""

from collections.abc import Callable, Mapping

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

from ..samples import Array
from .weighted import graphs_of

MICROSOFT = "com.microsoft"

Attribute = int | float | str | list[int]

Rewrite = Callable[[NodeProto, set[str]], list[NodeProto] | None]
"""Gives the nodes that stand for a node, or None. The set has the values made so far in its graph."""


class Constants:
    """Constants that rewritten nodes read; each is added to the main graph once."""

    def __init__(self, model: ModelProto) -> None:
        self.model = model
        self.names = {tensor.name for tensor in model.graph.initializer}

    def add(self, name: str, value: Array | np.generic) -> str:
        """Return `name`, which is a constant of the model from now on."""
        if name not in self.names:
            self.names.add(name)
            self.model.graph.initializer.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name


def node(
    operator: str,
    inputs: list[str],
    output: str,
    attributes: Mapping[str, Attribute] | None = None,
    domain: str = "",
) -> NodeProto:
    """Return a node with one output, named after it."""
    made = helper.make_node(operator, inputs, [output], name=f"/{output}", domain=domain)
    made.attribute.extend(helper.make_attribute(name, value) for name, value in (attributes or {}).items())
    return made


def rewrite(model: ModelProto, change: Rewrite) -> None:
    """Rewrite the nodes of a model in place, subgraphs included, then drop constants that nothing reads."""
    for graph in graphs_of(model.graph):
        made: set[str] = set()
        nodes: list[NodeProto] = []
        for old in graph.node:
            new = change(old, made)
            for each in [old] if new is None else new:
                nodes.append(each)
                made.update(each.output)
        kept = [NodeProto.FromString(each.SerializeToString()) for each in nodes]
        del graph.node[:]
        graph.node.extend(kept)
    drop_unread(model)
    if not any(entry.domain == MICROSOFT for entry in model.opset_import) and any(
        each.domain == MICROSOFT for graph in graphs_of(model.graph) for each in graph.node
    ):
        model.opset_import.append(helper.make_opsetid(MICROSOFT, 1))


def drop_unread(model: ModelProto) -> None:
    """Remove initializers and Constant nodes that no node and no output reads, in place."""
    read = {value.name for graph in graphs_of(model.graph) for value in graph.output}
    read |= {name for graph in graphs_of(model.graph) for each in graph.node for name in each.input}
    for graph in graphs_of(model.graph):
        remove_from(graph, read)


def remove_from(graph: GraphProto, read: set[str]) -> None:
    """Remove the constants of one graph that are not in `read`."""
    for place in reversed(range(len(graph.initializer))):
        if graph.initializer[place].name not in read:
            del graph.initializer[place]
    for place in reversed(range(len(graph.node))):
        each = graph.node[place]
        if each.op_type == "Constant" and each.output[0] not in read:
            del graph.node[place]
