"""Reads samples from files: those that the inference server wrote, arrays of NumPy, and JSON lines of numbers."""

import json
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto
from safetensors import SafetensorError, safe_open

from .failure import OptimizationError
from .fitting import checked
from .labels import Labels, invalid, label_of, labels_of
from .plain import counted
from .samples import Array, Feeds, Samples

FEWEST = 8
"""Samples; half of them calibrate and half of them judge, and fewer say nothing about either."""

EXPECTED = "expected"
"""Name of the labels, int64 [samples], in every format."""

SAMPLE = "inputs"
"""Name of what is given to the server in the data sets of `evaluate`."""


def read_samples(path: Path, model: ModelProto, shown_as: str | None = None) -> Samples:
    """Read samples and check that the graph takes them.

    Parameters
    ----------
    shown_as
        What messages call the data set, where another program made the file of it.

    Raises
    ------
    OptimizationError
        CalibrationInvalid, with the name of the input or the number of the line.
    """
    try:
        samples = checked(unchecked(path, model), model)
        if samples.distinct < FEWEST:
            raise invalid(f"{path.name} has {too_few(samples.distinct, samples.total, FEWEST)}.")
    except OptimizationError as error:
        sentence = error.sentence.replace(path.name, shown_as or path.name)
        raise OptimizationError(error.reason, sentence) from error
    return samples


def unchecked(path: Path, model: ModelProto) -> Samples:
    """Return the samples of a file, whatever the graph takes."""
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
    return reader(path, model)


def read_feeds(path: Path) -> Sequence[Feeds]:
    """Return the inputs of each sample of a file, for a model that has no graph yet.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where the file is none of numbers, or has no sample.
    """
    feeds = unchecked(path, ModelProto()).requests
    if not feeds:
        raise invalid(f"{path.name} has no sample.")
    return feeds


def too_few(count: int, total: int | None, needed: int) -> str:
    """Return in words how many samples there are, and how many the data set has to have for the needed ones."""
    if total is None or total <= count or count == 0:
        return f"{counted(count, 'sample')}, and at least {needed} are needed"
    whole = -(-needed * total // count)
    return (
        f"{counted(count, 'sample')}, a part of the {total} of the data set, and at least {needed} are needed:"
        f" give a data set of {whole} or more"
    )


def read_safetensors(path: Path, model: ModelProto) -> Samples:
    """Read what `inference-server samples` wrote (contract/optimizing.ts): ROW/INPUT, `expected`, `samples`."""
    requests: dict[str, dict[str, Array]] = {}
    others: dict[str, Labels] = {}
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
                    others[name] = labels_of(file.get_tensor(name), f"{path.name}: {name}")
    except (SafetensorError, AttributeError, TypeError) as error:  # the last two: types that NumPy lacks
        raise invalid(f"{path.name} is no safetensors file of numbers: {error}") from error
    return Samples(
        [requests[number] for number in sorted(requests)],
        others.get(EXPECTED),
        class_output_of(model, metadata.get("output")),
        digest=metadata.get("digest"),
        answer="value" if metadata.get("answer") == "value" else "argmax",
        numbers=others.get("samples"),
        total=int(metadata["total"]) if metadata.get("total", "").isdecimal() else None,
    )


def read_arrays(path: Path, model: ModelProto) -> Samples:
    """Read arrays by the name of the input, axis 0 counts samples; `expected` has the labels."""
    try:
        # An archive, and no single array, which `np.load` reads, too.
        with zipfile.ZipFile(path):
            pass
        with np.load(path, allow_pickle=False) as file:
            arrays: dict[str, Array] = {name: file[name] for name in file.files}
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise invalid(f"{path.name} is no .npz file of numbers: {error}") from error
    expected = arrays.pop(EXPECTED, None)
    lengths = {name: len(value) if value.ndim else 0 for name, value in arrays.items()}
    count = next(iter(lengths.values()), 0)
    different = next((name for name, length in lengths.items() if length != count), None)
    if different is not None:
        raise invalid(f"{path.name}: {different} has {lengths[different]} samples, and others have {count}.")
    requests = [{name: value[[index]] for name, value in arrays.items()} for index in range(count)]
    labels = None if expected is None else labels_of(expected, f"{path.name}: {EXPECTED}")
    return Samples(requests, labels, class_output_of(model, None))


def read_lines(path: Path, model: ModelProto) -> Samples:
    """Read one JSON object a line: numbers by the name of the input, without the batch axis, and `expected`."""
    requests: list[dict[str, Array]] = []
    labels: list[int] = []
    takes_inputs = SAMPLE in {value.name for value in model.graph.input}
    for number, line in enumerate(text_of(path).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        fields = object_of(line, where)
        if SAMPLE in fields and not takes_inputs:
            raise invalid(
                f"{path.name} has samples as `evaluate` reads them. Give --task, "
                "so that the server turns them into tensors."
            )
        labels.append(label_of(fields.pop(EXPECTED, -1), where))
        try:
            requests.append({name: np.asarray(value)[np.newaxis] for name, value in fields.items()})
        except ValueError as error:
            raise invalid(f"{where}: {error}. Each line is an object of numbers by input.") from error
    expected = np.array(labels, dtype=np.int64)
    return Samples(requests, expected if (expected >= 0).any() else None, class_output_of(model, None))


def text_of(path: Path) -> str:
    """Return the text of a file, without the mark of the byte order that some programs write."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise invalid(f"{path.name} is no UTF-8 from byte {error.start} on. Save it as UTF-8.") from error


def object_of(line: str, where: str) -> dict[str, Any]:
    """Return the object that a line is."""
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise invalid(f"{where}: {error}. Each line is an object of numbers by input.") from error
    except RecursionError as error:
        raise invalid(
            f"{where}: it is nested too deeply. Each line is an object of numbers by input."
        ) from error
    if not isinstance(fields, dict):
        raise invalid(f"{where}: it is no object. Each line is an object of numbers by input.")
    return fields


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
