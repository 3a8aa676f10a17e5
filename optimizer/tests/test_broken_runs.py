"""Runs that cannot end well say why in a sentence, leave a failure, and nothing else."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper

from gantry_optimizer import command
from gantry_optimizer.ending import failure_of

from .small_graphs import FLOAT, folder_with, model_of, network


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_with(tmp_path / "model", network())


def failure(folder: Path, *options: str, output: str = "output") -> str:
    """Return the sentence of a run that fails."""
    file = folder.parent / "failure.json"
    given = ["--model", str(folder), "--output", str(folder.parent / output), "--failure", str(file)]
    assert command.main([*given, *(options or ("--graph", "basic"))]) == 1
    assert len(file.read_bytes()) <= 4096
    message: str = json.loads(file.read_text())["message"]
    assert not re.match(r"\w+: ", message), message
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []
    return message


def test_links_to_folders_broken_links_and_pipes_are_refused_instead_of_left_out(folder: Path) -> None:
    odd = folder / "odd"
    odd.symlink_to(folder.parent)
    assert "odd is a link to a folder" in failure(folder)
    odd.unlink()
    odd.symlink_to("nowhere")
    assert "odd is a link that leads nowhere" in failure(folder)
    odd.unlink()
    os.mkfifo(odd)
    assert "odd is no file" in failure(folder)


@pytest.mark.parametrize(
    "said",
    [
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to"
        " allocate 140737488355328 bytes. Error code 12 (Cannot allocate memory)",
        "CUDA out of memory. Tried to allocate 2.00 GiB.",
        "Failed to allocate memory for requested buffer of size 8",
    ],
)
def test_libraries_that_get_no_memory_are_failures_of_memory(said: str) -> None:
    assert failure_of(RuntimeError(said)).reason == "OptimizationOutOfMemory"


def test_an_output_that_is_a_link_is_refused(folder: Path) -> None:
    (folder.parent / "output").symlink_to("elsewhere")
    assert "is a link" in failure(folder)


def test_errors_of_the_disk_are_sentences_with_the_path(folder: Path) -> None:
    (folder.parent / "file").touch()
    assert (
        failure(folder, output="file/output") == f"Not possible with {folder.parent / 'file'}: File exists."
    )
    assert "File name too long" in failure(folder, output="x" * 300)
    assert "Is a directory" in failure(folder, "--graph", "basic", "--report", str(folder))


def test_errors_that_nobody_knows_are_sentences(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(command, "load_graph", breaks)
    assert failure(folder) == (
        "The optimizer met an error that it does not know (ZeroDivisionError). Try another recipe, and report it."
    )


def test_a_graph_without_an_output_that_is_a_tensor_is_refused(tmp_path: Path) -> None:
    nodes = [helper.make_node("SplitToSequence", ["x"], ["y"], axis=1)]
    model = model_of(nodes, {}, [("x", FLOAT, ["n", 4])], [])
    model.graph.output.append(helper.make_tensor_sequence_value_info("y", TensorProto.FLOAT, None))
    assert "no output that is a tensor" in failure(folder_with(tmp_path / "model", model))


def test_a_graph_that_answers_no_number_is_refused(tmp_path: Path) -> None:
    model = network()
    model.graph.initializer[0].CopyFrom(
        helper.make_tensor("w1", TensorProto.FLOAT, [4, 16], np.full(64, np.nan))
    )
    assert "NaN or infinite" in failure(folder_with(tmp_path / "model", model))


def test_inputs_that_are_outputs_are_refused_in_float16_by_a_sentence(folder: Path) -> None:
    model = network()
    model.graph.output.append(model.graph.input[0])
    folder_with(folder, model)
    assert "in float16" in failure(folder, "--quantize", "fp16")


def test_a_name_that_is_no_text_is_no_error_of_its_own(folder: Path) -> None:
    odd = folder.rename(folder.with_name(os.fsdecode(b"odd\xff")))
    (odd / "model.onnx").unlink()
    assert "has no .onnx file" in failure(odd)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_report_that_cannot_be_printed_takes_nothing_from_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    odd = folder.rename(folder.with_name("模型"))
    stdout = io.TextIOWrapper(io.BytesIO() if encoding == "ascii" else io.FileIO("/dev/full", "w"), encoding)
    monkeypatch.setattr(sys, "stdout", stdout)
    assert (
        command.main(["--model", str(odd), "--output", str(odd.parent / "output"), "--graph", "basic"]) == 0
    )
    assert (odd.parent / "output/model.onnx").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_says_so_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def stops(*_: object) -> None:
        signal.raise_signal(number)

    before = signal.getsignal(number)
    monkeypatch.setattr(command, "refuse_custom_operators", stops)
    assert failure(folder) == f"The optimization was stopped by {number.name}. Start it again."
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("fmt", ["int8-dynamic", "fp16", "int8-static"])
def test_temporary_files_lie_beside_the_output_where_the_next_run_removes_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fmt: str
) -> None:
    model = model_of(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        {"w": np.random.default_rng(0).standard_normal((64, 32)).astype(np.float32)},
        [("x", FLOAT, ["n", 64])],
        [("y", FLOAT, ["n", 32])],
    )
    folder = folder_with(tmp_path / "model", model)
    samples = tmp_path / "samples.npz"
    np.savez(samples, x=np.random.default_rng(1).standard_normal((64, 64)).astype(np.float32))
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    monkeypatch.setattr("gantry_optimizer.check.LARGEST_IN_MEMORY", 0)
    monkeypatch.setattr("gantry_optimizer.runtime.LARGEST_IN_MEMORY", 0)
    given = ["--model", str(folder), "--output", str(tmp_path / "output"), "--quantize", fmt]
    assert command.main([*given, "--dataset", str(samples), "--judge-later"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "output", "samples.npz"]


def test_a_limit_of_the_process_counts_as_memory() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
        "from gantry_optimizer.free_memory import free_of_process; print(free_of_process())"
    )
    said = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
        text=True,
    )
    assert 0 < int(said.stdout) < 1 << 30


def test_what_is_replaced_stays_until_the_new_folder_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = folder_with(folder.parent / "output", network(seed=1))
    before = (output / "model.onnx").read_bytes()
    rename = Path.rename

    def fails(path: Path, target: Path) -> Path:
        if path.name == "model" and target == output:
            raise OSError(5, "Input/output error", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails)
    assert "Input/output error" in failure(folder, "--graph", "basic", "--replace")
    assert (output / "model.onnx").read_bytes() == before
