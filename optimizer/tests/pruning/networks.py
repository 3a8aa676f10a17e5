"""Small graphs for the tests of pruning."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper, parser

from gantry_optimizer.pruning import prune
from gantry_optimizer.recipe import Prune
from gantry_optimizer.runtime import open_session, run
from gantry_optimizer.samples import Array, Samples
from gantry_optimizer.step import StepContext, StepResult

Shape = Sequence[int | str]


def node(operator: str, inputs: str, output: str, domain: str = "", **attributes: Any) -> NodeProto:
    """Return a node named as its output; names of inputs stand between spaces, `-` for one left out."""
    names = ["" if name == "-" else name for name in inputs.split()]
    return helper.make_node(
        operator, names, output.split(), name=output.split()[0], domain=domain, **attributes
    )


def statements(text: str) -> list[NodeProto]:
    """Return the nodes of lines as `h = Gemm <transB = 1> (x, a, b)`, each named as its first output."""
    nodes = [parser.parse_node(line) for line in text.strip().splitlines()]
    for entry in nodes:
        entry.name = entry.output[0]
    return nodes


def model_of(
    nodes: Sequence[NodeProto],
    constants: Mapping[str, Any],
    shape: Shape = ("batch", 6),
    output: str = "y",
    opset: int = 18,
    axes: int = 2,
) -> ModelProto:
    """Return a checked model from `x`, float32 of `shape`, to one output of `axes` axes."""
    graph = helper.make_graph(
        list(nodes),
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(shape))],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [None] * axes)],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9 if opset > 8 else 4)
    checker.check_model(model)
    return model


def normal(*shape: int, seed: int = 0) -> Array:
    """Return float32 numbers of a size that keeps activations of the order of 1."""
    fan = int(np.prod(shape[:-1])) or 1
    return np.asarray(np.random.default_rng(seed).normal(size=shape) / np.sqrt(fan), dtype=np.float32)


def samples_of(model: ModelProto, count: int = 48, seed: int = 0, length: int = 5) -> Samples:
    """Return normal inputs for `x`; free axes but the batch have `length`."""
    draw = np.random.default_rng(seed)
    axes = model.graph.input[0].type.tensor_type.shape.dim
    shape = [1, *(axis.dim_value or length for axis in axes[1:])]
    return Samples([{"x": draw.normal(size=shape).astype(np.float32)} for _ in range(count)])


def context_of(model: ModelProto, samples: Samples) -> StepContext:
    """Return what a step is told."""
    return StepContext(model, samples, samples, 0.01, 1, Path(), lambda _line: None)


def pruned(
    model: ModelProto, ratio: float, samples: Samples | None = None, heads: bool = False
) -> StepResult:
    """Return what structured pruning makes of a model, checked."""
    given = samples_of(model) if samples is None else samples
    result = prune(model, context_of(model, given), Prune("structured", ratio, heads))
    checker.check_model(result.model, full_check=True)
    return result


def outputs(model: ModelProto, samples: Samples) -> Array:
    """Return the first output of every sample, joined."""
    session = open_session(model)
    return np.concatenate([next(iter(run(session, feeds).values())) for feeds in samples.requests])


def constant(model: ModelProto, name: str) -> Array:
    """Return the constant at input 1 of the node `name`, as it stands."""
    found = next(entry for entry in model.graph.node if entry.name == name)
    return numpy_helper.to_array(next(t for t in model.graph.initializer if t.name == found.input[1]))
