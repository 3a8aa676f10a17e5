"""Modules of PyTorch as graphs: the conversion, and what PyTorch itself answers."""

import inspect
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from onnx import ModelProto

from ..samples import Array, Feeds
from .source import Reference, Source, library, refused, said_by

TORCH_OPSET = 20
"""Opset of graphs of PyTorch: its exporter writes 18 and newer, and this one has Gelu as one operator."""

Module = Any
"""A module of PyTorch, which has types, and a size that no check of types here should install."""

Axes = Mapping[str, Mapping[int, str]]
"""Axes of any length: a name for each, by the input and the place of the axis."""


def exported(module: Module, feeds: Feeds, axes: Axes, outputs: Sequence[str] | None = None) -> Source:
    """Convert a module.

    Parameters
    ----------
    module
        Takes the inputs in the order of `feeds`. It is put into the mode in which it answers.
    feeds
        Examples of the inputs. Axes of any length have at least 2 entries: 1 would be taken for fixed.
    axes
        Axes of any length.
    outputs
        Names of the outputs, where they are no dictionary.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where PyTorch cannot follow the module, or fixes an axis that may have any length.
    """
    torch = library("torch", "torch")
    module.eval()
    given = tuple(torch.from_numpy(np.ascontiguousarray(value)) for value in feeds.values())
    # An axis that the module fixes is an error then, and no fixed axis.
    free = torch.export.Dim.DYNAMIC
    try:
        with torch.no_grad():
            program = torch.export.export(
                module,
                given,
                dynamic_shapes=spread(module, [{at: free for at in axes.get(name, {})} for name in feeds]),
            )
    except Exception as error:  # torch raises whatever it stumbles over
        raise refused(f"PyTorch cannot follow this model: {said_by(error)}") from error
    return source_of(program, list(feeds), outputs, axes)


def spread(module: Module, shapes: Sequence[Mapping[int, Any]]) -> tuple[Any, ...]:
    """Return the shapes of the parameters of `forward`; one that takes any number of tensors has them in a tuple."""
    kinds = [one.kind for one in inspect.signature(module.forward).parameters.values()]
    return (tuple(shapes),) if inspect.Parameter.VAR_POSITIONAL in kinds else tuple(shapes)


def source_of(program: Any, names: Sequence[str], outputs: Sequence[str] | None, axes: Axes) -> Source:  # noqa: ANN401
    """Return the graph of an exported program beside what the program answers.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where ONNX lacks an operator, or an axis of `axes` is fixed.
    """
    model = converted(program, names, outputs or output_names(program))
    name_axes(model, axes)
    require_free_axes(model, axes)
    return Source(
        model, reference_of(program, names, model), "torch", rows="tensors", remarks=fixed_axes(model)
    )


def output_names(program: Any) -> list[str]:  # noqa: ANN401 - an object of torch
    """Return the keys of the outputs where they are a dictionary; else `output`, or `output_0` and so on."""
    spec = program.call_spec.out_spec
    children = spec.children()
    if spec.type is dict and all(child.is_leaf() for child in children):
        return [str(key) for key in spec.context]
    return ["output"] if spec.num_leaves == 1 else [f"output_{place}" for place in range(spec.num_leaves)]


def converted(program: Any, names: Sequence[str], outputs: Sequence[str]) -> ModelProto:  # noqa: ANN401
    """Return the graph, without the paths and lines of source that torch writes to each node."""
    torch = library("torch", "torch")
    # It warns of operators of packages that are not installed.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    try:
        made = torch.onnx.export(
            program,
            dynamo=True,
            opset_version=TORCH_OPSET,
            verbose=False,
            input_names=list(names),
            output_names=list(outputs),
        )
    except Exception as error:  # torch raises whatever it stumbles over
        raise refused(f"PyTorch cannot write this model as ONNX: {said_by(error)}") from error
    model: ModelProto = made.model_proto
    for node in (*model.graph.node, *(node for function in model.functions for node in function.node)):
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        del value.metadata_props[:]
    del model.graph.value_info[:]
    del model.graph.metadata_props[:]
    return model


def name_axes(model: ModelProto, axes: Axes) -> None:
    """Name the symbols that PyTorch numbers as `axes` does, else `batch` the first axis and `axis_N` the others."""
    names: dict[str, str] = {}
    for value in model.graph.input:
        for place, dim in enumerate(value.type.tensor_type.shape.dim):
            if dim.dim_param:
                usual = "batch" if place == 0 else f"axis_{place}"
                names.setdefault(dim.dim_param, axes.get(value.name, {}).get(place, usual))
    for value in (*model.graph.input, *model.graph.output):
        for dim in value.type.tensor_type.shape.dim:
            if dim.dim_param:
                dim.dim_param = re.sub(r"\w+", lambda found: names.get(found[0], found[0]), dim.dim_param)


def require_free_axes(model: ModelProto, axes: Axes) -> None:
    """Raise where PyTorch fixed an axis that is to have any length."""
    for value in model.graph.input:
        dims = value.type.tensor_type.shape.dim
        for place, name in axes.get(value.name, {}).items():
            if dims[place].HasField("dim_value"):
                raise refused(
                    f"The model takes {value.name} only where axis {place} ({name}) has the length"
                    f" {dims[place].dim_value}: a line of it depends on that length."
                )


def reference_of(program: Any, names: Sequence[str], model: ModelProto) -> Reference:  # noqa: ANN401
    """Return what PyTorch answers, by the names of the outputs of the graph."""
    torch = library("torch", "torch")
    outputs = [value.name for value in model.graph.output]
    module, spec = program.module(), program.call_spec.in_spec

    def answers(feeds: Feeds) -> dict[str, Array]:
        given = [torch.from_numpy(np.ascontiguousarray(feeds[name])) for name in names]
        positional, named = torch.utils._pytree.tree_unflatten(given, spec)
        try:
            with torch.no_grad():
                found = module(*positional, **named)
        except Exception as error:  # torch raises whatever it stumbles over
            shapes = ", ".join(f"{name} {list(feeds[name].shape)}" for name in names)
            raise refused(f"PyTorch itself does not answer {shapes}: {said_by(error)}") from error
        tensors = torch.utils._pytree.tree_leaves(found)
        return {name: tensor.numpy() for name, tensor in zip(outputs, tensors, strict=True)}

    return answers


def fixed_axes(model: ModelProto) -> tuple[str, ...]:
    """Return a sentence where an input takes one number of rows only."""
    fixed = [
        value.name
        for value in model.graph.input
        if value.type.tensor_type.shape.dim and value.type.tensor_type.shape.dim[0].HasField("dim_value")
    ]
    if not fixed:
        return ()
    return (
        f"{', '.join(fixed)} takes one number of rows only. Export with a dynamic first axis to share runs.",
    )
