"""Weights in files beside the graph: within the folder they are read, whatever else is refused by name."""

import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.folder import graph_bytes, load_graph, open_folder, write_folder
from gantry_optimizer.runtime import open_session

from .small_graphs import FLOAT, folder_with, model_of, network

WEIGHTS = np.arange(64, dtype=np.float32).tobytes()


def outside(model: ModelProto, **entries: str) -> ModelProto:
    """Return the graph with its first weights, 256 bytes, in a file."""
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)
    return model


def folder_of(tmp_path: Path, **entries: str) -> Path:
    return folder_with(tmp_path / "model", outside(network(), **entries))


def read(folder: Path) -> bytes:
    return bytes(load_graph(open_folder(folder)).graph.initializer[0].raw_data)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"location": "../secret"}, "none of the model's folder"),
        ({"location": "a/../../secret"}, "none of the model's folder"),
        ({"location": "..\\secret"}, "none of the model's folder"),
        ({"location": "/etc/hostname"}, "none of the model's folder"),
        ({"location": "w\0.bin"}, "none of the model's folder"),
        ({"location": "."}, "none of the model's folder"),
        ({"offset": "0"}, "none of the model's folder"),
        ({"location": "gone.bin"}, "no file gone.bin"),
        ({"location": "x" * 5000}, "no file xxx"),
        ({"location": "w.bin", "offset": "-5"}, "its offset is '-5'"),
        ({"location": "w.bin", "offset": "abc"}, "its offset is 'abc'"),
        ({"location": "w.bin", "length": "-1"}, "its length is '-1'"),
        ({"location": "w.bin", "length": "9" * 30}, "no number of bytes"),
        ({"location": "w.bin", "length": "128"}, "it has 256 bytes, and names 128"),
        ({"location": "w.bin", "offset": "8", "length": "256"}, "ends at byte 264 of w.bin, which has 256"),
        ({"location": "w.bin", "offset": "8"}, "ends at byte 264 of w.bin, which has 256"),
    ],
)
def test_weights_that_are_not_all_in_a_file_of_the_folder_are_refused(
    tmp_path: Path, entries: dict[str, str], said: str
) -> None:
    (tmp_path / "secret").write_bytes(WEIGHTS)
    folder = folder_of(tmp_path, **entries)
    (folder / "w.bin").write_bytes(WEIGHTS)
    for look in (graph_bytes, load_graph, partial(load_graph, far=True)):
        with pytest.raises(OptimizationError) as caught:
            look(open_folder(folder))
        assert caught.value.reason == "OptimizationUnsupported"
        assert said in caught.value.sentence
        assert "'w1'" in caught.value.sentence
        assert len(caught.value.sentence) < 500


def test_a_file_that_is_a_link_or_has_several_names_is_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, location="w.bin")
    (tmp_path / "cache").write_bytes(WEIGHTS)
    (folder / "w.bin").symlink_to(tmp_path / "cache")
    assert read(folder) == WEIGHTS
    (folder / "w.bin").unlink()
    os.link(tmp_path / "cache", folder / "w.bin")
    assert read(folder) == WEIGHTS


def test_a_tensor_without_a_length_is_as_long_as_its_shape_says(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, location="w.bin", offset="4")
    (folder / "w.bin").write_bytes(b"head" + WEIGHTS + b"more")
    assert read(folder) == WEIGHTS


def test_tensors_that_share_bytes_of_a_file_count_each_for_the_memory_that_is_needed(tmp_path: Path) -> None:
    model = model_of(
        [helper.make_node("Sum", [f"w{place}" for place in range(50)], ["y"])],
        {f"w{place}": np.zeros(1, np.float32) for place in range(50)},
        [],
        [("y", FLOAT, [1 << 20])],
    )
    for tensor in model.graph.initializer:
        tensor.ClearField("raw_data")
        tensor.dims[:] = [1 << 20]
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="w.bin")
    folder = folder_with(tmp_path / "model", model)
    (folder / "w.bin").touch()
    os.truncate(folder / "w.bin", 4 << 20)
    assert graph_bytes(open_folder(folder)) > 200 << 20


def test_weights_of_a_function_are_read_from_the_folder_too(tmp_path: Path) -> None:
    constant = helper.make_node("Constant", [], ["w"], value=outside(network()).graph.initializer[0])
    constant.attribute[0].t.external_data.add(key="location", value="../secret")
    nodes = [constant, helper.make_node("MatMul", ["a", "w"], ["b"])]
    model = model_of(
        [helper.make_node("Own", ["x"], ["y"], domain="own")],
        {},
        [("x", FLOAT, ["n", 4])],
        [("y", FLOAT, ["n", 16])],
        domains=["own"],
    )
    model.functions.append(
        helper.make_function("own", "Own", ["a"], ["b"], nodes, [helper.make_opsetid("", 17)])
    )
    with pytest.raises(OptimizationError, match="none of the model's folder"):
        load_graph(open_folder(folder_with(tmp_path / "model", model)))
    constant.attribute[0].t.external_data[0].value = "w.bin"
    model.functions[0].node[0].CopyFrom(constant)
    folder = folder_with(tmp_path / "model", model)
    (folder / "w.bin").write_bytes(WEIGHTS)
    open_session(load_graph(open_folder(folder)))


def test_a_file_that_only_looks_like_weights_is_in_the_way_of_no_small_graph(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "model", network())
    (folder / "model.onnx_data").write_bytes(b"old")
    (tmp_path / "made").mkdir()
    write_folder(open_folder(folder), network(), tmp_path / "made")
    assert (tmp_path / "made" / "model.onnx").is_file()
