"""Finds the nodes of a graph whose weights can have another format: products and tables."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

from onnx import GraphProto, ModelProto, NodeProto, TensorProto

STANDARD = ("", "ai.onnx")

SMALLEST = 1024
"""Weights; below, the nodes that quantize the other operand take longer than the product."""


MERGED = frozenset(["Attention", "FusedMatMul", "FusedGemm"])
"""Operators of onnxruntime that have the weights of a product within."""

WITHIN_MERGED = (
    "Its weights are within an operator that merges several; without `graph` it would have the format."
)


@dataclass(frozen=True)
class Weighted:
    """A node with a constant matrix.

    Parameters
    ----------
    node
        Name of the node, unique in the model.
    weight
        Name of the constant, float32 of two axes.
    kind
        `product`: MatMul or Gemm with the matrix on the right; `table`: Gather of its rows.
    transposed
        The matrix is [columns, rows]: Gemm with transB.
    """

    node: str
    operator: str
    weight: str
    kind: Literal["product", "table"]
    transposed: bool = False


@dataclass(frozen=True)
class WeightedNodes:
    """What can be quantized, and what shares its weights in a way that cannot, by the name of the node."""

    nodes: tuple[Weighted, ...]
    refused: Mapping[str, tuple[str, str]]
    """Operator and reason."""


def graphs_of(graph: GraphProto) -> Iterator[GraphProto]:
    """Yield a graph and those within its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]:
                yield from graphs_of(inner)


def give_names(model: ModelProto) -> None:
    """Give each node a name of its own, in place: nodes are told apart by their names."""
    counts: Counter[str] = Counter()
    taken = {node.name for graph in graphs_of(model.graph) for node in graph.node}
    for graph in graphs_of(model.graph):
        for node in graph.node:
            counts[node.name] += 1
            if node.name and counts[node.name] == 1:
                continue
            number = 0
            while f"{node.name or node.op_type}_{number}" in taken:
                number += 1
            node.name = f"{node.name or node.op_type}_{number}"
            taken.add(node.name)


def constants_of(model: ModelProto) -> dict[str, TensorProto]:
    """Return the constants of the main graph that no caller can replace, and no subgraph hides."""
    inputs = {value.name for value in model.graph.input}
    constants = {tensor.name: tensor for tensor in model.graph.initializer if tensor.name not in inputs}
    for node in model.graph.node:
        if node.op_type == "Constant" and node.domain in STANDARD:
            for attribute in node.attribute:
                if attribute.name == "value":
                    constants[node.output[0]] = attribute.t
    for graph in graphs_of(model.graph):
        if graph is model.graph:
            continue
        hidden = {tensor.name for tensor in graph.initializer} | {value.name for value in graph.input}
        for name in hidden | {name for node in graph.node for name in node.output}:
            constants.pop(name, None)
    return constants


def weighted_nodes(model: ModelProto) -> WeightedNodes:
    """Find the nodes of a model, subgraphs included, that have a matrix of at least SMALLEST float32 weights.

    A matrix that several nodes read is quantized once, for all of them or for none: it would be there twice.
    """
    constants = {
        name: tensor
        for name, tensor in constants_of(model).items()
        if tensor.data_type == TensorProto.FLOAT
        and len(tensor.dims) == 2
        and tensor.dims[0] * tensor.dims[1] >= SMALLEST
    }
    readers = readers_of(model, constants)
    found: list[Weighted] = []
    refused: dict[str, tuple[str, str]] = {}
    for uses in readers.values():
        forms = {(use.kind, use.transposed) if use is not None else None for _, use in uses}
        if len(forms) == 1 and None not in forms:
            found += [use for _, use in uses if use is not None]
        else:
            refused |= refusals(uses)
    order = {node.name: place for place, node in enumerate(all_nodes(model))}
    return WeightedNodes(tuple(sorted(found, key=lambda use: order[use.node])), refused)


Use = tuple[NodeProto, Weighted | None]


def merged_weights(model: ModelProto) -> Counter[str]:
    """Return how many weights of matrices operators of onnxruntime itself have, by the name of the operator."""
    constants = constants_of(model)
    counts: Counter[str] = Counter()
    for node in all_nodes(model):
        for name in node.input if node.domain not in STANDARD else ():
            tensor = constants.get(name)
            if tensor is not None and len(tensor.dims) > 1 and prod(tensor.dims) >= SMALLEST:
                counts[node.op_type] += prod(tensor.dims)
    return counts


def readers_of(model: ModelProto, constants: Mapping[str, TensorProto]) -> dict[str, list[Use]]:
    """Return the nodes that read each constant; those that are outputs of a graph are left out."""
    readers: dict[str, list[Use]] = defaultdict(list)
    for node in all_nodes(model):
        for place, name in enumerate(node.input):
            if name in constants:
                readers[name].append((node, weighted(node, place, name)))
    for graph in graphs_of(model.graph):
        for value in graph.output:
            readers.pop(value.name, None)
    return readers


def refusals(uses: Sequence[Use]) -> dict[str, tuple[str, str]]:
    """Return operator and reason of the nodes that read a constant of which nothing can be made."""
    shared = any(use is not None for _, use in uses)
    refused: dict[str, tuple[str, str]] = {}
    for node, use in uses:
        if use is not None:
            others = ", ".join(sorted({other.name for other, _ in uses} - {node.name})) or "itself"
            reason = f"Its weights are shared with {others} in another form, and would be in the file twice."
            refused[node.name] = (node.op_type, reason)
        elif not shared and node.op_type in MERGED:
            refused[node.name] = (node.op_type, WITHIN_MERGED)
    return refused


def all_nodes(model: ModelProto) -> Iterator[NodeProto]:
    """Yield the nodes of the model, a graph after the other."""
    for graph in graphs_of(model.graph):
        yield from graph.node


def weighted(node: NodeProto, place: int, name: str) -> Weighted | None:
    """Return the node as one with weights at the input `place`; None where it uses them in another way."""
    if node.domain not in STANDARD:
        return None
    numbers = {attribute.name: attribute for attribute in node.attribute}
    if node.op_type == "MatMul" and place == 1 and node.input[0] != name:
        return Weighted(node.name, "MatMul", name, "product")
    if node.op_type == "Gemm" and place == 1 and not ("transA" in numbers and numbers["transA"].i):
        plain = "alpha" not in numbers or numbers["alpha"].f == 1
        transposed = "transB" in numbers and numbers["transB"].i == 1
        return Weighted(node.name, "Gemm", name, "product", transposed) if plain else None
    if node.op_type == "Gather" and place == 0 and not ("axis" in numbers and numbers["axis"].i):
        return Weighted(node.name, "Gather", name, "table")
    return None
