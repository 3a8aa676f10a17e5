"""What a graph says of the values of its inputs: rows of tables that they index, thresholds of trees, known texts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

from .graph import nodes_of
from .samples import Array

PASSING = frozenset(
    [
        *("Cast", "Identity", "Unsqueeze", "Squeeze", "Reshape", "Flatten", "Slice", "Expand", "Transpose"),
        *("Concat", "FeatureVectorizer", "Imputer"),
    ]
)
"""Operators that hand values on as they are."""

MOST_STEPS = 64
"""Values that are followed for one input; an index is a few nodes away."""


@dataclass(frozen=True)
class InputRange:
    """What an input may be; None where the graph does not say.

    Parameters
    ----------
    rows
        Rows of the smallest table that the input indexes.
    thresholds
        Values that trees compare with, by feature.
    offset, scale
        Mean and deviation of each feature that the graph takes off itself.
    texts
        Texts that the graph knows.
    is_number
        Whether whole numbers are turned to floats and calculated with.
    """

    rows: int | None = None
    thresholds: Mapping[int, Array] | None = None
    offset: Array | None = None
    scale: Array | None = None
    texts: tuple[str, ...] | None = None
    is_number: bool = False


def input_ranges(model: ModelProto) -> dict[str, InputRange]:
    """Return what is known of each input of the graph."""
    users: dict[str, list[NodeProto]] = defaultdict(list)
    constants: dict[str, TensorProto] = {}
    producers: dict[str, NodeProto] = {}
    for graph in graphs_of(model.graph):
        constants.update({tensor.name: tensor for tensor in graph.initializer})
    for node in nodes_of(model.graph):
        producers.update({name: node for name in node.output})
        for name in dict.fromkeys(node.input):
            users[name].append(node)
        if node.op_type == "Constant":
            constants.update((node.output[0], a.t) for a in node.attribute if a.name == "value")
    ranges = {}
    for value in model.graph.input:
        known = InputRange()
        for name, user in reached(value.name, users):
            known = narrowed(known, name, user, constants, producers)
        ranges[value.name] = known
    return ranges


def graphs_of(graph: GraphProto) -> Iterator[GraphProto]:
    """Yield a graph and its subgraphs."""
    yield graph
    for node in nodes_of(graph):
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield attribute.g
            yield from attribute.graphs


def reached(name: str, users: Mapping[str, list[NodeProto]]) -> Iterator[tuple[str, NodeProto]]:
    """Yield (value, node that reads it) for the values that equal an input."""
    todo, seen = [name], {name}
    while todo and len(seen) < MOST_STEPS:
        current = todo.pop()
        for user in users.get(current, []):
            yield current, user
            if user.op_type in PASSING and user.output[0] not in seen:
                seen.add(user.output[0])
                todo.append(user.output[0])


def narrowed(
    known: InputRange,
    name: str,
    user: NodeProto,
    constants: Mapping[str, TensorProto],
    producers: Mapping[str, NodeProto],
) -> InputRange:
    """Return what is known after a look at one node that reads the input."""
    rows = table_rows(name, user, constants, producers)
    if rows is not None:
        return replace(known, rows=rows if known.rows is None else min(rows, known.rows))
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in user.attribute}
    if user.op_type.startswith("TreeEnsemble"):
        return replace(known, thresholds=thresholds_of(attributes))
    if user.op_type == "Scaler":
        scale = 1 / np.where(np.asarray(attributes["scale"]) == 0, 1, np.asarray(attributes["scale"]))
        return replace(known, offset=np.asarray(attributes["offset"]), scale=scale)
    texts = next(
        (attributes[key] for key in ("keys_strings", "cats_strings", "pool_strings") if key in attributes),
        None,
    )
    if texts:
        return replace(known, texts=tuple(text.decode() for text in texts))
    if user.op_type == "Cast" and attributes.get("to") in (
        TensorProto.FLOAT,
        TensorProto.DOUBLE,
        TensorProto.FLOAT16,
    ):
        return replace(known, is_number=True)
    return known


def table_rows(
    name: str,
    user: NodeProto,
    constants: Mapping[str, TensorProto],
    producers: Mapping[str, NodeProto],
) -> int | None:
    """Return the rows of the table that `name` indexes in `user`."""
    table: str | None = None
    if user.op_type == "Gather" and user.input[1] == name:
        table = user.input[0]
    elif user.op_type == "EmbedLayerNormalization":
        table = {user.input[0]: user.input[2], user.input[1]: user.input[4]}.get(name)
    elif user.op_type == "GatherBlockQuantized" and user.input[1] == name:
        table = user.input[0]
    while (
        table is not None
        and table in producers
        and producers[table].op_type in ("DequantizeLinear", "Cast", "Identity")
    ):
        table = producers[table].input[0]
    tensor = constants.get(table) if table is not None else None
    return tensor.dims[0] if tensor is not None and len(tensor.dims) > 1 else None


def thresholds_of(attributes: Mapping[str, object]) -> dict[int, Array]:
    """Return the values that each feature is compared with, float64."""
    features = np.asarray(attributes.get("nodes_featureids", []), dtype=np.int64)
    values: Array = np.asarray(attributes.get("nodes_values", []), dtype=np.float64)
    if "nodes_values_as_tensor" in attributes:
        values = numpy_helper.to_array(attributes["nodes_values_as_tensor"])  # type: ignore[arg-type]
    modes = np.asarray(attributes.get("nodes_modes", [b"BRANCH_LEQ"] * len(features)))
    inner = modes != b"LEAF"
    return {int(feature): values[inner & (features == feature)] for feature in np.unique(features[inner])}
