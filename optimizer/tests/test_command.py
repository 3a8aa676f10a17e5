import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnx
import pytest
from onnx import helper

from gantry_optimizer.command import main

from .small_graphs import EXAMPLES, FLOAT, ROOT, folder_with, model_of, network

SCHEMA = json.loads((ROOT / "contract/documents.schema.json").read_text())


def is_report(document: Any) -> bool:
    schema = {"definitions": SCHEMA["definitions"], "$ref": "#/definitions/OptimizationReport"}
    jsonschema.validate(document, schema)
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_with(tmp_path / "model", network())


def optimized(folder: Path, *options: str) -> tuple[int, Path, dict[str, Any]]:
    output, report = folder.parent / "output", folder.parent / "report.json"
    code = main(["--model", str(folder), "--output", str(output), "--report", str(report), *options])
    document = json.loads(report.read_text()) if report.exists() else {}
    assert document == {} or is_report(document)
    return code, output, document


def refusal(folder: Path, *options: str) -> tuple[str, str]:
    code, output, document = optimized(folder, *(options or ("--graph", "basic")))
    assert code == 1
    assert not output.exists()
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []
    return document["reason"], document["message"]


def test_a_new_folder_has_the_smaller_graph_and_all_other_files_as_they_were(folder: Path) -> None:
    code, output, report = optimized(folder, "--graph", "basic")
    assert code == 0
    assert (output / "config.json").read_bytes() == (folder / "config.json").read_bytes()
    kinds = {node.op_type for node in onnx.load(str(output / "model.onnx")).graph.node}
    assert "Identity" not in kinds
    assert report["recipe"] == {"graph": "basic"}
    assert report["model"] == "model.onnx"
    assert report["steps"][0]["nodes"]["before"]["Identity"] == 1
    assert report["total"]["agreement"]["inputs"] == "generated"
    assert report["total"]["agreement"]["sameAnswers"] == 1


def test_labels_of_the_data_set_are_accuracy_and_its_halves_calibrate_and_judge(folder: Path) -> None:
    rng = np.random.default_rng(1)
    lines = [json.dumps({"x": rng.standard_normal(4).tolist(), "expected": i % 3}) for i in range(40)]
    data = folder.parent / "data.jsonl"
    data.write_text("\n".join(lines))
    _, _, report = optimized(folder, "--graph", "basic", "--dataset", str(data))
    assert report["total"]["accuracy"]["samples"] == 20
    assert report["total"]["agreement"] | {"inputs": "dataset"} == report["total"]["agreement"]


def test_a_drop_is_refused_unless_somebody_else_judges_and_then_it_is_in_the_report(folder: Path) -> None:
    drastic = ("--prune", "l1-unstructured:0.95", "--max-accuracy-drop", "0")
    reason, message = refusal(folder, *drastic)
    assert "generated inputs" in message
    assert reason == "AgreementTooLow"
    code, output, report = optimized(folder, *drastic, "--judge-later")
    assert code == 0
    assert (output / "model.onnx").exists()
    assert report["total"]["agreement"]["sameAnswers"] < 1


def judge_that(says: str) -> list[str]:
    """Return a judge: it writes what it says, and whether the new folder has its name already."""
    program = (
        "import os, sys, pathlib; made, answer = map(pathlib.Path, sys.argv[-2:]);"
        " (made.parent.parent / 'judged').write_text(str((made / 'model.onnx').exists()) + ' '"
        " + str((made.parent.parent / 'output/precious').exists()));"
        f" answer.write_text({says!r})"
    )
    return [f"--judge={word}" for word in (sys.executable, "-c", program)]


def test_a_folder_that_the_judge_refuses_never_has_its_name_and_what_was_there_stays(folder: Path) -> None:
    precious = folder.parent / "output/precious"
    precious.parent.mkdir()
    (precious.parent / "model.onnx").touch()
    precious.touch()
    options = ("--graph", "basic", "--replace")
    for said, reason in (
        ('{"passed": false, "reason": "AccuracyDropped", "sentence": "It lost 0.2."}', "AccuracyDropped"),
        ("", "NotComparable"),
        ("[]", "NotComparable"),
        ('{"passed": false, "reason": "Whim", "sentence": "No."}', "NotComparable"),
    ):
        code, _, report = optimized(folder, *options, *judge_that(said))
        assert (code, report["reason"], precious.exists()) == (1, reason, True)
        assert (folder.parent / "judged").read_text() == "True True"
    code, output, report = optimized(
        folder, *options, *judge_that('{"passed": true, "sentence": "It is as good."}')
    )
    assert (code, report["served"]) == (0, "It is as good.")
    assert sorted(path.name for path in output.iterdir()) == ["config.json", "model.onnx"]


def test_options_and_paths_are_checked_without_reading_the_model(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"no graph")
    code, output, _ = optimized(folder, "--graph", "basic", "--check-only")
    assert (code, output.exists()) == (0, False)
    (folder.parent / "output").mkdir()
    (folder.parent / "output/mine").touch()
    code, _, report = optimized(folder, "--graph", "basic", "--check-only")
    assert code == 1
    assert "is there already" in report["message"]


def test_a_label_beyond_the_classes_is_refused_wherever_it_stands(folder: Path) -> None:
    rng = np.random.default_rng(1)
    for wrong in range(8):
        lines = [
            {"x": rng.standard_normal(4).tolist(), "expected": 3 if i == wrong else i % 3} for i in range(8)
        ]
        data = folder.parent / "data.jsonl"
        data.write_text("\n".join(map(json.dumps, lines)))
        reason, message = refusal(folder, "--graph", "basic", "--dataset", str(data))
        assert reason == "CalibrationInvalid"
        assert "has the label 3, and scores has 3 classes" in message


def test_texts_of_a_shipped_model_are_generated_within_its_vocabulary(tmp_path: Path) -> None:
    output = tmp_path / "output"
    model = EXAMPLES / "customer-service/model"
    assert main(["--model", str(model), "--output", str(output), "--graph", "all"]) == 0
    assert sorted(path.name for path in output.iterdir()) == sorted(path.name for path in model.iterdir())


def test_a_graph_with_nothing_to_merge_is_no_success(tmp_path: Path) -> None:
    relu = model_of(
        [helper.make_node("Relu", ["x"], ["y"])], {}, [("x", FLOAT, ["n", 4])], [("y", FLOAT, ["n", 4])]
    )
    reason, message = refusal(folder_with(tmp_path / "model", relu))
    assert reason == "NothingToOptimize"
    assert "No step changed the graph" in message


def test_a_failure_is_also_written_where_the_kubelet_reads_it(folder: Path) -> None:
    log = folder.parent / "termination-log"
    log.touch()
    (folder / "model.onnx").write_bytes(b"no graph")
    code, _, report = optimized(folder, "--graph", "basic", "--failure", str(log))
    assert code == 1
    assert json.loads(log.read_text()) == report
    assert report["reason"] == "OptimizationUnsupported"


def test_operators_that_nobody_defines_are_refused_by_name(tmp_path: Path) -> None:
    nodes = [helper.make_node("Fancy", ["x"], ["y"], domain="com.example")]
    model = model_of(nodes, {}, [("x", FLOAT, ["n"])], [("y", FLOAT, ["n"])], domains=["com.example"])
    reason, message = refusal(folder_with(tmp_path / "model", model))
    assert reason == "OptimizationUnsupported"
    assert "com.example.Fancy" in message


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([{"x": [0.5, 1, 2, 3]}] * 7, "has 7 samples, and at least 8 are needed"),
        ([{"x": [0.5, 1, 2]}] * 8, r"Sample 0: x has the shape \[1, 3\], and the graph takes \['\*', 4\]"),
        ([{"y": [0.5, 1, 2, 3]}] * 8, "Sample 0 has no x, which the graph needs"),
        ([{"x": [0.5, 1, 2, 3], "y": 1}] * 8, "Sample 0 has y, which is no input of the graph"),
        ([{"x": ["a", "b", "c", "d"]}] * 8, "x has texts, and the graph takes float32"),
        ([{"x": [[1], [2, 3]]}] * 8, "line 1"),
        ([3] * 8, "line 1"),
    ],
)
def test_samples_that_do_not_fit_are_refused_by_their_name(
    folder: Path, lines: list[Any], expected: str
) -> None:
    data = folder.parent / "data.jsonl"
    data.write_text("\n".join(json.dumps(line) for line in lines))
    reason, message = refusal(folder, "--graph", "basic", "--dataset", str(data))
    assert reason == "CalibrationInvalid"
    assert __import__("re").search(expected, message), message


def test_samples_of_evaluate_are_told_to_need_the_task(folder: Path) -> None:
    file = folder.parent / "samples.jsonl"
    file.write_text('{"inputs": "a text", "label": "complaint"}\n' * 8)
    reason, message = refusal(folder, "--graph", "basic", "--dataset", str(file))
    assert reason == "CalibrationInvalid"
    assert "as `evaluate` reads them. Give --task" in message


def test_several_graphs_are_refused_until_one_is_chosen(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "model", network(), "a.onnx")
    folder_with(folder, network(), "b.onnx")
    reason, message = refusal(folder)
    assert (reason, "a.onnx, b.onnx" in message) == ("OptimizationUnsupported", True)
    code, output, report = optimized(folder, "--graph", "basic", "--file", "b.onnx")
    assert (code, report["model"]) == (0, "b.onnx")
    assert (output / "a.onnx").read_bytes() == (folder / "a.onnx").read_bytes()


def test_a_file_outside_of_the_folder_is_refused(folder: Path) -> None:
    reason, _ = refusal(folder, "--graph", "basic", "--file", "../secret.onnx")
    assert reason == "OptimizationUnsupported"


@pytest.mark.parametrize("inside", ["model", "dataset", "report"])
def test_an_output_that_holds_what_the_run_needs_is_not_replaced(
    folder: Path, inside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = folder.parent if inside == "model" else folder.parent / "output"
    output.mkdir(exist_ok=True)
    (output / "model.onnx").touch()
    needed = output / "samples.jsonl"
    needed.touch()
    options = [] if inside == "model" else [f"--{inside}", str(needed)]
    given = ["--model", str(folder), "--output", str(output), "--graph", "basic", "--replace"]
    assert main([*given, *options]) == 1
    assert "lies in" in capsys.readouterr().err
    assert (folder / "model.onnx").exists()
    assert needed.exists()


def test_a_folder_that_is_no_model_is_not_replaced(folder: Path) -> None:
    notes = folder.parent / "output" / "notes.txt"
    notes.parent.mkdir()
    notes.write_text("mine")
    code = main(["--model", str(folder), "--output", str(notes.parent), "--graph", "basic", "--replace"])
    assert code == 1
    assert notes.read_text() == "mine"


def test_an_output_that_is_there_is_replaced_only_when_asked(folder: Path) -> None:
    output = folder.parent / "output"
    output.mkdir()
    (output / "model.onnx").touch()
    (output / "precious").touch()
    assert optimized(folder, "--graph", "basic")[0] == 1
    assert (output / "precious").exists()
    assert optimized(folder, "--graph", "basic", "--replace")[0] == 0
    assert sorted(path.name for path in output.iterdir()) == ["config.json", "model.onnx"]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--graph", "none"],
        ["--prune", "structured:0"],
        ["--prune", "structured:1"],
        ["--prune", "magic"],
        ["--prune", "structured:nan"],
        ["--prune", "l1-unstructured:0.3", "--prune-heads"],
        ["--graph", "basic", "--max-accuracy-drop", "2"],
        ["--graph", "basic", "--threads", "0"],
    ],
)
def test_options_that_make_no_recipe_end_with_2(folder: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        optimized(folder, *options)
    assert ended.value.code == 2
    assert not (folder.parent / "output").exists()


def test_weights_in_a_file_of_their_own_are_read_and_that_file_is_not_copied(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "model", network())
    onnx.save_model(
        network(), str(folder / "model.onnx"), save_as_external_data=True, location="w.bin", size_threshold=0
    )
    code, output, _ = optimized(folder, "--graph", "basic")
    assert code == 0
    assert not (output / "w.bin").exists()
    onnx.checker.check_model(str(output / "model.onnx"), full_check=True)


def test_weights_that_are_missing_are_refused_by_name(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "model", network())
    onnx.save_model(
        network(), str(folder / "model.onnx"), save_as_external_data=True, location="w.bin", size_threshold=0
    )
    (folder / "w.bin").unlink()
    reason, message = refusal(folder)
    assert reason == "OptimizationUnsupported"
    assert "w.bin" in message


@pytest.mark.parametrize("opset", [7, 13, 17, 21, 23])
def test_graphs_of_old_and_new_operator_sets_are_read(tmp_path: Path, opset: int) -> None:
    assert optimized(folder_with(tmp_path / "model", network(opset)), "--graph", "all")[0] == 0


def test_a_full_disk_is_said_to_be_full_and_leaves_no_folder(folder: Path) -> None:
    output = folder.parent / "output"
    arguments = ["--model", str(folder), "--output", str(output), "--graph", "basic", "--report", "/dev/full"]
    assert os.strerror(errno.ENOSPC) == "No space left on device"
    failure = folder.parent / "failure.json"
    assert main([*arguments, "--failure", str(failure)]) == 1
    assert json.loads(failure.read_text())["reason"] == "VolumeFull"
    assert not output.exists()


def test_a_run_that_is_killed_leaves_one_folder_that_the_next_run_removes(folder: Path) -> None:
    output = folder.parent / "output"
    temporary = folder.parent / ".output.optimizing"
    arguments = ["--model", str(folder), "--output", str(output), "--graph", "basic"]
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gantry_optimizer", *arguments],
        cwd=Path(__file__).parents[1],
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while not temporary.exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert temporary.exists()
    assert not output.exists()
    assert main(arguments) == 0
    assert not temporary.exists()
    assert (output / "model.onnx").exists()
