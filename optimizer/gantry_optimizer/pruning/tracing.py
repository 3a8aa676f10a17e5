"""Follows the neurons of a layer to everything that must become narrower with them."""

import numpy as np
from onnx import NodeProto

from ..graph import Graph
from .backward import trace_back
from .blocks import Consumer, NeuronBlock, Reshaped, Sliced
from .layers import BIAS_INPUT, Layer, NoLayer, domain_of, layer_of, name_of
from .layout import JOINS, PER_CHANNEL, Blocked, Dims, Layout, is_broadcast
from .rules import RULES
from .trace import Trace, arrive, begin, has_bias_row


def block_from(graph: Graph, dims: Dims, first: Layer, heads: int | None = None) -> NeuronBlock | Blocked:
    """Follow the neurons of a layer, or the `heads` that it makes, to everything that goes with them."""
    if first.depthwise:
        return Blocked("it convolves each channel alone, and follows the layer that makes them")
    width = heads or first.outputs
    trace = Trace(width)
    owner = np.repeat(np.arange(width, dtype=np.int64), first.outputs // width)
    fault = begin(graph, dims, trace, first, owner) or follow(graph, dims, trace) or judged(graph, trace)
    if fault is not None:
        return fault
    return NeuronBlock(
        trace.width,
        "heads" if heads else first.kind,
        tuple(trace.producers),
        tuple(trace.consumers),
        tuple(trace.depthwise),
        tuple(trace.slices),
        tuple(trace.reshapes),
    )


def follow(graph: Graph, dims: Dims, trace: Trace) -> Blocked | None:
    """Follow values to those who read them, and what meets them there to those who make it."""
    while trace.forward or trace.backward:
        if trace.forward:
            value = trace.forward.popleft()
            for user in graph.users[value]:
                fault = read(graph, dims, trace, value, user)
                if fault is not None:
                    return fault
        else:
            fault = trace_back(graph, dims, trace, trace.backward.popleft())
            if fault is not None:
                return fault
    return None


def read(graph: Graph, dims: Dims, trace: Trace, value: str, node: NodeProto) -> Blocked | None:
    """Follow a value into a node that reads it."""
    layer = layer_of(graph, node)
    if isinstance(layer, NoLayer):
        return Blocked(f"`{name_of(node)}` ({node.op_type}) reads it, and {layer.reason}")
    if layer is not None:
        return read_by_layer(graph, trace, value, layer)
    if node.op_type == "Concat" and domain_of(node) == "":
        return concatenated(graph, trace, node)
    if domain_of(node) not in ("", "com.microsoft") or node.op_type not in RULES:
        return Blocked(f"`{name_of(node)}` reads it, and {node.op_type} mixes neurons")
    return pass_through(graph, dims, trace, value, node)


def read_by_layer(graph: Graph, trace: Trace, value: str, layer: Layer) -> Blocked | None:
    """Add a consumer, or pass a depthwise convolution."""
    node, layout = layer.node, trace.layouts[value]
    if layer.kind == "linear":
        fits = node.input[0] == value and layout.axis == (-2 if layer.reads_rows else -1)
    else:
        fits = node.input[0] == value and layout.on_channels
    if not fits or layout.width != layer.inputs or list(node.input).count(value) > 1:
        return Blocked(f"`{name_of(node)}` ({node.op_type}) reads it along another axis")
    if layer.depthwise:
        if id(node) not in trace.passed:
            trace.passed.add(id(node))
            trace.depthwise.append(layer)
            if has_bias_row(graph, layer):
                trace.slices.append(Sliced(node, BIAS_INPUT, -1, layout.owner))
        return arrive(graph, trace, node.output[0], layout)
    if layer.groups > 1:
        return Blocked(f"`{name_of(node)}` reads it, a convolution in {layer.groups} groups")
    trace.consumers.append(Consumer(layer, value, layout))
    return None


def concatenated(graph: Graph, trace: Trace, node: NodeProto) -> Blocked | None:
    """Pass a Concat on the axis of the neurons when all that it joins belongs to the block."""
    if any(name not in trace.layouts for name in node.input):
        if id(node) not in {id(waiting) for waiting, _ in trace.concats}:
            trace.concats.append((node, 0))
        return None
    layouts = [trace.layouts[name] for name in node.input]
    axis = next((int(entry.i) for entry in node.attribute if entry.name == "axis"), 0)
    rank = layouts[0].rank
    along = axis if axis < 0 else (axis - rank if rank is not None else None)
    if any(not layout.same(layouts[0]) for layout in layouts[1:]) and layouts[0].axis != along:
        return Blocked(f"`{name_of(node)}` (Concat) joins it with neurons in another order")
    trace.concats = [(waiting, count) for waiting, count in trace.concats if waiting is not node]
    trace.passed.add(id(node))
    made = layouts[0]
    if made.axis == along:
        if any(layout.axis != along for layout in layouts):
            return Blocked(f"`{name_of(node)}` (Concat) joins it along another axis")
        made = Layout(along, rank, np.concatenate([layout.owner for layout in layouts]))
    return arrive(graph, trace, node.output[0], made)


def pass_through(graph: Graph, dims: Dims, trace: Trace, value: str, node: NodeProto) -> Blocked | None:
    """Follow a value through an operator that leaves neurons apart."""
    layout = trace.layouts[value]
    if any(name and (graph.users[name] or name in graph.outputs) for name in node.output[1:]):
        return Blocked(f"`{name_of(node)}` ({node.op_type}) has a second output that is used")
    if not is_broadcast(node) and list(node.input).index(value) > 0:
        return Blocked(f"`{name_of(node)}` ({node.op_type}) reads it as a parameter")
    made = RULES[node.op_type](graph, node, layout, dims)
    if isinstance(made, Blocked):
        return Blocked(f"`{name_of(node)}` reads it, and {made.reason}")
    if node.op_type == "Reshape" and id(node) not in trace.passed:
        trace.reshapes.append(Reshaped(node, -2 if made.axis == -2 else -1, layout.owner))
    fault = met(graph, dims, trace, node, layout)
    if fault is not None:
        return fault
    trace.passed.add(id(node))
    return arrive(graph, trace, node.output[0], made)


def met(graph: Graph, dims: Dims, trace: Trace, node: NodeProto, layout: Layout) -> Blocked | None:
    """Take in the other inputs of an operator: constants for each neuron, and values of other layers."""
    if id(node) in trace.passed:
        return None
    if not is_broadcast(node):
        places = PER_CHANNEL.get(node.op_type, ())
        if any(node.input[place] not in graph.constants for place in places):
            return Blocked(f"`{name_of(node)}` ({node.op_type}) has parameters that are computed")
        trace.slices.extend(Sliced(node, place, -1, layout.owner) for place in places)
        return None
    faults = (
        met_at(graph, dims, trace, node, place, layout)
        for place, name in enumerate(node.input)
        if name and name not in trace.layouts
    )
    return next((fault for fault in faults if fault is not None), None)


def met_at(
    graph: Graph, dims: Dims, trace: Trace, node: NodeProto, place: int, layout: Layout
) -> Blocked | None:
    """Take in one input that meets neurons: it has one number for all of them, or one for each."""
    name = node.input[place]
    constant = graph.constants.get(name)
    shape = dims.get(name) if constant is None else list(constant.dims)
    if shape is not None and (len(shape) < -layout.axis or shape[layout.axis] == 1):
        return None
    if constant is None:
        return arrive(graph, trace, name, layout)
    if shape is None or shape[layout.axis] != layout.width:
        return Blocked(f"`{name}` does not fit the neurons")
    trace.slices.append(Sliced(node, place, layout.axis, layout.owner))
    return None


def judged(graph: Graph, trace: Trace) -> Blocked | None:
    """Refuse what only the whole block shows: a Concat with others, a residual connection, no reader."""
    if trace.concats:
        node = trace.concats[0][0]
        return Blocked(f"`{name_of(node)}` (Concat) joins it with other values")
    if not trace.consumers:
        return Blocked("no layer reads it")
    made, reads = ({id(p.layer.node) for p in trace.producers}, {id(c.layer.node) for c in trace.consumers})
    if made & reads:
        return Blocked("a residual connection leads around it")
    origins: dict[str, frozenset[int]] = {}
    for node in graph.model.graph.node:
        inputs = [name for name in node.input if name in trace.layouts]
        if id(node) in made:
            origins[node.output[0]] = frozenset([id(node)])
        elif id(node) in trace.passed and inputs:
            arms = [origins.get(name, frozenset()) for name in inputs]
            if node.op_type in JOINS and any(arm != arms[0] for arm in arms):
                return Blocked(f"`{name_of(node)}` ({node.op_type}) joins two layers, a residual connection")
            origins[node.output[0]] = frozenset().union(*arms)
    return None
