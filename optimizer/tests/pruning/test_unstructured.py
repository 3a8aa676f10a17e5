from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.pruning import prune
from gantry_optimizer.pruning.unstructured import prune_unstructured, smallest_to_zero
from gantry_optimizer.recipe import Prune

from .networks import constant, context_of, model_of, node, normal, samples_of

GOLDEN = np.load(Path(__file__).parent / "golden" / "l1-unstructured.npz")


@pytest.mark.parametrize("name", sorted(name for name in GOLDEN.files if "-" in name))
def test_sets_the_same_weights_to_zero_as_torch(name: str) -> None:
    weight, ratio = name.split("-")
    assert np.array_equal(smallest_to_zero(GOLDEN[weight], float(ratio)), GOLDEN[name])


def perceptron(dtype: type = np.float32) -> ModelProto:
    nodes = [node("Gemm", "x a b", "h"), node("Relu", "h", "r"), node("MatMul", "r c", "y")]
    constants = {"a": normal(6, 10), "b": normal(10), "c": normal(10, 3, seed=1)}
    model = model_of(nodes, constants)
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(dtype), tensor.name))
    return model


def test_prunes_each_weight_and_no_bias_and_says_what_it_is_good_for() -> None:
    model = perceptron()
    before = model.SerializeToString()
    result = prune(model, context_of(model, samples_of(model)), Prune("l1-unstructured", 0.3))
    assert model.SerializeToString() == before
    assert (constant(result.model, "h") == 0).sum() == 18
    assert (constant(result.model, "y") == 0).sum() == 9
    assert result.compressible
    assert result.remarks[0] == "27 of 90 weights in 2 tensors are zero."
    assert "not faster" in result.remarks[1]


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_keeps_the_dtype_of_weights(dtype: type) -> None:
    made = prune_unstructured(perceptron(dtype), 0.5).model
    assert constant(made, "h").dtype == dtype
    assert (constant(made, "h") == 0).sum() == 30


def test_prunes_weights_in_constant_nodes_and_in_subgraphs() -> None:
    inner = [
        helper.make_node("Constant", [], ["w"], value=numpy_helper.from_array(normal(6, 4))),
        helper.make_node("MatMul", ["x", "w"], ["z"], name="inside"),
    ]
    branch = helper.make_graph(inner, "b", [], [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)])
    nodes = [node("If", "c", "y", then_branch=branch, else_branch=branch)]
    made = prune_unstructured(model_of(nodes, {"c": np.array(True)}), 0.5).model
    for attribute in made.graph.node[0].attribute:
        weight = numpy_helper.to_array(attribute.g.node[0].attribute[0].t)
        assert (weight == 0).sum() == 12


def test_refuses_a_graph_without_weights() -> None:
    with pytest.raises(OptimizationError, match="found no weight") as caught:
        prune_unstructured(model_of([node("Relu", "x", "y")], {}), 0.3)
    assert caught.value.reason == "NothingToOptimize"


def test_refuses_weights_that_are_nan_by_name() -> None:
    model = model_of([node("MatMul", "x a", "y")], {"a": np.full((6, 4), np.nan, np.float32)})
    with pytest.raises(OptimizationError, match="`a` has numbers that are NaN"):
        prune_unstructured(model, 0.3)


@pytest.mark.parametrize("method", ["l1-unstructured", "structured"])
@pytest.mark.parametrize("ratio", [0.0, 1.0, -0.1, float("nan")])
def test_refuses_a_ratio_that_takes_nothing_or_all(method: str, ratio: float) -> None:
    model = perceptron()
    how = Prune("structured" if method == "structured" else "l1-unstructured", ratio)
    with pytest.raises(OptimizationError, match="must be above 0 and below 1"):
        prune(model, context_of(model, samples_of(model)), how)


@pytest.mark.parametrize("method", ["l1-unstructured", "structured"])
def test_a_graph_that_is_quantized_in_part_is_refused_by_the_operators_that_say_so(method: str) -> None:
    nodes = [
        node("DynamicQuantizeLinear", "x", "q s z"),
        node("MatMulInteger", "q a z", "i"),
        node("Cast", "i", "f", to=TensorProto.FLOAT),
        node("MatMul", "f b", "y"),
    ]
    model = model_of(nodes, {"a": np.ones((6, 10), np.int8), "b": normal(10, 3)})
    with pytest.raises(OptimizationError, match=r"quantized already: it has .*MatMulInteger") as refused:
        prune(model, context_of(model, samples_of(model)), Prune(method, 0.3))  # type: ignore[arg-type]
    assert refused.value.reason == "OptimizationUnsupported"
