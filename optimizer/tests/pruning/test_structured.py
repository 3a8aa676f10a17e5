"""What structured pruning refuses, and odd models that it can cope with."""

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.pruning.width import kept_width
from gantry_optimizer.samples import Samples
from gantry_optimizer.step import BlockKind

from .networks import constant, model_of, normal, outputs, pruned, samples_of, statements

PERCEPTRON = """
    h = Gemm (x, a, b)
    r = Relu (h)
    y = Gemm (r, c, d)
"""


def perceptron(width: int = 32) -> ModelProto:
    constants = {"a": normal(6, width), "b": normal(width), "c": normal(width, 5), "d": normal(5)}
    return model_of(statements(PERCEPTRON), constants)


def retyped(model: ModelProto, dtype: type) -> ModelProto:
    """Return a model that computes in another floating point type."""
    code = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(dtype), tensor.name))
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.elem_type = code
    return model


def test_does_not_change_the_model_that_it_is_given() -> None:
    model = perceptron()
    before = model.SerializeToString()
    result = pruned(model, 0.5)
    assert model.SerializeToString() == before
    assert result.model.ByteSize() < 0.65 * model.ByteSize()
    assert (result.blocks[0].start, result.blocks[0].end) == (32, 16)


@pytest.mark.parametrize(
    ("kind", "width", "ratio", "kept"),
    [
        ("linear", 1536, 0.4, 920),
        ("linear", 1536, 0.999, 2),
        ("linear", 128, 0.4, 80),
        ("linear", 32, 0.4, 20),
        ("linear", 10, 0.4, 6),
        ("linear", 10, 0.999, 1),
        ("convolution", 64, 0.4, 32),
        ("convolution", 48, 0.4, 32),
        ("convolution", 32, 0.2, 32),
        ("convolution", 32, 0.75, 8),
        ("convolution", 16, 0.4, 8),
        ("convolution", 7, 0.4, 4),
        ("heads", 12, 0.4, 7),
        ("heads", 2, 0.9, 1),
    ],
)
def test_rounds_widths_to_what_the_runtime_computes_at_a_time(
    kind: BlockKind, width: int, ratio: float, kept: int
) -> None:
    assert kept_width(width, ratio, kind) == kept


def test_leaves_at_least_a_neuron_and_says_how_many_stay() -> None:
    result = pruned(perceptron(), 0.999)
    assert (result.blocks[0].start, result.blocks[0].end) == (32, 1)


def test_a_ratio_that_takes_no_whole_multiple_finds_nothing_and_says_so() -> None:
    with pytest.raises(OptimizationError, match="no whole multiple of its 32 neurons") as caught:
        pruned(perceptron(), 0.01)
    assert caught.value.reason == "NothingToOptimize"


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_refuses_broken_weights_by_name(broken: float) -> None:
    model = perceptron()
    weight = numpy_helper.to_array(model.graph.initializer[2]).copy()
    weight[3, 2] = broken
    model.graph.initializer[2].CopyFrom(numpy_helper.from_array(weight, "c"))
    with pytest.raises(OptimizationError, match="`c` of `y` has numbers that are NaN or infinite") as caught:
        pruned(model, 0.5)
    assert caught.value.reason == "OptimizationUnsupported"


def test_refuses_a_quantized_graph_and_says_which_to_prune() -> None:
    nodes = statements("w = DequantizeLinear (q, s, z)\ny = MatMul (x, w)")
    constants = {"q": np.ones((6, 4), np.int8), "s": np.float32(0.1), "z": np.int8(0)}
    with pytest.raises(OptimizationError, match="quantized already: it has DequantizeLinear"):
        pruned(model_of(nodes, constants), 0.5)


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_keeps_the_type_of_weights_and_fits_in_double(dtype: type) -> None:
    model = retyped(perceptron(), dtype)
    samples = Samples([{"x": feeds["x"].astype(dtype)} for feeds in samples_of(model, 64).requests])
    result = pruned(model, 0.25, samples)
    assert constant(result.model, "y").dtype == dtype
    wanted, got = outputs(model, samples).astype(float), outputs(result.model, samples).astype(float)
    assert np.square(wanted - got).mean() < 0.1 * np.square(wanted - wanted.mean(0)).mean()


def test_works_without_any_sample_by_the_size_of_weights() -> None:
    model = perceptron()
    result = pruned(model, 0.5, Samples([]))
    assert not result.blocks[0].refitted
    assert "the smallest weights went" in result.remarks[1]
    size = np.abs(constant(model, "h")).sum(0) * np.abs(constant(model, "y")).sum(1)
    largest = np.sort(np.argsort(size)[-16:])
    assert np.array_equal(constant(result.model, "y"), constant(model, "y")[largest])


def test_one_sample_is_enough_and_all_samples_alike_are_no_trouble() -> None:
    model = perceptron()
    alike = Samples([samples_of(model, 1).requests[0]] * 3)
    for samples in (samples_of(model, 1), alike):
        result = pruned(model, 0.5, samples)
        assert np.allclose(outputs(result.model, samples), outputs(model, samples), atol=1e-3)


def test_samples_are_run_alone_where_the_batch_is_fixed() -> None:
    constants = {"a": normal(6, 16), "s": np.array([1, 4, 16]), "c": normal(16, 5)}
    nodes = statements("h = MatMul (x, a)\nq = Reshape (h, s)\nr = Relu (q)\ny = MatMul (r, c)")
    for shape in ((1, 4, 6), ("batch", 4, 6)):
        result = pruned(model_of(nodes, constants, shape, axes=3), 0.5)
        assert result.blocks[0].refitted


def test_padded_positions_teach_nothing() -> None:
    nodes = statements(
        """
        h = MatMul (x, a)
        r = Relu (h)
        z = MatMul (r, c)
        m = Cast <to = 1> (attention_mask)
        u = Unsqueeze (m, two)
        y = Mul (z, u)
        """
    )
    constants = {"a": normal(6, 32), "c": normal(32, 5), "two": np.array([2])}
    model = model_of(nodes[:3], constants, ("batch", "length", 6), "z", axes=3)
    model.graph.input.append(
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["batch", "length"])
    )
    model.graph.node.extend(nodes[3:])
    model.graph.output[0].name = "y"
    checker.check_model(model, full_check=True)
    draw = np.random.default_rng(0)
    requests = [draw.normal(size=(1, 4, 6)).astype(np.float32) for _ in range(64)]

    def padded(noise: float) -> Samples:
        tail = np.full((1, 3, 6), noise, np.float32)
        mask = np.array([[1, 1, 1, 1, 0, 0, 0]])
        return Samples([{"x": np.concatenate([x, tail], 1), "attention_mask": mask} for x in requests])

    weights = [constant(pruned(model, 0.5, padded(noise)).model, "z") for noise in (0.0, 1000.0)]
    assert np.array_equal(weights[0], weights[1])


def test_layers_in_subgraphs_are_counted_and_left_alone() -> None:
    inner = helper.make_node("MatMul", ["x", "w"], ["z"], name="inside")
    branch = helper.make_graph(
        [inner], "b", [], [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)]
    )
    node = helper.make_node("If", ["c"], ["y"], name="y", then_branch=branch, else_branch=branch)
    with pytest.raises(
        OptimizationError, match=r"2 layers were looked at \(`inside`: it stands in a subgraph"
    ):
        pruned(model_of([node], {"c": np.array(True), "w": normal(6, 4)}), 0.5)


def test_weights_in_constant_nodes_are_pruned() -> None:
    model = perceptron()
    for tensor in list(model.graph.initializer):
        model.graph.node.insert(0, helper.make_node("Constant", [], [tensor.name], value=tensor))
    del model.graph.initializer[:]
    result = pruned(model, 0.5)
    assert result.blocks[0].end == 16
    assert not {"a", "b", "c"} & {node.output[0] for node in result.model.graph.node}
    assert result.model.ByteSize() < 0.7 * model.ByteSize()


def test_layers_in_functions_are_found() -> None:
    body = [helper.make_node("MatMul", ["v", "w"], ["m"]), helper.make_node("Relu", ["m"], ["o"])]
    opsets = [helper.make_opsetid("", 18)]
    model = perceptron()
    model.functions.append(helper.make_function("mine", "Layer", ["v", "w"], ["o"], body, opsets))
    model.opset_import.append(helper.make_opsetid("mine", 1))
    del model.graph.node[:2]
    model.graph.node.insert(0, helper.make_node("Layer", ["x", "a"], ["r"], domain="mine"))
    result = pruned(model, 0.5)
    assert (result.blocks[0].start, result.blocks[0].end) == (32, 16)


def test_weights_that_a_caller_may_replace_are_left_alone_but_those_of_old_files_are_not() -> None:
    model = perceptron()
    for tensor in model.graph.initializer:
        model.graph.input.append(helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims))
    with pytest.raises(OptimizationError, match="so that a caller may replace it"):
        pruned(model, 0.5)
    model.ir_version = 3
    model.opset_import[0].version = 8
    assert pruned(model, 0.5).blocks[0].end == 16


def test_a_tied_embedding_is_left_alone_by_name() -> None:
    nodes = statements(
        """
        i = Cast <to = 7> (x)
        e = Gather (t, i)
        h = MatMul (e, a)
        r = Relu (h)
        z = MatMul (r, c)
        w = Transpose (t)
        y = MatMul (z, w)
        """
    )
    constants = {"t": normal(9, 8), "a": normal(8, 32), "c": normal(32, 8)}
    model = model_of(nodes, constants, axes=3)
    result = pruned(model, 0.5, Samples([{"x": np.arange(6, dtype=np.float32)[None]}] * 4))
    assert [block.node for block in result.blocks] == ["h"]
    assert {entry.node: entry.reason for entry in result.kept}[
        "y"
    ] == "its weight `t` is used in more than one place"
