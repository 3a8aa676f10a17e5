"""A graph whose weights torch trains. Values without a gradient come from onnxruntime, which serves the graph later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import ModelProto, NodeProto
from torch import Tensor

from ..failure import OptimizationError, lacks_memory
from ..graph import Graph, copied, opset_of
from ..runtime import open_session
from ..samples import Array, Feeds
from .attributes import attributes_of
from .flow import Flow, flow_of
from .layers import drop_unread
from .operators import OPERATORS

STANDARD = ("", "ai.onnx")


@dataclass(frozen=True)
class Network:
    """A graph in torch.

    Parameters
    ----------
    weights
        What is trained, by the name of the constant.
    given
        Makes the values of `flow.fixed`; None where all of them are inputs of the graph.
    last
        For each node the values that no later node reads, so that they need not stay.
    """

    flow: Flow
    version: int
    weights: Mapping[str, torch.nn.Parameter]
    constants: Mapping[str, Tensor]
    given: ort.InferenceSession | None
    device: torch.device
    last: Sequence[Sequence[str]]

    def scores(self, feeds: Feeds) -> Tensor:
        """Return the output for a batch, float32 [samples, classes], with a gradient."""
        values: dict[str, Tensor] = {**self.constants, **self.weights, **self.fixed(feeds)}
        for node, unread in zip(self.flow.nodes, self.last, strict=True):
            made = computed(node, values, self.version)
            values.update(zip(node.output, made, strict=False))
            for name in unread:
                values.pop(name, None)
        return values[self.flow.target]

    def fixed(self, feeds: Feeds) -> dict[str, Tensor]:
        """Return the values that no weight makes."""
        known: dict[str, Array] = {name: feeds[name] for name in self.flow.fixed if name in feeds}
        if self.given is not None:
            names = [value.name for value in self.given.get_outputs()]
            wanted = {value.name for value in self.given.get_inputs()}
            inputs = {name: value for name, value in feeds.items() if name in wanted}
            known.update(zip(names, self.given.run(names, inputs), strict=True))
        return {name: as_tensor(value, self.device) for name, value in known.items()}


def as_tensor(value: Array, device: torch.device) -> Tensor:
    """Return an array as a tensor; whole numbers, which mostly say shapes, stay where Python reads them."""
    tensor = torch.from_numpy(np.array(value))
    return tensor if value.dtype.kind in "iu" else tensor.to(device)


def last_uses(flow: Flow) -> list[list[str]]:
    """Return for each node the values that no later node reads."""
    last = {name: place for place, node in enumerate(flow.nodes) for name in node.input}
    uses: list[list[str]] = [[] for _ in flow.nodes]
    for name, place in last.items():
        if name != flow.target:
            uses[place].append(name)
    return uses


def computed(node: NodeProto, values: Mapping[str, Tensor], version: int) -> list[Tensor]:
    """Return the outputs of a node.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where torch refuses it.
    """
    attributes = {**attributes_of(node), "outputs": len(node.output)}
    try:
        made = OPERATORS[node.op_type](
            attributes, [values[name] if name else None for name in node.input], version
        )
    except (KeyError, ValueError, RuntimeError, TypeError, IndexError) as error:
        if lacks_memory(error):
            raise
        raise OptimizationError(
            "OptimizationUnsupported",
            f"distill cannot train through the node {node.name or node.output[0]} ({node.op_type}):"
            f" {' '.join(str(error).split())[:200]}. Take prune and quantize for this model.",
        ) from error
    return [made] if isinstance(made, Tensor) else list(made)


def network_of(model: ModelProto, target: str, device: torch.device) -> Network:
    """Return a graph in torch.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the operators that have no counterpart here.
    """
    graph = Graph(model)
    flow = flow_of(graph, target)
    unknown = sorted(
        {
            f"{node.domain}.{node.op_type}".strip(".")
            for node in flow.nodes
            if node.domain not in STANDARD or node.op_type not in OPERATORS
        }
    )
    if unknown:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"distill cannot train through the operators {', '.join(unknown)}. Take prune and quantize for this model.",
        )
    return Network(
        flow,
        opset_of(model),
        {name: torch.nn.Parameter(as_tensor(graph.value(name), device)) for name in flow.weights},
        {name: as_tensor(graph.value(name), device) for name in flow.constants},
        session_of_fixed(model, flow),
        device,
        last_uses(flow),
    )


def session_of_fixed(model: ModelProto, flow: Flow) -> ort.InferenceSession | None:
    """Return what makes the values that no weight makes; None where the graph is given all of them."""
    inputs = {value.name for value in model.graph.input}
    names = [name for name in flow.fixed if name not in inputs]
    if not names:
        return None
    part = copied(model)
    del part.graph.output[:]
    part.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    drop_unread(part)
    del part.graph.value_info[:]
    return open_session(part)


def with_weights(model: ModelProto, weights: Mapping[str, Array]) -> ModelProto:
    """Return a copy of a graph with other weights."""
    graph = Graph(copied(model))
    for name, value in weights.items():
        graph.set(name, value.astype(np.float32))
    return graph.model
