"""Models of PyTorch: exported programs (.pt2), and weights with a class that the user names."""

import inspect
import io
from collections.abc import Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto
from safetensors import SafetensorError

from ..samples import Array, Feeds
from .source import Reference, Source, library, refused, said_by
from .torch_archive import checked_archive

TORCH_OPSET = 20
"""Opset of graphs of PyTorch; the exporter writes its best graphs for 18 and newer."""

BATCH = "batch"

Module = Any
"""A module of PyTorch, which has types, and a size that no check of types here should install."""


def program_source(path: Path) -> Source:
    """Read a .pt2 archive, whose parts that could run code are refused or left out, and convert it.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where it is none, could run code, or has operators that ONNX lacks.
    """
    content = checked_archive(path)
    torch = library("torch", "torch")
    try:
        program = torch.export.load(io.BytesIO(content))
    except Exception as error:  # torch raises whatever it stumbles over
        raise refused(f"{path.name} cannot be loaded: {said_by(error)}") from error
    names = [str(name) for name in program.graph_signature.user_inputs]
    model = converted(torch, program, ())
    return Source(
        model, reference_of(torch, program.module(), names, model), "torch", remarks=fixed_axes(model)
    )


def weights_source(path: Path, class_name: str, dataset: Path) -> Source:
    """Read weights, put them into a module of the user's class, and convert it.

    Parameters
    ----------
    class_name
        FILE.py:NAME. The file is the user's own code, and is run.
    dataset
        .npz with two samples or more by the names of the parameters of `forward`; axis 0 counts samples.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where the file has more than tensors, or does not fit the class.
    """
    torch = library("torch", "torch")
    weights = weights_of(torch, path)
    module = module_of(class_name)
    try:
        module.load_state_dict(weights, strict=True)
    except (RuntimeError, TypeError) as error:
        raise refused(f"{path.name} does not fit {class_name}: {said_by(error)}") from error
    module.eval()
    feeds = first_samples(dataset)
    names = [name for name in inspect.signature(module.forward).parameters if name in feeds]
    shapes = {name: {0: torch.export.Dim(BATCH)} for name in names}
    with torch.no_grad():
        given = tuple(torch.from_numpy(feeds[name]) for name in names)
        program = torch.export.export(module, given, dynamic_shapes=tuple(shapes[name] for name in names))
    model = converted(torch, program, names)
    return Source(model, reference_of(torch, module, names, model), "torch", remarks=fixed_axes(model))


def weights_of(torch: Any, path: Path) -> Mapping[str, Any]:  # noqa: ANN401 - a module
    """Return the tensors of a .safetensors file, or of one of torch.save that has nothing else."""
    if path.suffix.lower() == ".safetensors":
        try:
            tensors: Mapping[str, Any] = library("safetensors.torch", "torch").load_file(path)
        except SafetensorError as error:
            raise refused(f"{path.name} is no safetensors file: {error}") from error
        return tensors
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises its own kinds for what it does not allow
        raise refused(
            f"{path.name} has more than tensors, and reading that runs the code that it names: {said_by(error)}"
            " Save the state_dict of the model with safetensors."
        ) from error
    if not isinstance(loaded, dict) or not all(isinstance(value, torch.Tensor) for value in loaded.values()):
        raise refused(f"{path.name} is no state_dict: tensors by name. Save model.state_dict().")
    return loaded


def module_of(class_name: str) -> Module:
    """Return a new object of FILE.py:NAME."""
    file, _, name = class_name.rpartition(":")
    path = Path(file)
    if path.suffix != ".py" or not path.is_file():
        raise refused(f"There is no file {file}. Give --class FILE.py:NAME.")
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise refused(f"{file} cannot be loaded as Python.")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, name):
        raise refused(f"{file} has no class {name}.")
    return getattr(module, name)()


def first_samples(dataset: Path) -> dict[str, Array]:
    """Return two samples of an .npz file: with one, the exporter would take the axis for fixed."""
    try:
        with np.load(dataset, allow_pickle=False) as file:
            return {name: file[name][:2] for name in file.files if name != "expected"}
    except (ValueError, OSError) as error:
        raise refused(f"{dataset.name} is no .npz file of numbers: {said_by(error)}") from error


def converted(torch: Any, program: Any, names: Sequence[str]) -> ModelProto:  # noqa: ANN401 - objects of torch
    """Return the graph, without the paths and lines of source that torch writes to each node."""
    try:
        exported = torch.onnx.export(
            program, dynamo=True, opset_version=TORCH_OPSET, verbose=False, input_names=list(names) or None
        )
    except Exception as error:  # torch raises whatever it stumbles over
        raise refused(f"PyTorch cannot export this model: {said_by(error)}") from error
    model: ModelProto = exported.model_proto
    for node in (*model.graph.node, *(node for function in model.functions for node in function.node)):
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.value_info[:]
    return model


def reference_of(torch: Any, module: Module, names: Sequence[str], model: ModelProto) -> Reference:  # noqa: ANN401
    """Return what PyTorch answers, by the names of the outputs of the graph."""
    outputs = [value.name for value in model.graph.output]

    def answers(feeds: Feeds) -> dict[str, Array]:
        with torch.no_grad():
            found = module(*(torch.from_numpy(np.ascontiguousarray(feeds[name])) for name in names))
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
