import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnx
import pytest
from onnx import ModelProto

from gantry_optimizer.__main__ import main
from gantry_optimizer.distillation import distill
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.generated import generated_samples
from gantry_optimizer.recipe import Distill
from gantry_optimizer.runtime import open_session, run
from gantry_optimizer.samples import Samples
from gantry_optimizer.step import StepResult

from ..networks.encoder import EncoderSize, encoder
from ..pruning.networks import model_of, normal, statements
from ..quantization.contexts import digits, network
from ..small_graphs import EXAMPLES, ROOT, folder_with
from .students import context_of, residual_pictures, scores, texts

pytestmark = pytest.mark.skipif(find_spec("torch") is None, reason="students need requirements-torch.lock")

SCHEMA = json.loads((ROOT / "contract/documents.schema.json").read_text(encoding="utf-8"))


def made(model: ModelProto, samples: Samples, how: Distill) -> StepResult:
    return distill(model, context_of(model, samples), how)


def accuracy(model: ModelProto, samples: Samples) -> float:
    assert samples.expected is not None
    return float((scores(model, samples).argmax(-1) == samples.expected).mean())


def random_pictures(count: int) -> Samples:
    draw = np.random.default_rng(1)
    return Samples([{"x": draw.normal(size=(1, 1, 6, 6)).astype(np.float32)} for _ in range(count)])


def test_a_student_of_digits_reads_what_the_narrow_network_before_training_does_not() -> None:
    # 719 digits: one is 0.0014. The teacher has 0.979; 300 samples are learned from, refitted and trained.
    samples = digits("digits-cnn", count=300)
    result = made(network("digits-cnn"), samples, Distill(width=0.125, epochs=20))
    assert [block.end for block in result.blocks] == [2, 4, 4]
    assert result.distillation is not None
    assert result.distillation.same_answers_after > result.distillation.same_answers_before
    assert accuracy(result.model, digits("digits-cnn", "judge")) > 0.93


def test_the_same_seed_makes_the_same_student_and_another_one_another() -> None:
    def student(seed: int) -> bytes:
        how = Distill(layers=0.5, width=0.5, epochs=2, seed=seed)
        return bytes(made(residual_pictures(4), random_pictures(130), how).model.SerializeToString())

    assert student(1) == student(1)
    assert student(1) != student(2)


def test_a_student_of_texts_comes_nearer_to_its_teacher_without_labels() -> None:
    teacher = encoder(EncoderSize(2, 32, 4, 64, vocabulary=120, positions=64, classes=4))
    result = made(teacher, texts(200), Distill(layers=0.5, epochs=12))
    known = result.distillation
    assert known is not None
    assert (known.layers_before, known.layers_after, known.learned, known.held_out) == (2, 1, 160, 40)
    assert known.same_answers_after > known.same_answers_before
    assert scores(result.model, texts(3)).shape == (3, 4)


def test_probabilities_and_answers_that_are_nan_are_learned_from() -> None:
    # The logarithm of a negative number is NaN: such samples have nothing to teach.
    lines = "l = Log (x)\nh = Gemm (l, w, b)\nr = Relu (h)\ns = Gemm (r, v, c)\ny = Softmax (s)"
    weights = {"w": normal(6, 32) * 9, "b": normal(32), "v": normal(32, 3, seed=1) * 9, "c": normal(3)}
    draw = np.random.default_rng(2)
    rows = draw.uniform(0.5, 3, (200, 1, 6)).astype(np.float32)
    rows[::10] = -1
    result = made(
        model_of(statements(lines), weights), Samples([{"x": row} for row in rows]), Distill(width=0.25)
    )
    assert result.distillation is not None
    assert result.distillation.learned + result.distillation.held_out == 180
    assert result.distillation.same_answers_after >= result.distillation.same_answers_before
    assert np.allclose(scores(result.model, Samples([{"x": rows[1]}]), "y").sum(), 1, atol=1e-5)


def test_time_that_is_up_ends_the_training_with_the_best_student_so_far() -> None:
    result = made(residual_pictures(4), random_pictures(130), Distill(layers=0.5, epochs=10_000, seconds=1))
    assert result.distillation is not None
    assert result.distillation.stopped == "time"
    assert "another machine, or more time, makes another student" in result.remarks[2]


def test_memory_that_will_not_do_is_said_before_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gantry_optimizer.distillation.training.free_memory", lambda _: 4096)
    with pytest.raises(
        OptimizationError, match=r"distill needs about \d+ MiB more of memory to train"
    ) as failure:
        made(residual_pictures(4), random_pictures(130), Distill(layers=0.5))
    assert failure.value.reason == "OptimizationOutOfMemory"


def test_operators_that_cannot_be_trained_through_are_named() -> None:
    model = model_of(
        statements("h = Gemm (x, w, b)\nk = Celu (h)\ny = Gemm (k, v, c)"),
        {"w": normal(6, 8), "b": normal(8), "v": normal(8, 3), "c": normal(3)},
    )
    samples = Samples([{"x": normal(1, 6, seed=at)} for at in range(130)])
    with pytest.raises(OptimizationError, match="cannot train through the operators Celu") as failure:
        made(model, samples, Distill(width=0.5))
    assert failure.value.reason == "OptimizationUnsupported"


def is_report(document: Any) -> bool:
    schema = {"definitions": SCHEMA["definitions"], "$ref": "#/definitions/OptimizationReport"}
    jsonschema.validate(document, schema)
    return True


def test_a_student_is_quantized_afterwards_and_the_report_has_both_steps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_with(tmp_path / "model", network("digits-cnn"))
    samples = digits("digits-cnn", count=320)
    data, report = tmp_path / "digits.npz", tmp_path / "report.json"
    pixels = np.concatenate([request["pixels"] for request in samples.requests])
    assert samples.expected is not None
    np.savez(data, pixels=pixels, expected=samples.expected)
    words = ["--distill", "width:0.5", "--distill-epochs", "3", "--quantize", "int8-dynamic"]
    paths = ["--model", str(folder), "--output", str(tmp_path / "out"), "--report", str(report)]
    assert main([*paths, *words, "--dataset", str(data), "--max-accuracy-drop", "0.1"]) == 0
    document = json.loads(report.read_text(encoding="utf-8"))
    assert is_report(document)
    assert [step["name"] for step in document["steps"]] == ["distill", "quantize"]
    assert document["recipe"]["distill"] == {
        "layers": 1.0,
        "width": 0.5,
        "epochs": 3,
        "seconds": 1800,
        "seed": 0,
    }
    assert document["steps"][0]["distillation"]["samples"] == {"learned": 128, "heldOut": 32}
    assert document["total"]["accuracy"]["samples"] == 160
    said = capsys.readouterr()
    assert "distill width 0.5, quantize int8-dynamic" in said.out
    assert "distill: learns from 128 samples for at most 3 epochs and 1800 s" in said.err
    assert (tmp_path / "out" / "config.json").read_bytes() == (folder / "config.json").read_bytes()


GRAPHS = {
    "the shipped classifier": EXAMPLES / "customer-service/model/model.onnx",
    "the shipped network of pictures": EXAMPLES / "chest-xray/model/model.onnx",
}


@pytest.mark.parametrize("path", GRAPHS.values(), ids=GRAPHS)
def test_torch_answers_as_onnxruntime_does_for_shipped_models(path: Path) -> None:
    import torch

    from gantry_optimizer.distillation.network import network_of

    model = onnx.load(path)
    feeds = next(generated_samples(model).batches(2))
    with torch.no_grad():
        got = network_of(model, "logits", torch.device("cpu")).scores(feeds).numpy()
    assert np.allclose(got, run(open_session(model), feeds)["logits"], atol=1e-4)
