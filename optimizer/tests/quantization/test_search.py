"""Nodes that hurt stay in float, and are named."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from onnx import ModelProto, helper

from gantry_optimizer.agreement import agreement
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.quantization import budget, checks, quantize, search, static
from gantry_optimizer.recipe import Quantize
from gantry_optimizer.runtime import answers

from .contexts import context_of, matrix, model_of, numbers

FORMATS_OF_TOOLS: tuple[Quantize, ...] = ("fp16", "int8-static")


def with_a_loud_feature() -> ModelProto:
    """Four layers; the input of the third has a feature that is large and counts for nothing: bytes drown in it."""
    loud = np.ones(64, np.float32)
    loud[0] = 1e5
    deaf = matrix(64, 64, 3)
    deaf[0] = 0
    nodes = [
        helper.make_node("MatMul", ["x", "w1"], ["a"], name="first"),
        helper.make_node("MatMul", ["a", "w2"], ["b"], name="second"),
        helper.make_node("Mul", ["b", "loud"], ["c"], name="amplifier"),
        helper.make_node("MatMul", ["c", "w3"], ["d"], name="third"),
        helper.make_node("MatMul", ["d", "w4"], ["logits"], name="fourth"),
    ]
    weights = {
        "w1": matrix(64, 64, 1),
        "w2": matrix(64, 64, 2),
        "loud": loud,
        "w3": deaf,
        "w4": matrix(64, 32, 4),
    }
    return model_of(nodes, weights)


@pytest.mark.parametrize("fmt", ["int8-dynamic", "int8-static"])
def test_only_the_node_that_hurts_stays_in_float(fmt: Quantize) -> None:
    model = with_a_loud_feature()
    result = quantize(model, context_of(model, numbers(120), drop=0.2), fmt)
    assert [kept.node for kept in result.kept] == ["third"]
    assert "0.16 may differ" in result.kept[0].reason
    fresh = numbers(200, seed=1)
    assert agreement(answers(model, fresh), answers(result.model, fresh), fresh).same_answers >= 0.8


def test_no_node_within_the_limit_is_a_refusal_with_numbers() -> None:
    model = with_a_loud_feature()
    nodes = [node for node in model.graph.node if node.name in ("amplifier", "third")]
    nodes[0].input[0], nodes[1].output[0] = "x", "logits"
    alone = model_of(nodes, {"loud": np.where(np.arange(64), 1, 1e5).astype(np.float32), "w3": deafened()})
    with pytest.raises(
        OptimizationError, match=r"0\.\d+ of the answers are the same on \d+ samples"
    ) as raised:
        quantize(alone, context_of(alone, numbers(64)), "int8-dynamic")
    assert raised.value.reason == "AgreementTooLow"


def deafened() -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    weights = matrix(64, 32, 3)
    weights[0] = 0
    return weights


def test_a_weight_beyond_float16_keeps_its_node() -> None:
    weights = {"w1": matrix(64, 64, 1), "w2": matrix(64, 32, 2)}
    weights["w1"][0, 0] = 1e6
    nodes = [
        helper.make_node("MatMul", ["x", "w1"], ["a"], name="large"),
        helper.make_node("Tanh", ["a"], ["b"], name="bound"),
        helper.make_node("MatMul", ["b", "w2"], ["logits"], name="small"),
    ]
    model = model_of(nodes, weights)
    result = quantize(model, context_of(model, numbers(64), drop=0.05), "fp16")
    assert {kept.node: kept.reason for kept in result.kept} == {
        "large": "Its constant w1 reaches 1e+06, and float16 ends at 65504."
    }


def test_weights_within_a_merged_operator_are_named() -> None:
    nodes = [
        helper.make_node("MatMul", ["x", "w1"], ["a"], name="plain"),
        helper.make_node(
            "FusedMatMul", ["a", "w2"], ["logits"], name="merged", domain="com.microsoft", alpha=2.0
        ),
    ]
    model = model_of(nodes, {"w1": matrix(64, 64, 1), "w2": matrix(64, 32, 2)})
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    result = quantize(model, context_of(model, numbers(64), drop=0.2), "int8-dynamic")
    assert [(kept.node, kept.operator) for kept in result.kept] == [("merged", "FusedMatMul")]
    assert "without `graph`" in result.kept[0].reason


def test_a_large_model_is_refused_by_tools_that_end_at_2_gib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LARGEST_FILE", 1000)
    model = with_a_loud_feature()
    for fmt in FORMATS_OF_TOOLS:
        with pytest.raises(OptimizationError, match=r"end at 2 GiB\. Choose int8-dynamic or int4") as raised:
            quantize(model, context_of(model, numbers(32)), fmt)
        assert raised.value.reason == "OptimizationUnsupported"


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Callable[[float, float], list[float]]:
    """Return what sets the seconds of the budgets and makes a second pass with each look at the clock."""

    def seconds(calibration: float, searching: float) -> list[float]:
        looks: list[float] = []

        def monotonic() -> float:
            looks.append(len(looks))
            return looks[-1]

        monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=monotonic))
        monkeypatch.setattr(static, "CALIBRATION_SECONDS", calibration)
        monkeypatch.setattr(search, "SEARCH_SECONDS", searching)
        return looks

    return seconds


def test_the_nodes_that_passed_in_time_are_taken_and_the_others_say_that_they_were_not_tried(
    passing: Callable[[float, float], list[float]],
) -> None:
    passing(10_000, 3)
    model = with_a_loud_feature()
    result = quantize(model, context_of(model, numbers(120), drop=0.2), "int8-static")
    reasons = {kept.node: kept.reason for kept in result.kept}
    assert reasons == dict.fromkeys(["third", "fourth"], "It was not tried: the search ends after 0 minutes.")


def test_a_search_without_time_for_a_second_trial_is_refused(
    passing: Callable[[float, float], list[float]],
) -> None:
    passing(10_000, 1)
    model = with_a_loud_feature()
    with pytest.raises(
        OptimizationError, match=r"after 1 trial in 0 minutes\. 0\.\d+ of the answers"
    ) as late:
        quantize(model, context_of(model, numbers(120), drop=0.2), "int8-static")
    assert late.value.reason == "AgreementTooLow"


def test_a_method_of_calibration_that_takes_too_long_is_left_out_and_named(
    passing: Callable[[float, float], list[float]],
) -> None:
    samples = numbers(120)
    passing(60 + 60 + 62, 10_000)
    model = with_a_loud_feature()
    result = quantize(model, context_of(model, samples, drop=0.2), "int8-static")
    assert [way.name for way in result.choices if way.message is not None] == ["Entropy"]
    assert [way.name for way in result.choices] == ["MinMax", "Percentile", "Entropy"]


def test_a_graph_that_shows_no_ranges_in_time_is_refused(
    passing: Callable[[float, float], list[float]],
) -> None:
    passing(5, 10_000)
    model = with_a_loud_feature()
    with pytest.raises(OptimizationError, match=r"within 0 minutes\. Choose int8-dynamic") as late:
        quantize(model, context_of(model, numbers(120), drop=0.2), "int8-static")
    assert late.value.reason == "OptimizationUnsupported"


def test_a_graph_that_the_tool_does_not_write_in_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static, "BUILD_SECONDS", 1e-3)
    model = with_a_loud_feature()
    with pytest.raises(OptimizationError, match=r"did not write 4 nodes .* Choose int8-dynamic") as late:
        quantize(model, context_of(model, numbers(120), drop=0.2), "int8-static")
    assert late.value.reason == "OptimizationUnsupported"
