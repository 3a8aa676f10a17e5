"""What is known while the neurons of a block are followed."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto

from ..graph import Graph
from .blocks import Consumer, Producer, Reshaped, Sliced
from .layers import BIAS_INPUT, Layer, name_of
from .layout import Blocked, Dims, Layout


@dataclass
class Trace:
    """What is known while a block is followed from its first producer."""

    width: int
    layouts: dict[str, Layout] = field(default_factory=dict)
    forward: deque[str] = field(default_factory=deque)
    backward: deque[str] = field(default_factory=deque)
    passed: set[int] = field(default_factory=set)
    producers: list[Producer] = field(default_factory=list)
    consumers: list[Consumer] = field(default_factory=list)
    depthwise: list[Layer] = field(default_factory=list)
    slices: list[Sliced] = field(default_factory=list)
    reshapes: list[Reshaped] = field(default_factory=list)
    concats: list[tuple[NodeProto, int]] = field(default_factory=list)


def begin(graph: Graph, dims: Dims, trace: Trace, layer: Layer, owner: NDArray[np.int64]) -> Blocked | None:
    """Add a producer: what it makes, and its bias."""
    if layer.groups > 1:
        return Blocked(f"`{name_of(layer.node)}` is a convolution in {layer.groups} groups")
    if trace.width < 2:
        return Blocked("it makes a single neuron")
    always = 2 if layer.node.op_type in ("Gemm", "FusedGemm") else None
    axis, rank = -1, len(dims.get(layer.node.output[0], [])) or always
    if layer.kind == "convolution":
        rank = len(graph.constants[layer.node.input[1]].dims)
        axis = 1 - rank
    layout = Layout(axis, rank, owner)
    trace.producers.append(Producer(layer, layout.owner))
    trace.passed.add(id(layer.node))
    if has_bias_row(graph, layer):
        trace.slices.append(Sliced(layer.node, BIAS_INPUT, -1, layout.owner))
    return arrive(graph, trace, layer.node.output[0], layout)


def has_bias_row(graph: Graph, layer: Layer) -> bool:
    """Whether a layer has a bias with a number for each output, not one for all."""
    node = layer.node
    given = len(node.input) > BIAS_INPUT and node.input[BIAS_INPUT] in graph.constants
    return given and list(graph.constants[node.input[BIAS_INPUT]].dims)[-1:] == [layer.outputs]


def arrive(graph: Graph, trace: Trace, value: str, layout: Layout) -> Blocked | None:
    """Note where the neurons stand in a value; follow it later."""
    known = trace.layouts.get(value)
    if known is not None:
        return None if known.same(layout) else Blocked(f"`{value}` has the neurons in two orders")
    if value in graph.outputs:
        return Blocked(f"`{value}` is an output of the graph")
    trace.layouts[value] = layout
    trace.forward.append(value)
    trace.backward.append(value)
    return None
