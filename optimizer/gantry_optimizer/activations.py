"""How many bytes the values of a graph take while it runs, from one run that tells their shapes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from onnx import ModelProto, TensorProto, helper

from .failure import OptimizationError
from .graph import Graph, copied, read_by
from .latency import largest_batch
from .runtime import open_session, run
from .samples import Feeds, Samples

NUMBER = 4
"""Bytes of a number: values of other types are few, and small."""

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
    """Run the largest batch of the samples once.

    A graph with values that are no tensors is not looked into: its inputs and outputs are counted.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where the graph refuses the batch.
    """
    feeds = largest_batch(samples)
    names = values_of(model)
    try:
        made = shapes_of(model, names, feeds)
    except OptimizationError as error:
        if error.reason == "OptimizationOutOfMemory":
            raise
        answer = run(open_session(model), feeds)
        made = {name: value.nbytes for name, value in answer.items()}
    given = {name: value.nbytes for name, value in feeds.items()}
    sizes = given | made
    return Activations(
        max((value.shape[0] for value in feeds.values() if value.ndim), default=1),
        sum(given.values()),
        alive_at_once(model, sizes),
        sum(sizes.values()),
        sum(sizes.get(value.name, 0) for value in model.graph.output),
        sizes,
    )


def values_of(model: ModelProto) -> list[str]:
    """Return the names of the tensors that nodes of the main graph make."""
    return [
        name
        for node in model.graph.node
        if node.op_type not in NO_TENSORS and node.op_type != "Constant"
        for name in node.output
        if name
    ]


def shapes_of(model: ModelProto, names: list[str], feeds: Feeds) -> dict[str, int]:
    """Return the bytes of values by name."""
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
