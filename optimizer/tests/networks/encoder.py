"""Text encoders with random weights, as exporters write BERT: for tests and measurements."""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper


@dataclass(frozen=True)
class EncoderSize:
    """Numbers that give an encoder its shape; `classes` 0 leaves the hidden states as the output."""

    layers: int
    width: int
    heads: int
    inner: int
    vocabulary: int = 30_522
    positions: int = 512
    classes: int = 0


MINILM = EncoderSize(layers=6, width=384, heads=12, inner=1536)
BERT_BASE = EncoderSize(layers=12, width=768, heads=12, inner=3072)
TINY = EncoderSize(layers=2, width=32, heads=4, inner=64, vocabulary=120, positions=64, classes=4)

MASKED = np.array(np.finfo(np.float32).min / 2, dtype=np.float32)
"""What exporters add to the scores of padded places: large, and no infinity when two are added."""


class _Graph:
    """Nodes and weights, in the order in which they are written."""

    def __init__(self, size: EncoderSize, seed: int) -> None:
        self.size = size
        self.random = np.random.default_rng(seed)
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []

    def weight(self, name: str, *shape: int, scale: float = 1.0) -> str:
        values = self.random.standard_normal(shape, dtype=np.float32) * np.float32(scale)
        return self.constant(name, values)

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.weights.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def node(self, operator: str, inputs: list[str], output: str, **attributes: object) -> str:
        node = helper.make_node(operator, inputs, [output], name=f"/{output}")
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return output

    def linear(self, value: str, name: str, width: int, to: int) -> str:
        weight = self.weight(f"{name}.weight", width, to, scale=width**-0.5)
        product = self.node("MatMul", [value, weight], f"{name}.product")
        return self.node("Add", [self.weight(f"{name}.bias", to, scale=0.02), product], name)

    def normalized(self, value: str, name: str) -> str:
        scale = self.constant(f"{name}.weight", np.ones(self.size.width, dtype=np.float32))
        bias = self.weight(f"{name}.bias", self.size.width, scale=0.02)
        return self.node("LayerNormalization", [value, scale, bias], name, axis=-1, epsilon=1e-12)

    def gelu(self, value: str, name: str) -> str:
        halved = self.node("Div", [value, "root_of_two"], f"{name}.divided")
        error = self.node("Erf", [halved], f"{name}.erf")
        shifted = self.node("Add", [error, "one"], f"{name}.shifted")
        scaled = self.node("Mul", [value, shifted], f"{name}.scaled")
        return self.node("Mul", [scaled, "half"], name)

    def heads(self, value: str, name: str, order: list[int]) -> str:
        split = self.node("Reshape", [value, "split_heads"], f"{name}.split")
        return self.node("Transpose", [split], f"{name}.heads", perm=order)

    def attention(self, value: str, name: str) -> str:
        width = self.size.width
        query = self.heads(self.linear(value, f"{name}.query", width, width), f"{name}.query", [0, 2, 1, 3])
        key = self.heads(self.linear(value, f"{name}.key", width, width), f"{name}.key", [0, 2, 3, 1])
        values = self.heads(self.linear(value, f"{name}.value", width, width), f"{name}.value", [0, 2, 1, 3])
        scores = self.node("MatMul", [query, key], f"{name}.scores")
        scaled = self.node("Div", [scores, "root_of_head"], f"{name}.scaled")
        masked = self.node("Add", [scaled, "mask"], f"{name}.masked")
        shares = self.node("Softmax", [masked], f"{name}.shares", axis=-1)
        context = self.node("MatMul", [shares, values], f"{name}.context")
        joined = self.node("Transpose", [context], f"{name}.joined", perm=[0, 2, 1, 3])
        flat = self.node("Reshape", [joined, "join_heads"], f"{name}.flat")
        return self.linear(flat, f"{name}.output", width, width)

    def layer(self, value: str, name: str) -> str:
        size = self.size
        attended = self.attention(value, f"{name}.attention")
        summed = self.node("Add", [attended, value], f"{name}.attention.summed")
        middle = self.normalized(summed, f"{name}.attention.norm")
        inner = self.gelu(self.linear(middle, f"{name}.inner", size.width, size.inner), f"{name}.gelu")
        outer = self.linear(inner, f"{name}.outer", size.inner, size.width)
        return self.normalized(self.node("Add", [outer, middle], f"{name}.summed"), f"{name}.norm")

    def constants(self) -> None:
        size = self.size
        self.constant("root_of_two", np.array(2**0.5, dtype=np.float32))
        self.constant("one", np.array(1, dtype=np.float32))
        self.constant("half", np.array(0.5, dtype=np.float32))
        self.constant("root_of_head", np.array((size.width // size.heads) ** 0.5, dtype=np.float32))
        self.constant("masked", MASKED)
        self.constant("mask_axes", np.array([1, 2], dtype=np.int64))
        self.constant("split_heads", np.array([0, 0, size.heads, size.width // size.heads], dtype=np.int64))
        self.constant("join_heads", np.array([0, 0, size.width], dtype=np.int64))

    def embeddings(self) -> str:
        size = self.size
        words = self.weight("embeddings.words", size.vocabulary, size.width)
        self.constant("zero", np.array(0, dtype=np.int64))
        self.constant("step", np.array(1, dtype=np.int64))
        self.constant("first_axis", np.array(1, dtype=np.int64))
        gathered = self.node("Gather", [words, "input_ids"], "embeddings.gathered")
        shape = self.node("Shape", ["input_ids"], "embeddings.shape")
        length = self.node("Gather", [shape, "first_axis"], "embeddings.length")
        places = self.node("Range", ["zero", length, "step"], "embeddings.places")
        table = self.weight("embeddings.positions", size.positions, size.width, scale=0.2)
        positions = self.node("Gather", [table, places], "embeddings.placed")
        return self.normalized(
            self.node("Add", [gathered, positions], "embeddings.summed"), "embeddings.norm"
        )

    def mask(self) -> None:
        wide = self.node("Unsqueeze", ["attention_mask", "mask_axes"], "mask.wide")
        number = self.node("Cast", [wide], "mask.number", to=TensorProto.FLOAT)
        inverse = self.node("Sub", ["one", number], "mask.inverse")
        self.node("Mul", [inverse, "masked"], "mask")

    def classified(self, value: str) -> str:
        first = self.node("Gather", [value, "zero"], "first", axis=1)
        weight = self.weight(
            "classifier.weight", self.size.classes, self.size.width, scale=self.size.width**-0.5
        )
        bias = self.weight("classifier.bias", self.size.classes, scale=0.02)
        return self.node("Gemm", [first, weight, bias], "logits", transB=1)


def encoder(size: EncoderSize, seed: int = 0) -> ModelProto:
    """Write an encoder of `size` with weights drawn from `seed`.

    Inputs: `input_ids` and `attention_mask`, int64 [batch, sequence].
    Output: `last_hidden_state` float32 [batch, sequence, width], or `logits` float32 [batch, classes].
    """
    graph = _Graph(size, seed)
    graph.constants()
    graph.mask()
    value = graph.embeddings()
    for layer in range(size.layers):
        value = graph.layer(value, f"layer.{layer}")
    if size.classes > 0:
        output = helper.make_tensor_value_info(
            graph.classified(value), TensorProto.FLOAT, ["batch", size.classes]
        )
    else:
        name = graph.node("Identity", [value], "last_hidden_state")
        output = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "sequence", size.width])
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"])
        for name in ("input_ids", "attention_mask")
    ]
    written = helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.weights)
    model = helper.make_model(written, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    return model
