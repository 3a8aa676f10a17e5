"""Files of samples that are broken in some way are refused by their name, and never judge a graph."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper
from safetensors.numpy import save_file

from gantry_optimizer.dataset import read_samples
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.labels import require_classes
from gantry_optimizer.samples import Samples

from .small_graphs import FLOAT, model_of, network

LINE: dict[str, Any] = {"x": [1, 2, 3, 4], "expected": 1}


def refused(path: Path, **types: int) -> str:
    """Return the sentence with which a file is refused; `types`: dtypes of inputs of [n, 4] instead of x's."""
    nodes = [helper.make_node("Cast", [name], [f"{name}_y"], to=FLOAT) for name in types]
    shape: list[int | str] = ["n", 4]
    inputs = [(name, dtype, shape) for name, dtype in types.items()]
    model = (
        model_of(nodes, {}, inputs, [(f"{name}_y", FLOAT, shape) for name in types]) if types else network()
    )
    with pytest.raises(OptimizationError) as caught:
        read_samples(path, model)
    assert caught.value.reason == "CalibrationInvalid"
    assert path.name in caught.value.sentence or caught.value.sentence.startswith("Sample ")
    return caught.value.sentence


def lines(folder: Path, last: str | bytes) -> Path:
    path = folder / "data.jsonl"
    good = "".join(json.dumps(LINE) + "\n" for _ in range(9)).encode()
    path.write_bytes(good + (last if isinstance(last, bytes) else last.encode()))
    return path


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ('{"x": [1, 2, 3, 4], "expected": 1.5}', "label 1.5"),
        ('{"x": [1, 2, 3, 4], "expected": 1e999}', "label inf"),
        ('{"x": [1, 2, 3, 4], "expected": NaN}', "label nan"),
        ('{"x": [1, 2, 3, 4], "expected": -7}', "label -7"),
        ('{"x": [1, 2, 3, 4], "expected": 123456789012345678901}', "label 123456789012345678901"),
        ('{"x": [1, 2, 3, 4], "expected": "1"}', "label '1'"),
        ('{"x": [1, 2, 3, 4], "expected": null}', "label None"),
        ('{"x": [1, 2, 3, 123456789012345678901]}', "no numbers"),
        ('{"x": [null, 2, 3, 4]}', "no numbers"),
        ('{"x": [1, 2, 3, 1e300]}', "float32 does not hold"),
        ("[1]", "line 10: it is no object"),
        ('{"x": ' + "[" * 50_000, "line 10: it is nested too deeply"),
        (b'{"x": "\xe9"}', "UTF-8"),
    ],
)
def test_a_line_that_is_broken_is_refused(tmp_path: Path, last: str | bytes, said: str) -> None:
    assert said in refused(lines(tmp_path, last))


def test_a_mark_of_the_byte_order_is_no_fault(tmp_path: Path) -> None:
    path = lines(tmp_path, "")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_samples(path, network())) == 9


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        (TensorProto.UINT8, [1, 2, 3, 300]),
        (TensorProto.INT32, [1, 2, 3, 1 << 32]),
        (TensorProto.UINT8, [1, 2, 3, -1]),
        (TensorProto.BOOL, [0, 1, 2, 3]),
        (TensorProto.BOOL, [0.5, 1, 0, 1]),
    ],
)
def test_numbers_that_the_type_of_an_input_does_not_hold_are_refused(
    tmp_path: Path, dtype: int, values: list[float]
) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps({"u": values}) + "\n" for _ in range(9)))
    assert refused(path, u=dtype).startswith("Sample 0: u has ")


@pytest.mark.parametrize(
    "arrays",
    [
        {"expected": np.full(16, np.nan)},
        {"expected": np.full(16, 0.5)},
        {"expected": np.array(["a"] * 16)},
        {"expected": np.zeros((4, 4))},
        {"expected": np.int64(1)},
        {"x": np.ones((16, 4), np.complex64)},
        {"x": np.zeros((16, 4), "datetime64[s]")},
    ],
)
def test_arrays_that_are_no_samples_or_labels_are_refused(tmp_path: Path, arrays: dict[str, Any]) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, **({"x": np.ones((16, 4), np.float32)} | arrays))
    refused(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"\x93NUMPY\x01\x00junk"])
def test_a_file_that_is_no_archive_of_arrays_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(content)
    refused(path)


def test_an_array_and_an_archive_that_is_damaged_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    with path.open("wb") as file:
        np.save(file, np.ones((16, 4), np.float32))
    refused(path)
    np.savez(path, x=np.ones((16, 4), np.float32))
    content = bytearray(path.read_bytes())
    content[200] ^= 255
    path.write_bytes(bytes(content))
    refused(path)


@pytest.mark.parametrize(
    "labels",
    [
        {"expected": np.ones((16, 2), np.int64)},
        {"expected": np.array(1)},
        {"expected": np.full(16, 1.5, np.float32)},
        {"expected": np.full(16, np.nan, np.float32)},
        {"expected": np.full(16, -5)},
        {"samples": np.ones((16, 2), np.int64)},
    ],
)
def test_labels_of_tensors_that_are_no_whole_numbers_are_refused(
    tmp_path: Path, labels: dict[str, Any]
) -> None:
    rows = {f"{row:06}/x": np.ones((1, 4), np.float32) for row in range(16)}
    path = tmp_path / "data.safetensors"
    save_file(rows | labels, str(path), metadata={"format": "1"})
    refused(path)


def test_tensors_of_a_type_that_numpy_lacks_are_refused(tmp_path: Path) -> None:
    about = {"000000/x": {"dtype": "F8_E4M3", "shape": [1, 4], "data_offsets": [0, 4]}}
    header = json.dumps(about | {"__metadata__": {"format": "1"}}).encode()
    path = tmp_path / "data.safetensors"
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))
    refused(path)


def test_labels_beyond_the_classes_judge_nothing_and_are_refused() -> None:
    answers = [{"scores": np.ones((1, 3), np.float32)}] * 4
    samples = Samples([{}] * 4, np.array([0, 1, 2, -1]), "scores")
    require_classes(answers, samples)
    with pytest.raises(OptimizationError, match="label 3, and scores has 3 classes, counted from 0"):
        require_classes(answers, Samples([{}] * 4, np.array([0, 1, 3, -1]), "scores"))
    require_classes(answers, Samples([{}] * 4, np.array([0, 1, 3, -1]), "scores", answer="value"))
    empty = [{"scores": np.ones((0, 3), np.float32)}] * 4
    with pytest.raises(OptimizationError, match="scores has no number"):
        require_classes(empty, samples)
