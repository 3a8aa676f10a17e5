"""Finds the blocks of a graph, and says of every other layer why it stays as it is."""

from onnx import ModelProto, shape_inference

from ..graph import Graph
from ..step import KeptNode
from .blocks import NeuronBlock
from .heads import head_count
from .layers import Layer, NoLayer, layer_of, name_of
from .layout import Blocked, Dims
from .tracing import block_from


def known_dims(model: ModelProto) -> Dims:
    """Return the shapes that inference finds; values of unknown rank are left out."""
    try:
        inferred = shape_inference.infer_shapes(model, data_prop=True).graph
    except (ValueError, RuntimeError):  # a model over 2 GB, or shapes that contradict each other
        inferred = model.graph
    dims: dict[str, list[int | None]] = {}
    for value in [*inferred.value_info, *inferred.input, *inferred.output]:
        tensor = value.type.tensor_type
        if tensor.HasField("shape"):
            dims[value.name] = [d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim]
    return dims


def find_blocks(graph: Graph, dims: Dims, heads: bool) -> tuple[list[NeuronBlock], list[KeptNode]]:
    """Return the blocks in the order of the graph, and the layers that stay as they are, each with why.

    Parameters
    ----------
    heads
        Whether heads of attention are blocks, too.
    """
    blocks: list[NeuronBlock] = []
    kept: list[KeptNode] = []
    seen: set[int] = set()
    for node in graph.model.graph.node:
        layer = layer_of(graph, node)
        if layer is None or id(node) in seen:
            continue
        found = layer if isinstance(layer, NoLayer) else block_of(graph, dims, layer, heads)
        if isinstance(found, NeuronBlock):
            blocks.append(found)
            seen |= {id(producer.layer.node) for producer in found.producers}
        elif not (isinstance(layer, Layer) and layer.depthwise):
            kept.append(KeptNode(name_of(node), node.op_type, found.reason))
    return blocks, kept


def block_of(graph: Graph, dims: Dims, layer: Layer, heads: bool) -> NeuronBlock | Blocked:
    """Return the block that begins with a layer: its neurons, or else its heads where these are asked for."""
    neurons = block_from(graph, dims, layer)
    count = head_count(graph, layer) if heads and layer.kind == "linear" else None
    return block_from(graph, dims, layer, count) if isinstance(neurons, Blocked) and count else neurons
