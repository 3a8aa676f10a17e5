"""Looks into a graph: who makes a value, who uses it, what is constant."""

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, numpy_helper

from .far import array_of
from .samples import Array


class Graph:
    """Indexes of the main graph of a model. Build a new one after nodes or constants were added or removed.

    Parameters
    ----------
    model
        Changed in place by `set`; copy it before with `copied`.

    Attributes
    ----------
    constants
        Initializers and the values of Constant nodes, by the name of the value. Initializers that are inputs
        of the graph, too, are left out: a caller may replace them.
    producer
        The node that makes a value.
    users
        The nodes that read a value, once per use; what a subgraph of If, Loop and Scan reads is read by the
        node that holds it.
    outputs
        Names of the outputs of the graph.
    """

    def __init__(self, model: ModelProto) -> None:
        graph = model.graph
        self.model = model
        inputs = {value.name for value in graph.input}
        self.constants: dict[str, TensorProto] = {
            tensor.name: tensor for tensor in graph.initializer if tensor.name not in inputs
        }
        self.producer: dict[str, NodeProto] = {}
        self.users: dict[str, list[NodeProto]] = defaultdict(list)
        self.outputs = {value.name for value in graph.output}
        for node in graph.node:
            for name in node.output:
                if name:
                    self.producer[name] = node
            for name in read_by(node):
                self.users[name].append(node)
            if node.op_type == "Constant" and node.domain in ("", "ai.onnx"):
                for attribute in node.attribute:
                    if attribute.name == "value":
                        self.constants[node.output[0]] = attribute.t

    def value(self, name: str) -> Array:
        """Return a constant as an array, of the dtype it has in the file; KeyError for other names."""
        return array_of(self.constants[name])

    def set(self, name: str, array: Array) -> None:
        """Replace a constant, shape and dtype included."""
        self.constants[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(array), name))


def read_by(node: NodeProto) -> Iterator[str]:
    """Yield the names that a node reads, those of its subgraphs included."""
    yield from (name for name in node.input if name)
    for attribute in node.attribute:
        for graph in [attribute.g, *attribute.graphs] if attribute.type in (5, 10) else []:
            for inner in graph.node:
                yield from read_by(inner)
            yield from (value.name for value in graph.output)


def nodes_of(graph: GraphProto) -> Iterator[NodeProto]:
    """Yield all nodes, those of subgraphs included."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in [attribute.g, *attribute.graphs] if attribute.type in (5, 10) else []:
                yield from nodes_of(inner)


def node_counts(model: ModelProto) -> dict[str, int]:
    """Return how many nodes there are of each operator, by name; those of other domains as DOMAIN.NAME."""
    names = (
        f"{node.domain}.{node.op_type}" if node.domain not in ("", "ai.onnx") else node.op_type
        for node in nodes_of(model.graph)
    )
    return dict(sorted(Counter(names).items()))


def copied(model: ModelProto) -> ModelProto:
    """Return a copy that can be changed."""
    copy = ModelProto()
    copy.CopyFrom(model)
    return copy


def opset_of(model: ModelProto) -> int:
    """Return the version of the standard operators."""
    return max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=1)
