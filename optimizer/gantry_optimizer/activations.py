"""How many bytes the values of a graph take while it runs, from the shapes of its inputs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from onnx import ModelProto, TensorProto, helper, shape_inference

from .failure import OptimizationError
from .graph import Graph, copied, read_by
from .latency import largest_batch
from .runtime import open_session, run
from .samples import Feeds, Samples
from .weights import INLINE_BELOW, tensor_bytes

NUMBER = 4
"""Bytes of a number: values of other types are few, and small."""

UNKNOWN = 0.1
"""Share of values that may be left out: those by which other shapes are computed, which are small."""

NO_TENSORS = frozenset(["SequenceConstruct", "SequenceEmpty", "SplitToSequence", "ZipMap", "Optional"])
"""Operators whose outputs have no shape."""


@dataclass(frozen=True)
class Activations:
    """Bytes of the values that a run of the batch makes.

    Parameters
    ----------
    rows
        Samples of the batch.
    inputs
        Bytes that are given.
    alive
        Most that are needed at one time, where a value goes after its last reader.
    total
        All values, inputs and outputs included.
    outputs
        What the graph answers.
    values
        By the name of the value.
    """

    rows: int
    inputs: int
    alive: int
    total: int
    outputs: int
    values: Mapping[str, int]


def activations(model: ModelProto, samples: Samples) -> Activations:
    """Return what a run of the largest batch of the samples takes, without running it.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where the graph refuses a sample, which is run where shapes do not follow from those of
        the inputs.
    """
    feeds = largest_batch(samples)
    rows = max((value.shape[0] for value in feeds.values() if value.ndim), default=1)
    names = values_of(model)
    made = inferred(model, feeds)
    if len(set(names) - set(made)) > UNKNOWN * len(names):
        made = probed(model, names, samples, feeds)
    given = {name: value.nbytes for name, value in feeds.items()}
    sizes = given | made
    return Activations(
        rows,
        sum(given.values()),
        alive_at_once(model, sizes),
        sum(sizes.values()),
        sum(sizes.get(value.name, 0) for value in model.graph.output),
        sizes,
    )


def inferred(model: ModelProto, feeds: Feeds) -> dict[str, int]:
    """Return the bytes of the values whose shapes follow from those of the inputs."""
    bare = skeleton(model)
    for value in bare.graph.input:
        if value.name in feeds:
            tensor = value.type.tensor_type
            del tensor.shape.dim[:]
            for length in feeds[value.name].shape:
                tensor.shape.dim.add().dim_value = length
    del bare.graph.value_info[:]
    for value in bare.graph.output:
        value.type.tensor_type.ClearField("shape")
    try:
        made = shape_inference.infer_shapes(bare, data_prop=True).graph
    except (shape_inference.InferenceError, ValueError, RuntimeError):
        return {}
    found = {}
    for value in [*made.value_info, *made.output]:
        tensor = value.type.tensor_type
        if tensor.HasField("shape") and all(dim.HasField("dim_value") for dim in tensor.shape.dim):
            found[value.name] = prod(dim.dim_value for dim in tensor.shape.dim) * NUMBER
    return found


def skeleton(model: ModelProto) -> ModelProto:
    """Return the graph without the data of its large weights: shapes do not follow from them."""
    bare = ModelProto()
    bare.ir_version = model.ir_version
    bare.opset_import.extend(model.opset_import)
    bare.functions.extend(model.functions)
    graph = model.graph
    bare.graph.node.extend(graph.node)
    bare.graph.input.extend(graph.input)
    bare.graph.output.extend(graph.output)
    bare.graph.name = graph.name
    for tensor in graph.initializer:
        kept = bare.graph.initializer.add()
        if tensor_bytes(tensor) < INLINE_BELOW:
            kept.CopyFrom(tensor)
        else:
            kept.name, kept.data_type = tensor.name, tensor.data_type
            kept.dims.extend(tensor.dims)
    return bare


def values_of(model: ModelProto) -> list[str]:
    """Return the names of the tensors that nodes of the main graph make."""
    return [
        name
        for node in model.graph.node
        if node.op_type not in NO_TENSORS and node.op_type != "Constant"
        for name in node.output
        if name
    ]


def probed(model: ModelProto, names: list[str], samples: Samples, feeds: Feeds) -> dict[str, int]:
    """Return the bytes of values by name, from a run of one sample: onnxruntime keeps them all while it runs."""
    one = max(samples.requests, key=lambda each: sum(value.size for value in each.values()))
    rows = sum(value.size for value in feeds.values()) / max(sum(value.size for value in one.values()), 1)
    try:
        made = shapes_of(model, names, one)
    except OptimizationError as error:
        if error.reason == "OptimizationOutOfMemory":
            raise
        answer = run(open_session(model), one)
        made = {name: value.nbytes for name, value in answer.items()}
    return {name: int(count * rows) for name, count in made.items()}


def shapes_of(model: ModelProto, names: list[str], feeds: Feeds) -> dict[str, int]:
    """Return the bytes of values by name, from nodes that give their shapes."""
    probe = copied(model)
    del probe.graph.output[:]
    for number, name in enumerate(names):
        shape = f"gantry_shape_{number}"
        probe.graph.node.append(helper.make_node("Shape", [name], [shape], name=shape))
        probe.graph.output.append(helper.make_tensor_value_info(shape, TensorProto.INT64, [None]))
    made = run(open_session(probe), feeds)
    return {name: int(shape.prod()) * NUMBER for name, shape in zip(names, made.values(), strict=True)}


def alive_at_once(model: ModelProto, sizes: Mapping[str, int]) -> int:
    """Return the most bytes that are needed at one time, nodes taken in their order."""
    graph = Graph(model)
    readers = Counter({name: len(users) for name, users in graph.users.items()})
    now = most = sum(sizes.get(value.name, 0) for value in model.graph.input)
    for node in model.graph.node:
        now += sum(sizes.get(name, 0) for name in node.output)
        most = max(most, now)
        for name in read_by(node):
            readers[name] -= 1
            if readers[name] == 0 and name not in graph.outputs:
                now -= sizes.get(name, 0)
    return most
