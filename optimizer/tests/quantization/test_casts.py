"""float16 with nodes that stay in float32, and in subgraphs: onnxruntime's tool writes casts where they cannot be."""

import numpy as np
import onnx
import pytest
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.quantization import quantize
from gantry_optimizer.quantization.half import in_float16

from .contexts import context_of, matrix, model_of, numbers, outputs


def branch(nodes: list[NodeProto], name: str) -> GraphProto:
    value = helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, None)
    return helper.make_graph(nodes, name, [], [value])


def same_in_float16(model: ModelProto, *stay: str) -> None:
    made = in_float16(model, frozenset(stay))
    onnx.checker.check_model(made, full_check=True)
    samples = numbers(4)
    for before, after in zip(outputs(model, samples), outputs(made, samples), strict=True):
        assert np.allclose(before, after, atol=0.02)


def test_two_nodes_that_stay_in_float32_read_one_cast_of_a_value() -> None:
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], name="product"),
        helper.make_node("Sigmoid", ["a"], ["b"], name="left"),
        helper.make_node("Tanh", ["a"], ["c"], name="right"),
        helper.make_node("Add", ["b", "c"], ["logits"], name="sum"),
    ]
    same_in_float16(model_of(nodes, {"w": matrix(64, 32)}), "left", "right")


def test_a_branch_reads_the_input_of_the_graph_and_has_operators_without_float16() -> None:
    later = branch(
        [
            helper.make_node("Neg", ["x"], ["n"], name="neg"),
            helper.make_node("Max", ["n", "zero"], ["m"], name="max"),
            helper.make_node("Min", ["m", "n"], ["p"], name="min"),
        ],
        "later",
    )
    first = branch([helper.make_node("Abs", ["x"], ["q"], name="abs")], "first")
    nodes = [
        helper.make_node("If", ["yes"], ["chosen"], name="if", then_branch=later, else_branch=first),
        helper.make_node("MatMul", ["chosen", "w"], ["logits"], name="product"),
    ]
    weights = {"w": matrix(64, 32), "yes": np.array(True), "zero": np.zeros(1, np.float32)}
    same_in_float16(model_of(nodes, weights))


def test_an_output_that_no_node_makes_is_refused_by_name() -> None:
    model = model_of([helper.make_node("MatMul", ["x", "w"], ["logits"])], {"w": matrix(64, 32)})
    model.graph.output.add().CopyFrom(model.graph.input[0])
    with pytest.raises(OptimizationError, match="The output x is an input") as caught:
        quantize(model, context_of(model, numbers(32)), "fp16")
    assert caught.value.reason == "OptimizationUnsupported"
