"""Graphs of other forms, and those that are refused, each with a sentence."""

from collections.abc import Callable

import numpy as np
import onnx
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from gantry_optimizer.agreement import agreement
from gantry_optimizer.failure import OptimizationError, Reason
from gantry_optimizer.quantization import quantize
from gantry_optimizer.recipe import Quantize
from gantry_optimizer.runtime import answers
from gantry_optimizer.samples import Samples
from gantry_optimizer.weights import size_bytes

from .contexts import context_of, digits, matrix, model_of, network, numbers, operators

FORMATS: tuple[Quantize, ...] = ("int8-dynamic", "int8-static", "int4", "fp16")


def product(weights: np.ndarray[tuple[int, ...], np.dtype[np.float32]], opset: int = 17) -> ModelProto:
    return model_of(
        [helper.make_node("MatMul", ["x", "w"], ["logits"], name="product")], {"w": weights}, opset=opset
    )


def with_nan() -> ModelProto:
    weights = matrix(64, 32)
    weights[3, 4] = np.nan
    return product(weights)


def with_infinity() -> ModelProto:
    weights = matrix(64, 32)
    weights[3, 4] = np.inf
    return product(weights)


def quantized() -> ModelProto:
    return quantize(
        product(matrix(64, 32)), context_of(product(matrix(64, 32)), numbers(32), 0.3), "int8-dynamic"
    ).model


def without_weights() -> ModelProto:
    return model_of([helper.make_node("Relu", ["x"], ["logits"])], {}, classes=64)


def no_longer_convertible() -> ModelProto:
    nodes = [
        helper.make_node("BatchNormalization", ["x", "s", "s", "s", "s"], ["y"], is_test=0),
        helper.make_node("MatMul", ["y", "w"], ["logits"]),
    ]
    return model_of(nodes, {"s": np.ones(64, np.float32), "w": matrix(64, 32)}, opset=6)


@pytest.mark.parametrize(
    ("make", "fmt", "reason", "says"),
    [
        (
            with_nan,
            "int8-dynamic",
            "OptimizationUnsupported",
            "1 of the 2048 weights w of node product are NaN",
        ),
        (with_infinity, "fp16", "OptimizationUnsupported", "NaN or infinite"),
        (
            quantized,
            "int8-dynamic",
            "OptimizationUnsupported",
            "already quantized: it has MatMulIntegerToFloat",
        ),
        (quantized, "fp16", "OptimizationUnsupported", "already quantized"),
        (no_longer_convertible, "int4", "OptimizationUnsupported", "has opset 6; .* onnx cannot convert it"),
        (without_weights, "int8-dynamic", "NothingToOptimize", "its operators are Relu"),
        (without_weights, "fp16", "NothingToOptimize", "its operators are Relu"),
    ],
)
def test_says_what_it_refuses(
    make: Callable[[], ModelProto], fmt: Quantize, reason: Reason, says: str
) -> None:
    model = make()
    with pytest.raises(OptimizationError, match=says) as raised:
        quantize(model, context_of(model, numbers(32)), fmt)
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (numbers(15), "30 samples, and at least 32 are needed"),
        (Samples(numbers(40).requests, generated=True), "takes the ranges of numbers from a data set"),
        (numbers(40, width=63), "x float32"),
    ],
)
def test_says_which_samples_cannot_calibrate(samples: Samples, says: str) -> None:
    model = product(matrix(64, 32))
    with pytest.raises(OptimizationError, match=says) as raised:
        quantize(model, context_of(model, samples), "int8-static")
    assert raised.value.reason == "CalibrationInvalid"


@pytest.mark.parametrize("opset", [7, 11])
@pytest.mark.parametrize("fmt", FORMATS)
def test_old_opsets_are_converted(fmt: Quantize, opset: int) -> None:
    model = product(matrix(64, 32), opset)
    model.ir_version = 3
    model.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, [64, 32]))
    result = quantize(model, context_of(model, numbers(64), drop=0.2), fmt)
    assert size_bytes(result.model) < size_bytes(model) / 1.8
    assert model.opset_import[0].version == opset
    fresh = numbers(64, seed=1)
    assert agreement(answers(model, fresh), answers(result.model, fresh), fresh).same_answers >= 0.75


def test_weights_of_two_nodes_are_in_the_file_once() -> None:
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], name="first"),
        helper.make_node("MatMul", ["a", "w"], ["logits"], name="second"),
    ]
    model = model_of(nodes, {"w": matrix(64, 64)}, classes=64)
    result = quantize(model, context_of(model, numbers(64), drop=0.2), "int8-dynamic")
    assert size_bytes(result.model) < 64 * 64 * 1.6
    assert [node.op_type for node in result.model.graph.node].count("MatMulIntegerToFloat") == 2


@pytest.mark.parametrize("fmt", ["int8-dynamic", "int4"])
def test_a_tied_table_stays_whole_and_is_named(fmt: Quantize) -> None:
    nodes = [
        helper.make_node("Cast", ["x"], ["ids"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "ids"], ["rows"], name="look up"),
        helper.make_node("ReduceMean", ["rows"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["mean", "w"], ["a"], name="inner"),
        helper.make_node("Transpose", ["table"], ["turned"], perm=[1, 0]),
        helper.make_node("MatMul", ["a", "turned"], ["logits"], name="unembed"),
    ]
    model = model_of(nodes, {"table": matrix(40, 64), "w": matrix(64, 64)}, width=4, classes=40)
    result = quantize(model, context_of(model, numbers(64, width=4), drop=0.3), fmt)
    assert {kept.node for kept in result.kept} == {"look up"}
    assert "shared" in result.kept[0].reason
    assert size_bytes(result.model) < size_bytes(model)


@pytest.mark.parametrize("fmt", ["int8-dynamic", "int4", "fp16"])
def test_branches_are_quantized_too(fmt: Quantize) -> None:
    def branch(weights: str) -> onnx.GraphProto:
        nodes = [helper.make_node("MatMul", ["x", weights], ["out"], name=f"by {weights}")]
        return helper.make_graph(nodes, weights, [], [helper.make_tensor_value_info("out", 1, ["batch", 32])])

    nodes = [
        helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=0),
        helper.make_node("Greater", ["sum", "zero"], ["positive"]),
        helper.make_node("If", ["positive"], ["logits"], then_branch=branch("u"), else_branch=branch("v")),
    ]
    weights = {"zero": np.array(0, np.float32), "u": matrix(64, 32, 1), "v": matrix(64, 32, 2)}
    model = model_of(nodes, weights)
    result = quantize(model, context_of(model, numbers(64), drop=0.2), fmt)
    onnx.checker.check_model(result.model, full_check=True)
    assert size_bytes(result.model) < size_bytes(model) / (1.8 if fmt == "fp16" else 2.5)


def test_functions_are_written_out() -> None:
    function = helper.make_function(
        "own",
        "Layer",
        ["a", "b"],
        ["c"],
        [helper.make_node("MatMul", ["a", "b"], ["c"])],
        [helper.make_opsetid("", 17)],
    )
    model = model_of([helper.make_node("Layer", ["x", "w"], ["logits"], domain="own")], {"w": matrix(64, 32)})
    model.opset_import.append(helper.make_opsetid("own", 1))
    model.functions.append(function)
    result = quantize(model, context_of(model, numbers(64), drop=0.2), "int8-dynamic")
    assert "MatMulIntegerToFloat" in operators(result.model)


def test_a_gemm_keeps_its_addend_and_factor() -> None:
    weights = {"w": matrix(32, 64), "b": matrix(1, 32)[0]}
    node = helper.make_node("Gemm", ["x", "w", "b"], ["logits"], name="gemm", transB=1, beta=3.0)
    model = model_of([node], weights)
    samples = numbers(64)
    for fmt in ("int8-dynamic", "int4"):
        result = quantize(model, context_of(model, samples, drop=0.5), fmt)
        assert "Gemm" not in operators(result.model)
        for before, after in zip(answers(model, samples), answers(result.model, samples), strict=True):
            np.testing.assert_allclose(after["logits"], before["logits"], atol=1.5 if fmt == "int4" else 0.2)


def test_weights_that_a_caller_may_replace_stay() -> None:
    model = product(matrix(64, 32))
    model.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, [64, 32]))
    with pytest.raises(OptimizationError, match="No node") as raised:
        quantize(model, context_of(model, numbers(32)), "int8-dynamic")
    assert raised.value.reason == "NothingToOptimize"


def test_constant_nodes_are_weights() -> None:
    constant = helper.make_node("Constant", [], ["w"], value=numpy_helper.from_array(matrix(64, 32)))
    model = model_of([constant, helper.make_node("MatMul", ["x", "w"], ["logits"])], {})
    result = quantize(model, context_of(model, numbers(64), drop=0.2), "int8-dynamic")
    assert "Constant" not in operators(result.model)


def test_values_that_are_never_negative_use_all_bytes() -> None:
    nodes = [
        helper.make_node("Relu", ["x"], ["positive"]),
        helper.make_node("MatMul", ["positive", "w"], ["a"], name="first"),
        helper.make_node("MatMul", ["a", "v"], ["logits"], name="second"),
    ]
    model = model_of(nodes, {"w": matrix(64, 64, 1), "v": matrix(64, 32, 2)})
    samples = Samples([*numbers(64).requests, {"x": -np.ones((1, 64), np.float32)}])
    made = quantize(model, context_of(model, samples, drop=0.2), "int8-dynamic").model
    counts = [node.op_type for node in made.graph.node]
    assert (counts.count("ReduceMax"), counts.count("Abs")) == (2, 1)
    compared = agreement(answers(model, samples), answers(made, samples), samples)
    assert compared.same_answers > 0.95
    zeros = answers(made, samples)[-1]["logits"]
    np.testing.assert_array_equal(zeros, np.zeros_like(zeros))


def test_ranges_of_bytes_cut_off_what_is_between_two_products() -> None:
    model, samples = network("digits-128"), digits("digits-128", count=160)
    made = quantize(model, context_of(model, samples), "int8-static").model
    assert "Relu" not in operators(made)
    kept = quantize(model, context_of(model, samples), "int8-dynamic").model
    assert "Relu" in operators(kept)
