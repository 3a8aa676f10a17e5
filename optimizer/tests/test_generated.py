from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper

from gantry_optimizer.agreement import agreement
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.folder import load_graph, open_folder
from gantry_optimizer.generated import generated_samples
from gantry_optimizer.input_range import input_ranges
from gantry_optimizer.runtime import answers

from .small_graphs import EXAMPLES, FLOAT, GOLDEN, model_of

GRAPHS = sorted(
    [*EXAMPLES.glob("*/model/*.onnx"), *EXAMPLES.glob("*/candidates/*.onnx"), *GOLDEN.glob("**/*.onnx")]
)


@pytest.mark.parametrize("path", GRAPHS, ids=[str(path.relative_to(path.parents[3])) for path in GRAPHS])
def test_a_graph_takes_its_generated_inputs_and_answers_with_numbers(path: Path) -> None:
    model = load_graph(open_folder(path.parent, path.name))
    samples = generated_samples(model)
    for outputs in answers(model, samples.part(range(8))):
        for value in outputs.values():
            assert value.dtype.kind != "f" or np.isfinite(value).all()


def test_token_numbers_stay_below_the_rows_of_the_table_and_some_texts_are_padded() -> None:
    model = load_graph(open_folder(EXAMPLES / "customer-service/model"))
    rows = input_ranges(model)["input_ids"].rows
    assert rows is not None
    requests = generated_samples(model).requests
    assert all(int(feeds["input_ids"].max()) < rows for feeds in requests)
    assert len({feeds["input_ids"].shape for feeds in requests}) > 10
    assert {int(feeds["attention_mask"].min()) for feeds in requests} == {0, 1}


@pytest.mark.parametrize(
    ("folder", "file"),
    [("translation-marian", "decoder_model_merged.onnx"), ("text-generation-gpt2", "model.onnx")],
)
def test_half_of_the_requests_of_a_decoder_go_on_from_a_past(folder: str, file: str) -> None:
    model = load_graph(open_folder(GOLDEN / folder, file))
    requests = generated_samples(model).requests
    pasts = [feeds[name].shape[2] for feeds in requests for name in feeds if name.endswith("key")]
    assert {past > 0 for past in pasts} == {True, False}
    later = [feeds for feeds in requests if feeds["input_ids"].shape[1] == 1]
    assert len(later) == len(requests) // 2
    for feeds in later:
        past = next(feeds[name].shape[2] for name in feeds if name.endswith(("0.key", "0.decoder.key")))
        assert past >= 7
        if "use_cache_branch" in feeds:
            assert feeds["use_cache_branch"].all()
        else:
            assert feeds["attention_mask"].shape == (1, past + 1)
            assert feeds["position_ids"].tolist() == [[past]]
    for outputs in answers(model, generated_samples(model).part(range(4))):
        assert np.isfinite(outputs["logits"]).all()


def test_a_later_branch_that_answers_otherwise_is_seen() -> None:
    shapes: list[tuple[str, int, list[int | str]]] = [
        ("x", FLOAT, ["batch", "sequence_length"]),
        ("past", FLOAT, ["batch", "past_sequence_length"]),
    ]

    def summed(sign: str) -> ModelProto:
        nodes = [
            helper.make_node(sign, ["past"], ["kept"]),
            helper.make_node("Concat", ["kept", "x"], ["all"], axis=1),
            helper.make_node("ReduceSum", ["all", "axes"], ["y"]),
        ]
        return model_of(nodes, {"axes": np.array([1])}, shapes, [("y", FLOAT, ["batch", 1])])

    samples = generated_samples(summed("Identity"))
    first, second = (answers(summed(sign), samples) for sign in ("Identity", "Neg"))
    assert 0.45 < agreement(first, second, samples).same_answers < 0.6


def test_values_for_trees_lie_on_both_sides_of_their_thresholds() -> None:
    model = load_graph(open_folder(EXAMPLES / "breast-cancer/candidates", "tree.onnx"))
    samples = generated_samples(model)
    labels = {
        str(outputs["label"] if "label" in outputs else next(iter(outputs.values())))
        for outputs in answers(model, samples)
    }
    assert len(labels) > 1


@pytest.mark.parametrize(
    ("node", "kind", "expected"),
    [
        (helper.make_node("Neg", ["x"], ["y"]), TensorProto.INT64, "which whole numbers x may have"),
        (helper.make_node("Identity", ["x"], ["y"]), TensorProto.STRING, "texts as x"),
    ],
)
def test_what_the_graph_does_not_say_is_refused_by_the_name_of_the_input(
    node: object, kind: int, expected: str
) -> None:
    model = model_of([node], {}, [("x", kind, ["n", 2])], [("y", kind, ["n", 2])])  # type: ignore[list-item]
    with pytest.raises(OptimizationError, match=expected) as refused:
        generated_samples(model)
    assert refused.value.reason == "CalibrationInvalid"


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ([1 << 40, 4], "takes 32768.0 GiB as x"),
        (["n", 1 << 24], "takes 128 MiB as x"),
        (["n", -4], r"x has the shape \[1, -4\]"),
    ],
)
def test_an_input_of_an_impossible_shape_is_refused_before_it_fills_the_memory(
    shape: list[int | str], said: str
) -> None:
    model = model_of(
        [helper.make_node("Relu", ["x"], ["y"])], {}, [("x", FLOAT, shape)], [("y", FLOAT, shape)]
    )
    with pytest.raises(OptimizationError, match=said) as refused:
        generated_samples(model)
    assert refused.value.reason == "CalibrationInvalid"


def test_there_are_fewer_inputs_where_inputs_or_answers_are_large() -> None:
    shape: list[int | str] = ["n", 1 << 10]
    nodes = [helper.make_node("Tile", ["x", "times"], ["y"])]
    counts = []
    for times in (1, 1 << 11):
        model = model_of(
            nodes, {"times": np.array([1, times])}, [("x", FLOAT, shape)], [("y", FLOAT, ["n", "m"])]
        )
        counts.append(len(generated_samples(model)))
    assert counts == [256, 127]


def test_inputs_that_the_graph_refuses_are_no_samples() -> None:
    nodes = [helper.make_node("Reshape", ["x", "shape"], ["y"])]
    constants = {"shape": np.array([5, 7], dtype=np.int64)}
    model = model_of(nodes, constants, [("x", FLOAT, ["a", "b"])], [("y", FLOAT, [5, 7])])
    with pytest.raises(OptimizationError, match="No inputs can be generated"):
        generated_samples(model)


def test_a_tree_that_only_asks_whether_a_number_is_missing_gets_finite_numbers() -> None:
    tree = helper.make_node(
        "TreeEnsembleRegressor",
        ["x"],
        ["y"],
        domain="ai.onnx.ml",
        n_targets=1,
        nodes_treeids=[0, 0, 0, 0, 0],
        nodes_nodeids=[0, 1, 2, 3, 4],
        nodes_featureids=[0, 0, 1, 0, 0],
        nodes_modes=["BRANCH_LEQ", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"],
        nodes_values=[np.inf, 0.0, 2.0, 0.0, 0.0],
        nodes_truenodeids=[1, 0, 3, 0, 0],
        nodes_falsenodeids=[2, 0, 4, 0, 0],
        target_treeids=[0, 0, 0],
        target_nodeids=[1, 3, 4],
        target_ids=[0, 0, 0],
        target_weights=[1.0, 2.0, 3.0],
    )
    graph = helper.make_graph(
        [tree],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 1])],
    )
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    made = generated_samples(helper.make_model(graph, opset_imports=imports, ir_version=9))
    assert all(np.isfinite(feeds["x"]).all() for feeds in made.requests)
