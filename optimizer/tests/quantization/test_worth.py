"""Products that int8 would slow down are computed in float32, from weights of 8 bits."""

import numpy as np
from onnx import ModelProto, helper

from gantry_optimizer.agreement import agreement
from gantry_optimizer.quantization import quantize
from gantry_optimizer.quantization.worth import gain_ns
from gantry_optimizer.runtime import answers
from gantry_optimizer.weights import size_bytes

from .contexts import context_of, digits, matrix, model_of, network, numbers, operators


def test_a_small_network_gets_smaller_and_multiplies_in_float() -> None:
    model, samples = network("digits-128"), digits("digits-128", count=256)
    result = quantize(model, context_of(model, samples), "int8-dynamic")
    assert size_bytes(model) > 3 * size_bytes(result.model)
    assert "MatMulIntegerToFloat" not in operators(result.model)
    assert any("2 products are too small to be faster in int8" in said for said in result.remarks)
    fresh = digits("digits-128", "judge")
    compared = agreement(answers(model, fresh), answers(result.model, fresh), fresh)
    assert compared.same_answers > 0.995
    assert compared.mean_difference < 0.03


def shared_and_transposed() -> ModelProto:
    nodes = [
        helper.make_node("MatMul", ["x", "w1"], ["a"], name="first"),
        helper.make_node("MatMul", ["a", "w1"], ["b"], name="again"),
        helper.make_node("Gemm", ["b", "w2", "bias"], ["logits"], name="last", transB=1, beta=2.0),
    ]
    weights = {"w1": matrix(64, 64, 1), "w2": matrix(32, 64, 2), "bias": np.ones(32, np.float32)}
    return model_of(nodes, weights)


def test_shared_and_transposed_weights_are_in_the_file_once_and_keep_the_answers() -> None:
    model, samples = shared_and_transposed(), numbers(64)
    made = quantize(model, context_of(model, samples, drop=0.2), "int8-dynamic").model
    whole = {tensor.name for tensor in made.graph.initializer if tensor.data_type == 3}
    assert whole == {"w1_int8", "w2_int8"}
    assert not {tensor.name for tensor in made.graph.initializer} & {"w1", "w2"}
    gaps = agreement(answers(model, samples), answers(made, samples), samples)
    assert gaps.same_answers > 0.95


def test_many_rows_and_readers_of_one_operand_make_int8_worth_its_nodes() -> None:
    assert gain_ns(8, 128, [128], pairs_fit=False) < 0
    assert gain_ns(512, 128, [128], pairs_fit=False) > 0
    assert gain_ns(64, 64, [128], pairs_fit=False) < 0 < gain_ns(64, 64, [128] * 3, pairs_fit=False)
    # Each row is quantized whole for a few numbers that are made of it.
    assert gain_ns(512, 1024, [10], pairs_fit=False) < 0
    assert gain_ns(64, 384, [384], pairs_fit=True) < gain_ns(64, 384, [384], pairs_fit=False)


def test_rows_are_those_of_a_batch_of_the_samples() -> None:
    width = 64 * 512
    weights = {"w": matrix(64, 64), "tokens": np.array([-1, 64]), "text": np.array([-1, width])}
    product = helper.make_node("MatMul", ["rows", "w"], ["made"], name="product")
    before = helper.make_node("Reshape", ["x", "tokens"], ["rows"], name="before")
    after = helper.make_node("Reshape", ["made", "text"], ["logits"], name="after")
    many = model_of([before, product, after], weights, width, width)
    few = model_of(
        [helper.make_node("MatMul", ["x", "w"], ["logits"], name="product")], {"w": weights["w"]}, 64, 64
    )
    for model, size, operator in ((few, 64, "MatMul"), (many, width, "MatMulIntegerToFloat")):
        made = quantize(model, context_of(model, numbers(16, size), drop=1), "int8-dynamic").model
        assert operator in operators(made)
