"""Writes a graph whose weights are in a file beside it: y = x W, with W [4, 3]. Needs onnx and numpy."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

folder = Path(__file__).parent / "external"
folder.mkdir(exist_ok=True)
weights = numpy_helper.from_array(np.arange(12, dtype=np.float32).reshape(4, 3) / 4, "w")
graph = helper.make_graph(
    [helper.make_node("MatMul", ["x", "w"], ["y"])],
    "external",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 4])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 3])],
    [weights],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.save(
    model, folder / "model.onnx", save_as_external_data=True, location="weights.bin", size_threshold=0
)
