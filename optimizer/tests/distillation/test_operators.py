"""Each operator of torch beside that of onnxruntime, in the versions that write it differently."""

from importlib.util import find_spec

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper, parser

from gantry_optimizer.runtime import open_session, run

from ..pruning.networks import normal

pytestmark = pytest.mark.skipif(find_spec("torch") is None, reason="students need requirements-torch.lock")

PICTURE = (2, 4, 7, 9)
ROWS = (2, 5, 6)

CASES: list[tuple[str, tuple[int, ...], int]] = [
    *[(f"y = {name} (x)", ROWS, 17) for name in ("Relu", "Tanh", "Sigmoid", "Erf", "Exp", "Abs", "Neg")],
    *[(f"y = {name} (x)", ROWS, 20) for name in ("Softplus", "Softsign", "HardSwish", "Mish", "Gelu")],
    ('y = Gelu <approximate = "tanh"> (x)', ROWS, 20),
    ("y = LeakyRelu <alpha = 0.2> (x)", ROWS, 17),
    ("y = Elu <alpha = 0.7> (x)", ROWS, 17),
    ("y = HardSigmoid <alpha = 0.3> (x)", ROWS, 17),
    ("y = PRelu (x, six)", ROWS, 17),
    ("y = Clip (x, low, high)", ROWS, 17),
    ("y = Clip <min = -0.5, max = 0.5> (x)", ROWS, 8),
    ("y = Softmax <axis = -2> (x)", ROWS, 17),
    ("y = Softmax <axis = 1> (x)", ROWS, 11),
    ("y = LogSoftmax (x)", ROWS, 17),
    ("y = LayerNormalization <axis = -1> (x, six, six)", ROWS, 17),
    ("y = MatMul (x, square)", ROWS, 17),
    ("y = ReduceMean <axes = [1], keepdims = 0> (x)", ROWS, 17),
    ("y = ReduceMean (x, one)", ROWS, 18),
    ("y = ReduceSum (x)", ROWS, 17),
    ("y = ReduceL2 <axes = [2]> (x)", ROWS, 17),
    ("y = ReduceSumSquare <axes = [2]> (x)", ROWS, 17),
    ("y = ReduceMax <axes = [1, 2]> (x)", ROWS, 17),
    ("y = Gather <axis = 1> (x, minus)", ROWS, 17),
    ("y = Gather <axis = 1> (x, place)", ROWS, 17),
    ("y = Reshape (x, shape)", ROWS, 17),
    ("y = Transpose (x)", ROWS, 17),
    ("y = Flatten <axis = 2> (x)", ROWS, 17),
    ("y = Unsqueeze (x, minus)", ROWS, 17),
    ("y = Unsqueeze <axes = [0, 2]> (x)", ROWS, 11),
    ("y = Slice (x, place1, minus, one, two)", ROWS, 17),
    ("y = Slice (x, minus, first, one, minus)", ROWS, 17),
    ("y = Slice <starts = [1], ends = [9], axes = [2]> (x)", ROWS, 9),
    ("a, b = Split <axis = 2> (x, parts)\ny = Concat <axis = 2> (b, a)", ROWS, 17),
    ("a, b = Split <axis = 2> (x)\ny = Mul (b, a)", ROWS, 11),
    ("y = Pad (x, pads, low)", ROWS, 17),
    ('y = Einsum <equation = "bij,jk->bik"> (x, square)', ROWS, 17),
    ("y = Sum (x, six, six)", ROWS, 17),
    ("y = Max (x, six)", ROWS, 17),
    ("y = Conv <pads = [1, 0, 1, 2], strides = [2, 1], dilations = [1, 2]> (x, kernel, three)", PICTURE, 17),
    ('y = Conv <auto_pad = "SAME_UPPER", strides = [2, 2]> (x, kernel)', PICTURE, 17),
    ('y = Conv <auto_pad = "SAME_LOWER", strides = [2, 2]> (x, kernel)', PICTURE, 17),
    ("y = Conv <group = 2> (x, groups)", PICTURE, 17),
    ("y = MaxPool <kernel_shape = [3, 3], strides = [2, 2], pads = [1, 1, 0, 1]> (x)", PICTURE, 17),
    ("y = MaxPool <kernel_shape = [2, 2], strides = [2, 2], ceil_mode = 1> (x)", PICTURE, 17),
    ("y = AveragePool <kernel_shape = [3, 3], pads = [1, 1, 1, 0]> (x)", PICTURE, 17),
    ("y = AveragePool <kernel_shape = [3, 3], pads = [1, 1, 1, 1], count_include_pad = 1> (x)", PICTURE, 17),
    ("y = GlobalAveragePool (x)", PICTURE, 17),
    ("y = GlobalMaxPool (x)", PICTURE, 17),
    ("y = BatchNormalization (x, four, four, four, spread)", PICTURE, 17),
    ("y = InstanceNormalization (x, four, four)", PICTURE, 17),
]

CONSTANTS = {
    "one": np.array([1]), "two": np.array([2]), "minus": np.array([-1]), "first": np.array([-9]),
    "place": np.array(1), "place1": np.array([1]), "shape": np.array([0, -1, 3]), "parts": np.array([2, 4]),
    "pads": np.array([0, 1, 0, 0, 2, 3]), "low": np.array(-0.5, np.float32), "high": np.array(0.25, np.float32),
    "six": normal(6), "square": normal(6, 6), "kernel": normal(3, 4, 3, 2), "three": normal(3),
    "groups": normal(6, 2, 3, 3), "four": normal(4), "spread": np.abs(normal(4)) + 0.5,
}  # fmt: skip


@pytest.mark.parametrize(("text", "shape", "opset"), CASES)
def test_torch_answers_as_onnxruntime_does(text: str, shape: tuple[int, ...], opset: int) -> None:
    import torch

    from gantry_optimizer.distillation.network import network_of

    # The sum with a weight makes all that follows depend on weights.
    nodes = [helper.make_node("Add", ["input", "weight"], ["x"]), *map(parser.parse_node, text.split("\n"))]
    used = {name for node in nodes for name in node.input}
    constants = {**CONSTANTS, "weight": normal(*shape[1:], seed=5)}
    graph = helper.make_graph(
        nodes,
        "one",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in constants.items() if name in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    feeds = {"input": normal(*shape, seed=3)}
    with torch.no_grad():
        got = network_of(model, "y", torch.device("cpu")).scores(feeds).numpy()
    expected = run(open_session(model), feeds)["y"]
    assert got.shape == expected.shape
    assert np.allclose(got, expected, atol=1e-4)
