"""Networks that read handwritten digits: unlike the shipped models, they get worse when a layer is lost."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto

from gantry_optimizer.pruning import structured
from gantry_optimizer.runtime import open_session, run
from gantry_optimizer.samples import Array, Samples

from .networks import pruned

GOLDEN = Path(__file__).parent / "golden"
DIGITS = np.load(GOLDEN / "digits.npz")
SHAPES = {"digits-cnn": (1, 8, 8)}


def pixels(name: str, part: str) -> Array:
    return np.asarray(DIGITS[part] / 16, np.float32).reshape(-1, *SHAPES.get(name, (64,)))


def accuracy(model: ModelProto, name: str) -> float:
    logits = run(open_session(model), {"pixels": pixels(name, "judge")})["logits"]
    return float((logits.argmax(1) == DIGITS["judge_labels"]).mean())


def samples(name: str, count: int | None = None) -> Samples:
    return Samples([{"pixels": picture[None]} for picture in pixels(name, "learn")[:count]])


# Accuracies on 719 digits: one digit is 0.0014. Those without pruning are 0.9791, 0.9736, 0.9750 and 0.9791.
@pytest.mark.parametrize(
    ("name", "ratio", "widths", "at_least"),
    [
        ("digits-128", 0.4, [80], 0.975),
        ("digits-128", 0.75, [32], 0.972),
        ("digits-32", 0.4, [20], 0.965),
        ("digits-32", 0.75, [8], 0.929),
        ("digits-deep", 0.4, [28, 28, 28], 0.96),
        ("digits-cnn", 0.4, [8, 16, 16], 0.97),
    ],
)
def test_stays_accurate_after_a_refit(name: str, ratio: float, widths: list[int], at_least: float) -> None:
    result = pruned(onnx.load(GOLDEN / f"{name}.onnx"), ratio, samples(name))
    assert [block.end for block in result.blocks] == widths
    assert all(block.refitted for block in result.blocks)
    assert accuracy(result.model, name) >= at_least


def test_is_less_accurate_without_a_refit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structured, "MOMENT_BYTES", 8)
    result = pruned(onnx.load(GOLDEN / "digits-32.onnx"), 0.4, samples("digits-32"))
    assert not any(block.refitted for block in result.blocks)
    assert accuracy(result.model, "digits-32") < 0.9


def test_a_refit_on_few_samples_does_no_harm() -> None:
    result = pruned(onnx.load(GOLDEN / "digits-32.onnx"), 0.4, samples("digits-32", 20))
    assert accuracy(result.model, "digits-32") > 0.94


def test_a_refit_on_generated_inputs_is_better_than_none() -> None:
    draw = np.random.default_rng(0)
    noise = [{"pixels": draw.normal(size=(1, 64)).astype(np.float32)} for _ in range(256)]
    result = pruned(onnx.load(GOLDEN / "digits-32.onnx"), 0.4, Samples(noise, generated=True))
    assert accuracy(result.model, "digits-32") > 0.9
    assert "made up" in result.remarks[1]


def test_blocks_that_share_no_memory_are_refitted_in_several_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    once = pruned(onnx.load(GOLDEN / "digits-deep.onnx"), 0.4, samples("digits-deep"))
    monkeypatch.setattr(structured, "MOMENT_BYTES", 50_000)
    passes = pruned(onnx.load(GOLDEN / "digits-deep.onnx"), 0.4, samples("digits-deep"))
    assert [block.end for block in passes.blocks] == [block.end for block in once.blocks]
    assert all(block.refitted for block in passes.blocks)
    assert accuracy(passes.model, "digits-deep") >= 0.96
