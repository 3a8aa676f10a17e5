"""Whether samples fit the inputs of a graph."""

from dataclasses import replace
from typing import Any

import numpy as np
from onnx import ModelProto, helper

from .labels import invalid
from .plain import counted
from .samples import Array, Samples, takes_stacked


def checked(samples: Samples, model: ModelProto) -> Samples:
    """Return the samples with the dtypes of the graph.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where a name, a dtype or a shape does not fit.
    """
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = {value.name: value for value in model.graph.input if value.name not in constants}
    for numbers in (samples.expected, samples.numbers):
        if numbers is not None and len(numbers) != len(samples):
            raise invalid(f"{counted(len(samples), 'sample')} came with {counted(len(numbers), 'label')}.")
    if samples.class_output is not None and samples.class_output not in {v.name for v in model.graph.output}:
        raise invalid(f"The graph has no output {samples.class_output}, by which the samples are judged.")
    requests = []
    for number, feeds in enumerate(samples.requests):
        for name in sorted(set(inputs) ^ set(feeds)):
            raise invalid(
                f"Sample {number} has no {name}, which the graph needs."
                if name in inputs
                else f"Sample {number} has {name}, which is no input of the graph."
            )
        requests.append({name: fitting(value, inputs[name], number) for name, value in feeds.items()})
    return replace(samples, requests=requests, stackable=takes_stacked(model))


def fitting(value: Array, info: Any, number: int) -> Array:  # noqa: ANN401 - ValueInfoProto
    """Return a value of the dtype of an input, checked against its shape."""
    tensor = info.type.tensor_type
    dtype = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    if tensor.HasField("shape"):
        wanted = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
        fits = len(wanted) == value.ndim and all(
            length is None or length == have for length, have in zip(wanted, value.shape, strict=True)
        )
        if not fits:
            shape = ["*" if length is None else length for length in wanted]
            raise invalid(
                f"Sample {number}: {info.name} has the shape {list(value.shape)}, and the graph takes {shape}."
            )
    return cast(value, dtype, f"Sample {number}: {info.name}")


def cast(value: Array, dtype: np.dtype[Any], where: str) -> Array:
    """Return a value in a dtype, where that changes no number but by rounding."""
    if dtype == np.dtype(object):
        return value.astype(dtype)
    if value.dtype.kind in "US":
        raise invalid(f"{where} has texts, and the graph takes {dtype}.")
    if value.dtype.kind not in "fiub" and value.dtype.kind != dtype.kind:
        raise invalid(f"{where} has values that are no numbers, and the graph takes {dtype}.")
    if value.dtype.kind == "f" and dtype.kind in "iub" and value.size > 0:
        raise invalid(f"{where} has fractions, and the graph takes {dtype}.")
    with np.errstate(over="ignore", invalid="ignore"):
        made = value.astype(dtype, copy=False)
        is_held = np.isfinite(made) >= np.isfinite(value) if dtype.kind == "f" else made == value
    if value.dtype.kind in "fiub" and not np.all(is_held):
        raise invalid(f"{where} has a number that {dtype} does not hold.")
    return made
