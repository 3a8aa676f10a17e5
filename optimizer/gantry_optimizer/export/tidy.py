"""One form for graphs of every converter: no ZipMap, known names, a batch axis of any length, each domain once."""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper

from ..runtime import open_session, run
from .source import refused

BATCH = "batch"
"""Name of the axis that counts rows."""

INPUT = "features"
LABEL = "label"
PROBABILITIES = "probabilities"
PREDICTION = "prediction"


def tidied(model: ModelProto, features: int, columns: int | None) -> ModelProto:
    """Return a graph of a table: float32 [batch, features] in; out `label` and `probabilities`, or `prediction`.

    Parameters
    ----------
    columns
        Classes of a classifier; None of a regression.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where the graph has other inputs or outputs.
    """
    made = ModelProto()
    made.CopyFrom(model)
    without_zipmap(made)
    inputs = [value.name for value in made.graph.input]
    outputs = [value.name for value in made.graph.output]
    wanted = [PREDICTION] if columns is None else [LABEL, PROBABILITIES]
    if len(inputs) != 1 or len(outputs) != len(wanted):
        raise refused(
            f"The graph has the inputs {', '.join(inputs)} and the outputs {', '.join(outputs)};"
            f" one table in and {' and '.join(wanted)} out can be exported."
        )
    rename(made, {inputs[0]: INPUT, **dict(zip(outputs, wanted, strict=True))})
    made.graph.input[0].CopyFrom(helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [BATCH, features]))
    shapes: dict[str, list[str | int | None]] = {
        LABEL: [BATCH],
        PROBABILITIES: [BATCH, columns],
        PREDICTION: [BATCH, *(widths(made, features) if columns is None else ())],
    }
    for value in made.graph.output:
        kind = value.type.tensor_type.elem_type or TensorProto.FLOAT
        value.CopyFrom(helper.make_tensor_value_info(value.name, kind, shapes[value.name]))
    del made.graph.value_info[:]
    domains_once(made)
    return made


def widths(model: ModelProto, features: int) -> tuple[int, ...]:
    """Return the axes of a prediction beside that of the rows, by a run: converters do not always write them."""
    bare = ModelProto()
    bare.CopyFrom(model)
    for value in bare.graph.output:
        value.type.tensor_type.ClearField("shape")
    rows = np.zeros((2, features), dtype=np.float32)
    return tuple(run(open_session(bare), {INPUT: rows})[PREDICTION].shape[1:])


def without_zipmap(model: ModelProto) -> None:
    """Take ZipMap away, which makes maps of the tensor of probabilities."""
    graph = model.graph
    for node in [node for node in graph.node if node.op_type == "ZipMap"]:
        graph.node.remove(node)
        for value in graph.output:
            if value.name == node.output[0]:
                value.CopyFrom(helper.make_tensor_value_info(value.name, TensorProto.FLOAT, [BATCH, None]))
        rename(model, {node.input[0]: node.output[0]})


def rename(model: ModelProto, names: dict[str, str]) -> None:
    """Give values of the graph other names; a name that is taken already makes room."""
    taken = {name: f"{name}_" for name in names.values() if name not in names and is_used(model, name)}
    for node in model.graph.node:
        renamed(node, taken | names)
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        value.name = (taken | names).get(value.name, value.name)


def is_used(model: ModelProto, name: str) -> bool:
    """Return whether a value inside the graph, which is no output of it, has the name."""
    ends = {value.name for value in (*model.graph.input, *model.graph.output)}
    return name not in ends and any(name in node.output for node in model.graph.node)


def renamed(node: NodeProto, names: dict[str, str]) -> None:
    """Rename what a node reads and writes."""
    node.input[:] = [names.get(name, name) for name in node.input]
    node.output[:] = [names.get(name, name) for name in node.output]


def domains_once(model: ModelProto) -> None:
    """Write each domain once, the newest of its versions: converters list some twice."""
    versions: dict[str, int] = {}
    for entry in model.opset_import:
        domain = "" if entry.domain == "ai.onnx" else entry.domain
        versions[domain] = max(entry.version, versions.get(domain, 0))
    used = {("" if node.domain == "ai.onnx" else node.domain) for node in model.graph.node}
    del model.opset_import[:]
    model.opset_import.extend(
        helper.make_opsetid(domain, number) for domain, number in sorted(versions.items()) if domain in used
    )


def opsets(model: ModelProto) -> dict[str, int]:
    """Return the version of each domain; the default domain is `ai.onnx`."""
    return {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
