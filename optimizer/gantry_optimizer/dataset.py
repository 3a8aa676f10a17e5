"""Reads samples from files: those that the inference server wrote, arrays of NumPy, and JSON lines of numbers."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, helper
from safetensors import SafetensorError, safe_open

from .failure import OptimizationError
from .samples import Array, Samples, takes_stacked

FEWEST = 8
"""Samples; half of them calibrate and half of them judge, and fewer say nothing about either."""

EXPECTED = "expected"
"""Name of the labels, int64 [samples], in every format."""


def invalid(sentence: str) -> OptimizationError:
    """Return a failure that says what is wrong with the samples."""
    return OptimizationError("CalibrationInvalid", sentence)


def read_samples(path: Path, model: ModelProto) -> Samples:
    """Read samples and check that the graph takes them.

    Raises
    ------
    OptimizationError
        CalibrationInvalid, with the name of the input or the number of the line.
    """
    readers = {
        ".safetensors": read_safetensors,
        ".npz": read_arrays,
        ".jsonl": read_lines,
        ".ndjson": read_lines,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise invalid(f"{path.name} ends with none of {', '.join(readers)}.")
    if not path.is_file():
        raise invalid(f"There is no file {path}.")
    samples = checked(reader(path, model), model)
    count = len(samples) if samples.numbers is None else len(np.unique(samples.numbers))
    if count < FEWEST:
        raise invalid(f"{path.name} has {count} samples, and at least {FEWEST} are needed.")
    return samples


def read_safetensors(path: Path, model: ModelProto) -> Samples:
    """Read what `inference-server samples` wrote (contract/optimizing.ts): ROW/INPUT, `expected`, `samples`."""
    requests: dict[str, dict[str, Array]] = {}
    others: dict[str, NDArray[np.int64]] = {}
    try:
        with safe_open(str(path), framework="numpy") as file:
            metadata: dict[str, str] = file.metadata() or {}
            if metadata.get("format") != "1":
                raise invalid(f"{path.name} is of format {metadata.get('format')}, and 1 is read here.")
            for name in file.keys():  # noqa: SIM118 - the object is no mapping
                number, _, input_name = name.partition("/")
                if input_name:
                    requests.setdefault(number, {})[input_name] = file.get_tensor(name)
                else:
                    others[name] = file.get_tensor(name).astype(np.int64)
    except SafetensorError as error:
        raise invalid(f"{path.name} is no safetensors file: {error}") from error
    return Samples(
        [requests[number] for number in sorted(requests)],
        others.get(EXPECTED),
        class_output_of(model, metadata.get("output")),
        digest=metadata.get("digest"),
        answer="value" if metadata.get("answer") == "value" else "argmax",
        numbers=others.get("samples"),
    )


def read_arrays(path: Path, model: ModelProto) -> Samples:
    """Read arrays by the name of the input, axis 0 counts samples; `expected` has the labels."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays: dict[str, Array] = {name: file[name] for name in file.files}
    except (ValueError, OSError) as error:
        raise invalid(f"{path.name} is no .npz file of numbers: {error}") from error
    expected = arrays.pop(EXPECTED, None)
    lengths = {name: len(value) if value.ndim else 0 for name, value in arrays.items()}
    count = next(iter(lengths.values()), 0)
    different = next((name for name, length in lengths.items() if length != count), None)
    if different is not None:
        raise invalid(f"{path.name}: {different} has {lengths[different]} samples, and others have {count}.")
    requests = [{name: value[[index]] for name, value in arrays.items()} for index in range(count)]
    labels = None if expected is None else np.asarray(expected).astype(np.int64).reshape(-1)
    return Samples(requests, labels, class_output_of(model, None))


def read_lines(path: Path, model: ModelProto) -> Samples:
    """Read one JSON object a line: numbers by the name of the input, without the batch axis, and `expected`."""
    requests: list[dict[str, Array]] = []
    labels: list[int] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            fields: dict[str, Any] = json.loads(line)
            labels.append(int(fields.pop(EXPECTED, -1)))
            requests.append({name: np.asarray(value)[np.newaxis] for name, value in fields.items()})
        except (ValueError, TypeError, AttributeError) as error:
            raise invalid(
                f"{path.name}, line {number}: {error}. Each line is an object of numbers by input."
            ) from error
    expected = np.array(labels, dtype=np.int64)
    return Samples(requests, expected if (expected >= 0).any() else None, class_output_of(model, None))


def class_output_of(model: ModelProto, named: str | None) -> str | None:
    """Return the output that ranks classes: the one that is named, else the only one of floats."""
    floats = [
        value.name
        for value in model.graph.output
        if value.type.tensor_type.elem_type in (1, 10, 11)  # float, float16, double
    ]
    if named is not None:
        return named
    return floats[0] if len(floats) == 1 else None


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
            raise invalid(f"There are {len(numbers)} labels for {len(samples)} samples.")
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
    if value.dtype.kind == "f" and dtype.kind in "iu":
        raise invalid(f"Sample {number}: {info.name} has fractions, and the graph takes {dtype}.")
    if value.dtype.kind in "OUS" and dtype != np.dtype(object):
        raise invalid(f"Sample {number}: {info.name} has texts, and the graph takes {dtype}.")
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
    return value.astype(dtype, copy=False)
