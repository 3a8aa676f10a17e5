"""A network of the size of ResNet-50 with random weights, batch normalization folded into its convolutions."""

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

STAGES = ((3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2))
"""Blocks, inner channels and stride of each stage; outer channels are four times as many."""


class _Layers:
    """Nodes and weights, in the order in which they are written."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def convolution(
        self, value: str, shape: tuple[int, int, int], stride: int = 1, scale: float = 1.0
    ) -> str:
        start, end, side = shape
        name = f"conv{len(self.nodes)}"
        kernel = self.random.standard_normal((end, start, side, side), dtype=np.float32)
        kernel *= np.float32(scale * (2 / (start * side * side)) ** 0.5)
        bias = self.random.standard_normal(end, dtype=np.float32) * np.float32(0.02)
        self.weights.append(numpy_helper.from_array(kernel, f"{name}.weight"))
        self.weights.append(numpy_helper.from_array(bias, f"{name}.bias"))
        self.nodes.append(
            helper.make_node(
                "Conv",
                [value, f"{name}.weight", f"{name}.bias"],
                [name],
                name=f"/{name}",
                kernel_shape=[side, side],
                strides=[stride, stride],
                pads=[side // 2] * 4,
            )
        )
        return name

    def node(self, operator: str, *inputs: str, **attributes: object) -> str:
        name = f"{operator.lower()}{len(self.nodes)}"
        node = helper.make_node(operator, list(inputs), [name], name=f"/{name}")
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return name

    def block(self, value: str, start: int, inner: int, stride: int) -> str:
        first = self.node("Relu", self.convolution(value, (start, inner, 1)))
        second = self.node("Relu", self.convolution(first, (inner, inner, 3), stride))
        third = self.convolution(second, (inner, 4 * inner, 1), scale=0.3)
        beside = value
        if start != 4 * inner or stride != 1:
            beside = self.convolution(value, (start, 4 * inner, 1), stride, scale=0.7)
        return self.node("Relu", self.node("Add", third, beside))


def resnet(seed: int = 0) -> ModelProto:
    """Write the network: `pixel_values` float32 [batch, 3, 224, 224] to `logits` float32 [batch, 1000]."""
    layers = _Layers(seed)
    value = layers.node("Relu", layers.convolution("pixel_values", (3, 64, 7), 2))
    value = layers.node("MaxPool", value, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for blocks, inner, stride in STAGES:
        for place in range(blocks):
            value = layers.block(value, channels, inner, stride if place == 0 else 1)
            channels = 4 * inner
    flat = layers.node("Flatten", layers.node("GlobalAveragePool", value))
    weight = layers.random.standard_normal((1000, channels), dtype=np.float32) * np.float32(channels**-0.5)
    layers.weights.append(numpy_helper.from_array(weight, "last.weight"))
    layers.weights.append(numpy_helper.from_array(np.zeros(1000, np.float32), "last.bias"))
    layers.nodes.append(
        helper.make_node("Gemm", [flat, "last.weight", "last.bias"], ["logits"], name="/last", transB=1)
    )
    graph = helper.make_graph(
        layers.nodes,
        "resnet",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, 224, 224])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1000])],
        layers.weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    return model
