"""Models of PyTorch: exported programs (.pt2), and weights with a class that the user names."""

import inspect
from collections.abc import Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np

from ..dataset import read_feeds
from ..samples import Array, Feeds
from .source import Source, library, refused, said_by
from .torch_archive import checked_archive
from .torch_modules import Module, exported, source_of
from .torch_weights import weights_of


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
        program = torch.export.load(content)
    except Exception as error:  # torch raises whatever it stumbles over
        raise refused(f"{path.name} cannot be loaded: {said_by(error)}") from error
    require_kernels(program)
    return source_of(program, [str(name) for name in program.graph_signature.user_inputs], None, {})


def require_kernels(program: Any) -> None:  # noqa: ANN401 - an object of torch
    """Raise where an operator has no kernel for tensors: those of TorchScript, among them one that writes files.

    Nothing of the program has run yet.
    """
    torch = library("torch", "torch")
    for module in program.graph_module.modules():
        for node in module.graph.nodes if hasattr(module, "graph") else []:
            is_operator = isinstance(node.target, torch._ops.OpOverload)
            if is_operator and not torch._C._dispatch_has_kernel(node.target.name()):
                raise refused(f"The archive has the operator {node.target.name()}, which is none of tensors.")


def weights_source(path: Path, class_name: str | None, dataset: Path | None) -> Source:
    """Read weights, put them into a module of the user's class, and convert it.

    Parameters
    ----------
    class_name
        FILE.py:NAME. The file is the user's own code, and is run.
    dataset
        Samples by the names of the parameters of `forward`. They say which types and lengths the inputs have.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where the file has more than tensors, or does not fit the class.
    """
    if class_name is None:
        raise refused(
            f"{path.name} has weights and no model. Give --class FILE.py:NAME, a class without parameters,"
            " or the folder with config.json where it is one of Hugging Face."
        )
    if dataset is None:
        raise refused("A class does not say which inputs it takes. Give some as --dataset.")
    feeds, axes = examples_of(read_feeds(dataset))
    weights = weights_of(path)
    module = module_of(class_name)
    try:
        module.load_state_dict(weights, strict=True)
    except (RuntimeError, TypeError) as error:
        raise refused(f"{path.name} does not fit {class_name}: {said_by(error)}") from error
    names = [name for name in inspect.signature(module.forward).parameters if name in feeds]
    unknown = next((name for name in feeds if name not in names), None)
    if unknown is not None:
        raise refused(f"forward of {class_name} has no parameter {unknown}, which the data set has.")
    return exported(module, {name: feeds[name] for name in names}, axes)


def module_of(class_name: str) -> Module:
    """Return a new object of FILE.py:NAME."""
    file, _, name = class_name.rpartition(":")
    path = Path(file)
    if path.suffix != ".py" or not path.is_file():
        raise refused(f"There is no file {file or class_name}. Give --class FILE.py:NAME.")
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise refused(f"{file} cannot be loaded as Python.")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        made = getattr(module, name, None)
        found = made() if callable(made) else None
    except Exception as error:  # the code is the user's
        raise refused(f"{class_name} cannot be made: {said_by(error)}") from error
    if not isinstance(found, library("torch", "torch").nn.Module):
        raise refused(f"{file} has no class {name} of modules of PyTorch.")
    return found


def examples_of(requests: Sequence[Feeds]) -> tuple[dict[str, Array], dict[str, dict[int, str]]]:
    """Return inputs of two samples, and the axes of any length: the first, and those that differ between samples."""
    feeds: dict[str, Array] = {}
    axes: dict[str, dict[int, str]] = {}
    for name in requests[0]:
        values = [as_tensor(request[name]) for request in requests if name in request]
        first = values[0]
        if any(value.ndim != first.ndim for value in values) or first.ndim == 0:
            raise refused(f"{name} has another number of axes in some samples of the data set.")
        free = [at for at in range(1, first.ndim) if len({value.shape[at] for value in values}) > 1]
        axes[name] = {0: "batch", **{at: "sequence" if at == 1 else f"axis_{at}" for at in free}}
        longest = max(values, key=lambda value: value.size)
        feeds[name] = np.concatenate([longest, longest])
    return feeds, axes


def as_tensor(value: Array) -> Array:
    """Return numbers as PyTorch's own: JSON has float64, and modules have float32."""
    return value.astype(np.float32) if value.dtype == np.float64 else value
