import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import ModelProto, helper, numpy_helper

from gantry_optimizer.generated import generated_samples
from gantry_optimizer.graph import copied, node_counts, opset_of
from gantry_optimizer.pipeline import optimize
from gantry_optimizer.recipe import Prune, Recipe
from gantry_optimizer.row_rules import operators_without_rule
from gantry_optimizer.runtime import answers, open_session, session_options
from gantry_optimizer.step import StepContext
from gantry_optimizer.steps.graph_step import Kept, Rewriter, graph_step, tried
from gantry_optimizer.steps.rewriters import offline

from .quantization.contexts import digits
from .quantization.contexts import network as digits_network
from .small_graphs import FLOAT, model_of, network


def convolutions(channels: int = 8) -> ModelProto:
    rng = np.random.default_rng(0)
    return model_of(
        [
            helper.make_node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1]),
            helper.make_node("BatchNormalization", ["a", "scale", "bias", "mean", "variance"], ["b"]),
            helper.make_node("Relu", ["b"], ["y"]),
        ],
        {
            "w": rng.standard_normal((channels, channels, 3, 3)).astype(np.float32),
            **{
                name: rng.random(channels).astype(np.float32)
                for name in ("scale", "bias", "mean", "variance")
            },
        },
        [("x", FLOAT, [1, channels, 8, 8])],
        [("y", FLOAT, [1, channels, 8, 8])],
    )


def context_of(model: ModelProto, work: Path) -> StepContext:
    samples = generated_samples(model).part(range(8))
    return StepContext(model, samples, samples, 0.01, 1, work, lambda _: None)


def outcome(model: ModelProto, made: ModelProto, work: Path) -> tuple[str | None, bool]:
    context = context_of(model, work)
    rewriter = Rewriter("test", "test", lambda *_: made, must_be_faster=False, standard_only=False)
    kept = Kept(model, answers(model, context.calibration))
    choice, better = tried(rewriter, kept, context, None)
    assert choice.chosen == (better is not None)
    return choice.message, choice.chosen


def test_a_normalization_becomes_part_of_the_convolution_and_answers_stay_equal(tmp_path: Path) -> None:
    model = convolutions()
    before = copied(model)
    result = graph_step(model, context_of(model, tmp_path), "basic")
    assert node_counts(result.model) == {"Conv": 1, "Relu": 1}
    assert result.choices[0].chosen
    assert result.tool.startswith("onnxslim ")
    assert model == before


def test_a_graph_that_is_as_small_as_it_can_be_comes_back_itself(tmp_path: Path) -> None:
    relu = helper.make_node("Relu", ["x"], ["y"])
    model = model_of([relu], {}, [("x", FLOAT, ["n", 4])], [("y", FLOAT, ["n", 4])])
    result = graph_step(model, context_of(model, tmp_path), "all")
    assert result.model is model
    assert {choice.message for choice in result.choices} == {"it found nothing to merge"}
    assert result.remarks == ("The graph stays as it was: no other one was equal and as fast.",)


def test_a_graph_with_other_answers_is_not_taken(tmp_path: Path) -> None:
    changed = network()
    del changed.graph.node[2]
    changed.graph.node[2].input[0] = "b"
    message, chosen = outcome(network(), changed, tmp_path)
    assert not chosen
    assert message is not None
    assert "more than rounding does" in message


def test_a_graph_that_only_this_kind_of_processor_can_run_is_not_taken(tmp_path: Path) -> None:
    model = convolutions(16)
    options = session_options()
    options.optimized_model_filepath = str(tmp_path / "made.onnx")
    open_session(model, options=options)
    made = onnx.load(str(tmp_path / "made.onnx"))
    if not any(node.domain == "com.microsoft.nchwc" for node in made.graph.node):
        pytest.skip("this processor has no layout of its own")
    assert outcome(model, made, tmp_path) == (
        "it has operators that other processors lack: Conv, ReorderInput, ReorderOutput",
        False,
    )


def test_a_graph_whose_rows_cannot_be_proven_any_more_is_not_taken(tmp_path: Path) -> None:
    made = network()
    made.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    made.graph.node[1].CopyFrom(helper.make_node("Inverse", ["a"], ["b"], domain="com.microsoft"))
    assert operators_without_rule(made) == {"com.microsoft.Inverse"}
    message, _ = outcome(network(), made, tmp_path)
    assert (
        message
        == "requests could not share a run, since nothing is known of the rows of com.microsoft.Inverse"
    )


def test_a_graph_that_became_much_larger_is_not_taken(tmp_path: Path) -> None:
    made = network()
    made.graph.node.remove(made.graph.node[1])
    made.graph.node[1].input[0] = "a"
    made.graph.initializer.append(numpy_helper.from_array(np.zeros(1 << 16, np.float32), "unused"))
    message, _ = outcome(network(), made, tmp_path)
    assert message is not None
    assert message.startswith("it is larger")


def test_a_tool_that_fails_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    def fails(*_: object) -> ModelProto:
        raise SystemError("no such luck")

    context = context_of(network(), tmp_path)
    rewriter = Rewriter("test", "test", fails, must_be_faster=False, standard_only=False)
    kept = Kept(network(), answers(network(), context.calibration))
    choice, better = tried(rewriter, kept, context, None)
    assert (choice.message, better) == ("it failed: no such luck", None)


def test_opsets_and_subgraphs_are_counted() -> None:
    inner = helper.make_graph(
        [helper.make_node("Neg", ["x"], ["z"])], "inner", [], [helper.make_tensor_value_info("z", FLOAT, [1])]
    )
    outer = helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=copy.deepcopy(inner))
    model = model_of([outer], {"c": np.array(True)}, [("x", FLOAT, [1])], [("y", FLOAT, [1])])
    assert node_counts(model) == {"If": 1, "Neg": 2}
    assert opset_of(model) == 17
    assert ort.__version__ == "1.30.0"


@pytest.mark.parametrize(
    "recipe", [Recipe("all", quantize="int8-dynamic"), Recipe("all", Prune("structured", 0.4))]
)
def test_weights_that_a_later_step_changes_are_not_merged(recipe: Recipe, tmp_path: Path) -> None:
    model = digits_network("digits-128")
    merged = offline("extended")(model, context_of(model, tmp_path))
    assert node_counts(merged)["com.microsoft.FusedGemm"] == 1
    samples = digits("digits-128", count=96)
    context = StepContext(model, samples, samples, 0.05, 1, tmp_path, lambda _: None)
    kept = Kept(model, answers(model, samples))
    rewriter = Rewriter("test", "test", lambda *_: merged, must_be_faster=False, standard_only=False)
    choice, better = tried(rewriter, kept, context, None, weights_change=True)
    assert better is None
    assert "could not change the weights within FusedGemm" in str(choice.message)
    alone = optimize(replace(recipe, graph="none"), context)
    both = optimize(recipe, context)
    assert both.total.sizes.after <= alone.total.sizes.after
