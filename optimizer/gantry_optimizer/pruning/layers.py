"""Layers: nodes that multiply what they read by a constant weight, linear or by convolution."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from onnx import NodeProto, TensorProto, helper

from ..graph import Graph
from ..samples import Array

LayerKind = Literal["linear", "convolution"]

LINEAR = {("", "MatMul"), ("", "Gemm"), ("com.microsoft", "FusedMatMul"), ("com.microsoft", "FusedGemm")}
CONVOLUTION = {("", "Conv"), ("com.microsoft", "FusedConv")}

FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.BFLOAT16)
"""Types of weights that can be pruned."""

BIAS_INPUT = 2
"""Place of the bias among the inputs of Gemm and Conv."""


@dataclass(frozen=True)
class Layer:
    """A node with a constant weight at input 1.

    Parameters
    ----------
    inputs, outputs
        Width: neurons or channels that are read and made.
    transposed
        The weight lies as [outputs, inputs]; convolutions always do.
    reads_rows
        The node transposes what it reads: the neurons stand on axis -2.
    groups
        Groups of a convolution, 1 for linear layers.
    taps
        Places of the kernel of a convolution, 1 for linear layers.
    """

    node: NodeProto
    kind: LayerKind
    inputs: int
    outputs: int
    transposed: bool = False
    reads_rows: bool = False
    groups: int = 1
    taps: int = 1

    @property
    def depthwise(self) -> bool:
        """Whether each channel is convolved alone and stays one channel."""
        return self.groups > 1 and self.groups == self.inputs == self.outputs


@dataclass(frozen=True)
class NoLayer:
    """A node that multiplies by something, but cannot be changed."""

    reason: str


def name_of(node: NodeProto) -> str:
    """Return what a report calls a node: its name, or that of its first output."""
    return str(node.name or node.output[0])


def domain_of(node: NodeProto) -> str:
    """Return the domain of a node's operator, "" for the standard ones."""
    return "" if node.domain == "ai.onnx" else str(node.domain)


def attribute(node: NodeProto, name: str, default: object) -> object:
    """Return the value of an attribute, or the default where the node lacks it."""
    for entry in node.attribute:
        if entry.name == name:
            return helper.get_attribute_value(entry)
    return default


def integer(node: NodeProto, name: str, default: int) -> int:
    """Return an integer attribute."""
    value = attribute(node, name, default)
    return value if isinstance(value, int) else default


def integers(node: NodeProto, name: str) -> list[int] | None:
    """Return an attribute that is a list of integers, or None where the node lacks it."""
    value = attribute(node, name, None)
    return list(value) if isinstance(value, (list, tuple)) else None


def layer_of(graph: Graph, node: NodeProto) -> Layer | NoLayer | None:
    """Return the layer that a node is; None for other operators."""
    operator = (domain_of(node), node.op_type)
    if operator not in LINEAR and operator not in CONVOLUTION:
        return None
    weight = graph.constants.get(node.input[1])
    if weight is None:
        return without_constant(graph, node)
    if weight.data_type not in FLOATS:
        return NoLayer("its weight is of whole numbers")
    if len(graph.users[node.input[1]]) > 1 or node.input[1] in graph.outputs:
        return NoLayer(f"its weight `{node.input[1]}` is used in more than one place")
    if (
        len(node.input) > BIAS_INPUT
        and node.input[BIAS_INPUT]
        and node.input[BIAS_INPUT] not in graph.constants
    ):
        return NoLayer("its bias is computed, not constant")
    dims = list(weight.dims)
    return linear(node, dims) if operator in LINEAR else convolution(node, dims)


def without_constant(graph: Graph, node: NodeProto) -> NoLayer | None:
    """Return why a node without a constant weight is no layer; None for products of two computed values."""
    if node.input[1] in {tensor.name for tensor in graph.model.graph.initializer}:
        return NoLayer(
            f"its weight `{node.input[1]}` is an input of the graph, too, so that a caller may replace it"
        )
    if node.input[0] in graph.constants:
        return NoLayer("its weight stands on the left")
    if node.op_type in ("MatMul", "FusedMatMul") and not made_of_constants(graph, node.input[1]):
        return None
    source = graph.producer[node.input[1]].input[0] if node.input[1] in graph.producer else ""
    if source in graph.constants and len(graph.users[source]) > 1:
        return NoLayer(f"its weight `{source}` is used in more than one place")
    return NoLayer("its weight is computed, not constant: with `graph: basic` it may become one")


def made_of_constants(graph: Graph, name: str) -> bool:
    """Whether a value is a constant that one node has transposed, cast or copied."""
    maker = graph.producer.get(name)
    return maker is not None and len(maker.input) > 0 and maker.input[0] in graph.constants


def linear(node: NodeProto, dims: list[int]) -> Layer | NoLayer:
    """Return the linear layer of a node whose weight has the shape `dims`."""
    if len(dims) != 2:
        return NoLayer(f"its weight has {len(dims)} dimensions, not 2")
    if integer(node, "transBatchA", 0) or integer(node, "transBatchB", 0):
        return NoLayer("it moves the batch axis")
    transposed = bool(integer(node, "transB", 0))
    inputs, outputs = reversed(dims) if transposed else dims
    return Layer(node, "linear", inputs, outputs, transposed, bool(integer(node, "transA", 0)))


def convolution(node: NodeProto, dims: list[int]) -> Layer | NoLayer:
    """Return the convolution of a node whose weight has the shape `dims`: [outputs, inputs / groups, kernel …]."""
    if len(dims) < 3:
        return NoLayer(f"its weight has {len(dims)} dimensions")
    if len(node.input) > 3:
        return NoLayer("it adds another value")
    groups = integer(node, "group", 1)
    taps = int(np.prod(dims[2:]))
    return Layer(node, "convolution", dims[1] * groups, dims[0], transposed=True, groups=groups, taps=taps)


def weight_of(graph: Graph, layer: Layer) -> Array:
    """Return the weight as [inputs, taps, outputs]; taps are the places of the kernel, 1 in a linear layer."""
    weight = graph.value(layer.node.input[1])
    if layer.kind == "convolution":
        return weight.reshape(*weight.shape[:2], -1).transpose(1, 2, 0)
    return (weight.T if layer.transposed else weight)[:, None, :]


def as_stored(graph: Graph, layer: Layer, weight: Array) -> Array:
    """Return a weight [inputs, taps, outputs] in the shape and dtype that the node reads."""
    stored = graph.constants[layer.node.input[1]]
    dtype = graph.value(layer.node.input[1]).dtype
    if layer.kind == "convolution":
        inputs, _, outputs = weight.shape
        return weight.transpose(2, 0, 1).reshape(outputs, inputs, *stored.dims[2:]).astype(dtype)
    matrix = weight[:, 0, :]
    return (matrix.T if layer.transposed else matrix).astype(dtype)


def replace_input(graph: Graph, node: NodeProto, place: int, array: Array) -> None:
    """Make a node read a new constant at `place`. The old one stays for others; `drop_unused` removes it."""
    old = node.input[place] if place < len(node.input) else ""
    base, count = f"{old or name_of(node)}_pruned", 0
    name = base
    while name in graph.constants or name in graph.producer or name in graph.users:
        count += 1
        name = f"{base}_{count}"
    tensor = graph.model.graph.initializer.add()
    graph.constants[name] = tensor
    graph.set(name, array)
    while len(node.input) <= place:
        node.input.append("")
    node.input[place] = name
    if old:
        graph.users[old] = [user for user in graph.users[old] if user is not node]
    graph.users[name] = [node]


def drop_unused(graph: Graph) -> None:
    """Remove constants that no node reads."""
    main = graph.model.graph
    used = {name for name, users in graph.users.items() if users} | graph.outputs
    inputs = {value.name for value in main.input}
    for tensor in [t for t in main.initializer if t.name not in used and t.name not in inputs]:
        main.initializer.remove(tensor)
    for node in [n for n in main.node if n.op_type == "Constant" and n.output[0] not in used]:
        main.node.remove(node)


@dataclass(frozen=True)
class Bias:
    """Where a constant is added to what a layer makes: the input `place` of `node`."""

    node: NodeProto
    place: int


def bias_of(graph: Graph, layer: Layer) -> Bias | None:
    """Return where the bias of a layer stands; None where the layer has none that can take a change."""
    node = layer.node
    if node.op_type != "MatMul" and node.op_type != "FusedMatMul" and integer_beta(node):
        return Bias(node, BIAS_INPUT)
    users = graph.users[node.output[0]]
    if len(users) != 1 or node.output[0] in graph.outputs:
        return None
    user = users[0]
    if user.op_type == "Add":
        place = 1 if user.input[0] == node.output[0] else 0
    elif user.op_type == "SkipLayerNormalization" and len(user.input) == 5:
        place = 4
    elif user.op_type in ("BiasGelu", "FastGelu") and len(user.input) == 2:
        place = 1
    else:
        return None
    tensor = graph.constants.get(user.input[place])
    fits = (
        tensor is not None
        and list(tensor.dims)[-1:] == [layer.outputs]
        and int(np.prod(tensor.dims)) == layer.outputs
    )
    return Bias(user, place) if fits else None


def integer_beta(node: NodeProto) -> bool:
    """Whether a bias counts as it stands: Gemm multiplies it by beta."""
    return attribute(node, "beta", 1.0) == 1.0 or node.op_type in ("Conv", "FusedConv")
