"""Large models: weights stay in files, and what is made of them is what is made of weights in memory."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto

from gantry_optimizer import command, memory, weights
from gantry_optimizer.command import main
from gantry_optimizer.far import array_of, far_tensors, is_far
from gantry_optimizer.folder import load_graph, open_folder
from gantry_optimizer.memory import needed_to_read
from gantry_optimizer.recipe import Prune, Recipe
from gantry_optimizer.weights import save_model, set_aside, weights_bytes

from .networks.encoder import TINY, encoder

RECIPES = [["--quantize", fmt] for fmt in ("int8-dynamic", "int4", "fp16")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write an encoder whose weights lie in a file."""
    made = tmp_path / "model"
    made.mkdir()
    onnx.save_model(
        encoder(TINY), made / "model.onnx", save_as_external_data=True, location="w.bin", size_threshold=256
    )
    return made


def optimized(folder: Path, output: str, recipe: list[str]) -> ModelProto:
    made = folder.parent / output
    assert main(["--model", str(folder), "--output", str(made), "--max-accuracy-drop", "1", *recipe]) == 0
    return onnx.load_model(made / "model.onnx")


@pytest.mark.parametrize("recipe", [*RECIPES, ["--prune", "l1-unstructured:0.3"]], ids=" ".join)
def test_weights_in_files_become_what_weights_in_memory_become(
    folder: Path, recipe: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    near = optimized(folder, "near", recipe)
    monkeypatch.setattr(command, "LARGEST_IN_MEMORY", 0)
    monkeypatch.setattr(weights, "INLINE_BELOW", 256)
    far = optimized(folder, "far", recipe)
    assert {file.name for file in (folder.parent / "far").iterdir()} == {"model.onnx"}
    assert [node.op_type for node in far.graph.node] == [node.op_type for node in near.graph.node]
    for one, other in zip(near.graph.initializer, far.graph.initializer, strict=True):
        assert (one.name, one.data_type) == (other.name, other.data_type)
        np.testing.assert_array_equal(array_of(one), array_of(other))


def test_weights_that_stay_are_written_on_a_part_at_a_time(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load_graph(open_folder(folder))
    model = load_graph(open_folder(folder), far=True)
    (tmp_path / "work").mkdir()
    set_aside(model, tmp_path / "work")
    assert weights_bytes(model) == weights_bytes(whole)
    assert model.ByteSize() < weights_bytes(whole) / 2
    monkeypatch.setattr(weights, "LARGEST_FILE", 1000)
    monkeypatch.setattr("gantry_optimizer.far.CHUNK", 100)
    beside = save_model(model, tmp_path / "work" / "graph.onnx")
    assert [path.name for path in beside] == ["graph.onnx"]
    apart = save_model(model, tmp_path / "model.onnx")
    assert [path.name for path in apart] == ["model.onnx", "model.onnx_data"]
    assert all(is_far(tensor) for tensor in far_tensors(model))
    for path in (beside[0], apart[0]):
        onnx.checker.check_model(path, full_check=True)
        for one, other in zip(whole.graph.initializer, onnx.load_model(path).graph.initializer, strict=True):
            np.testing.assert_array_equal(array_of(one), array_of(other))


def test_a_step_that_reads_all_weights_needs_more_than_one_that_takes_them_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = 2 << 30
    by_one = needed_to_read(size, None, Recipe(quantize="int4")).total
    at_once = needed_to_read(size, None, Recipe(prune=Prune("structured", 0.4), quantize="int4")).total
    assert by_one < at_once * 0.6
    monkeypatch.setattr(memory, "LARGEST_IN_MEMORY", size + 1)
    assert needed_to_read(size, None, Recipe(quantize="int4")).total == at_once
