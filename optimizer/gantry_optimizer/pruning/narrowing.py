"""Takes neurons out of a block: first silently, at the old width, then out of everything that holds a number for each.

Both models answer alike, so that each proves the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, helper, numpy_helper

from ..graph import Graph
from ..samples import Array
from .blocks import NeuronBlock, Reshaped
from .layers import Bias, Layer, as_stored, attribute, bias_of, replace_input, weight_of
from .layout import constant_integers
from .refit import Fit, Places

Stays = NDArray[np.bool_]
"""bool [width]: whether a neuron stays."""


@dataclass(frozen=True)
class Change:
    """The neurons of a block that stay, int64, sorted."""

    block: NeuronBlock
    neurons: Places

    @property
    def stays(self) -> Stays:
        """Return whether each neuron stays."""
        stays = np.zeros(self.block.width, dtype=bool)
        stays[self.neurons] = True
        return stays


def silence(graph: Graph, change: Change, fits: Sequence[Fit] | None) -> None:
    """Set to zero what consumers make of neurons that go, and write the fit of the others, at the old width."""
    for number, consumer in enumerate(change.block.consumers):
        layer = consumer.layer
        weight = weight_of(graph, layer).copy()
        order = np.argsort(consumer.layout.owner, kind="stable")
        places = order[change.stays[consumer.layout.owner[order]]]
        if fits is not None:
            weight[places] = fits[number].weight.reshape(len(places), layer.taps, -1)
            add_to_bias(graph, layer, fits[number].bias)
        gone = np.setdiff1d(order, places)
        weight[gone] = 0
        replace_input(graph, layer.node, 1, as_stored(graph, layer, weight))


def narrow(graph: Graph, change: Change) -> None:
    """Take neurons that are silent out of the graph."""
    block, stays = change.block, change.stays
    for consumer in block.consumers:
        rows = stays[consumer.layout.owner]
        weight = weight_of(graph, consumer.layer)[rows]
        replace_input(graph, consumer.layer.node, 1, as_stored(graph, consumer.layer, weight))
    for piece in block.slices:
        array = graph.value(piece.node.input[piece.place])
        kept = np.compress(stays[piece.owner], array, axis=piece.axis)
        replace_input(graph, piece.node, piece.place, kept)
    for producer in block.producers:
        weight = weight_of(graph, producer.layer)[:, :, stays[producer.owner]]
        replace_input(graph, producer.layer.node, 1, as_stored(graph, producer.layer, weight))
    for layer in block.depthwise:
        replace_input(graph, layer.node, 1, graph.value(layer.node.input[1])[stays])
        set_integer(layer.node, "group", int(stays.sum()))
    for reshaped in block.reshapes:
        narrow_reshape(graph, reshaped, stays)


def scale_of(layer: Layer) -> float:
    """Return what a layer multiplies its products by: alpha of Gemm and FusedMatMul."""
    value = attribute(layer.node, "alpha", 1.0)
    return float(value) if isinstance(value, (int, float)) else 1.0


def add_to_bias(graph: Graph, layer: Layer, change: Array) -> None:
    """Add a vector [outputs] to what a layer makes; a Conv or Gemm without bias is given one."""
    bias = bias_of(graph, layer)
    if bias is None or not change.any():
        return
    old = bias_value(graph, bias, layer)
    shape = (1,) * (old.ndim - 1) + (-1,)
    added = old.astype(np.float64) + (change * scale_of(layer)).reshape(shape)
    replace_input(graph, bias.node, bias.place, added.astype(old.dtype))


def bias_value(graph: Graph, bias: Bias, layer: Layer) -> Array:
    """Return a bias as it stands, zeros [outputs] where there is none yet."""
    if bias.place < len(bias.node.input) and bias.node.input[bias.place]:
        return graph.value(bias.node.input[bias.place])
    return np.zeros(layer.outputs, graph.value(layer.node.input[1]).dtype)


def set_integer(node: NodeProto, name: str, value: int) -> None:
    """Set an integer attribute."""
    for entry in node.attribute:
        if entry.name == name:
            entry.i = value
            return
    node.attribute.append(helper.make_attribute(name, value))


def narrow_reshape(graph: Graph, reshaped: Reshaped, stays: Stays) -> None:
    """Rewrite the width in the shape that a Reshape is told, where the shape names it."""
    node, kept = reshaped.node, stays[reshaped.owner]
    shape = constant_integers(graph, node, 1)
    if shape is None:
        narrow_concat(graph, node, reshaped.place, kept)
    elif shape[reshaped.place] > 0:
        shape[reshaped.place] = shape[reshaped.place] * int(kept.sum()) // len(kept)
        replace_input(graph, node, 1, np.asarray(shape, dtype=np.int64))


def narrow_concat(graph: Graph, node: NodeProto, place: int, kept: Stays) -> None:
    """Rewrite a width that stands in a shape made by Concat, in a copy for this Reshape alone."""
    concat = graph.producer[node.input[1]]
    if concat.input[place] not in graph.constants:
        return
    width = int(graph.value(concat.input[place])[0])
    if width < 0:
        return
    copy = NodeProto()
    copy.CopyFrom(concat)
    copy.name = copy.output[0] = f"{node.output[0]}_shape_pruned"
    made = np.asarray([width * int(kept.sum()) // len(kept)], dtype=np.int64)
    copy.input[place % len(copy.input)] = f"{copy.name}_width"
    main = graph.model.graph
    main.initializer.append(numpy_helper.from_array(made, f"{copy.name}_width"))
    place_of_concat = next(i for i, other in enumerate(main.node) if other.output[:1] == concat.output[:1])
    main.node.insert(place_of_concat + 1, copy)
    node.input[1] = copy.output[0]
