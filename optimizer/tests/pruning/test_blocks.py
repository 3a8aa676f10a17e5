"""Which layers structured pruning finds, and which it leaves alone, by name."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.samples import Array, Samples

from .networks import Shape, constant, model_of, node, normal, outputs, pruned, samples_of

K = 16
"""Neurons of every block here; half of them are dead."""

DEAD = np.arange(0, K, 2)


@dataclass(frozen=True)
class Found:
    """A graph with one block of K neurons, whose consumers do not look at those in DEAD."""

    nodes: list[helper.NodeProto]
    constants: dict[str, Array]
    shape: Shape = ("batch", 6)
    axes: int = 2
    opset: int = 18
    kind: str = field(default="linear")


def quiet(weight: Array, axis: int = 0) -> Array:
    """Return a weight that does not look at dead neurons; each has the same count of places on the axis."""
    places = np.isin(np.arange(weight.shape[axis]) // (weight.shape[axis] // K), DEAD)
    return np.where(np.expand_dims(places, [a for a in range(weight.ndim) if a != axis]), 0, weight).astype(weight.dtype)


A, B, C, D = normal(6, K), normal(K, seed=1), quiet(normal(K, 5, seed=2)), normal(5, seed=3)
PICTURES: Shape = ("batch", 3, 8, 8)
KERNEL, KERNEL2 = normal(K, 3, 3, 3), quiet(normal(4, K, 3, 3, seed=5), axis=1)
CONV = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
FLAT = {"k": KERNEL, "b": B}
CHANNELS = normal(K, seed=7).reshape(K, 1, 1)

FOUND = {
    "Gemm, Relu, Gemm": Found([node("Gemm", "x a b", "h"), node("Relu", "h", "r"), node("Gemm", "r c d", "y")], {"a": A, "b": B, "c": C, "d": D}),
    "MatMul and Add, three axes": Found(
        [node("MatMul", "x a", "h"), node("Add", "b h", "hb"), node("Erf", "hb", "r"), node("MatMul", "r c", "z"), node("Add", "z d", "y")],
        {"a": A, "b": B, "c": C, "d": D}, ("batch", "length", 6), 3),
    "Gemm with transposed weights and factors": Found(
        [node("Gemm", "x a b", "h", transB=1, alpha=0.5), node("Tanh", "h", "r"), node("Gemm", "r c d", "y", transB=1, alpha=2.0, beta=0.5)],
        {"a": A.T, "b": B[None], "c": C.T, "d": D}),
    "Gemm that reads columns": Found(
        [node("Gemm", "x a b", "h"), node("Relu", "h", "r"), node("Transpose", "r", "t", perm=[1, 0]), node("Gemm", "t c d", "y", transA=1)],
        {"a": A, "b": B, "c": C, "d": D}),
    "Gemm without bias": Found([node("Gemm", "x a", "h"), node("Softplus", "h", "r"), node("Gemm", "r c", "y")], {"a": A, "c": C}),
    "SwiGLU": Found(
        [node("MatMul", "x a", "g"), node("Sigmoid", "g", "s"), node("Mul", "g s", "silu"), node("MatMul", "x u", "up"), node("Mul", "silu up", "h"), node("MatMul", "h c", "y")],
        {"a": A, "u": normal(6, K, seed=9), "c": C}, ("batch", "length", 6), 3),
    "gate in another order": Found(
        [node("MatMul", "x u", "up"), node("MatMul", "x a", "g"), node("Elu", "g", "s"), node("Mul", "up s", "h"), node("MatMul", "h c", "y")],
        {"a": A, "u": normal(6, K, seed=9), "c": C}),
    "BiasGelu and FusedMatMul": Found(
        [node("MatMul", "x a", "h"), node("BiasGelu", "h b", "r", "com.microsoft"), node("FusedMatMul", "r c", "y", "com.microsoft", transB=1, alpha=0.5)],
        {"a": A, "b": B, "c": C.T}),
    "FastGelu and QuickGelu": Found(
        [node("MatMul", "x a", "h"), node("FastGelu", "h b", "f", "com.microsoft"), node("QuickGelu", "f", "r", "com.microsoft"), node("MatMul", "r c", "y")],
        {"a": A, "b": B, "c": C}),
    "SkipLayerNormalization behind": Found(
        [node("MatMul", "x a", "h"), node("Relu", "h", "r"), node("MatMul", "r c", "z"), node("SkipLayerNormalization", "z x g e d", "y", "com.microsoft")],
        {"a": A, "c": quiet(normal(K, 6, seed=2)), "g": np.ones(6, np.float32), "e": np.zeros(6, np.float32), "d": normal(6)}, ("batch", "length", 6), 3),
    "gelu written out, with constants for each neuron": Found(
        [node("Gemm", "x a b", "h"), node("Mul", "h s", "hs"), node("Div", "hs two", "q"), node("Erf", "q", "e"), node("Add", "e one", "e1"), node("Mul", "hs e1", "m"), node("Mul", "m half", "r"), node("Gemm", "r c d", "y")],
        {"a": A, "b": B, "s": normal(1, K, seed=4), "two": np.float32(1.41), "one": np.ones(1, np.float32), "half": np.float32(0.5), "c": C, "d": D}),
    "two readers": Found(
        [node("Gemm", "x a b", "h"), node("Relu", "h", "r"), node("Gemm", "r c d", "one"), node("Sigmoid", "h", "t"), node("Gemm", "t c2 d", "two"), node("Add", "one two", "y")],
        {"a": A, "b": B, "c": C, "c2": quiet(normal(K, 5, seed=8)), "d": D}),
    "no operator between": Found([node("MatMul", "x a", "h"), node("MatMul", "h c", "y")], {"a": A, "c": C}),
    "BatchNormalization of vectors": Found(
        [node("Gemm", "x a b", "h"), node("BatchNormalization", "h s o m v", "n"), node("Relu", "n", "r"), node("Gemm", "r c d", "y")],
        {"a": A, "b": B, "c": C, "d": D, "s": B, "o": B, "m": B, "v": np.abs(B) + 1}),
    "Clip, Cast, Dropout, Identity, Where": Found(
        [node("Gemm", "x a b", "h"), node("Clip", "h lo hi", "i"), node("Identity", "i", "j"), node("Dropout", "j", "k"), node("Greater", "k zero", "g"), node("Mul", "k half", "l"), node("Where", "g k l", "m"), node("Cast", "m", "r", to=TensorProto.FLOAT), node("Gemm", "r c d", "y")],
        {"a": A, "b": B, "c": C, "d": D, "lo": np.float32(-1), "hi": np.float32(1), "zero": np.float32(0), "half": np.float32(0.1)}),
    "Reshape of the axes before": Found(
        [node("MatMul", "x a", "h"), node("Reshape", "h s", "q"), node("Relu", "q", "r"), node("Gemm", "r c d", "y")],
        {"a": A, "c": C, "d": D, "s": np.array([-1, K])}, ("batch", "length", 6)),
    "Reshape to a shape made by Concat": Found(
        [node("Gemm", "x a b", "h"), node("Shape", "x", "n", end=1), node("Concat", "n one width", "s", axis=0), node("Reshape", "h s", "q", allowzero=1), node("Relu", "q", "r"), node("MatMul", "r c", "y")],
        {"a": A, "b": B, "c": C, "one": np.array([1]), "width": np.array([K])}, axes=3),
    "a mask that is one number for all neurons": Found(
        [node("MatMul", "x a", "h"), node("ReduceMax", "x last", "m"), node("Mul", "h m", "r"), node("MatMul", "r c", "y")],
        {"a": A, "c": C, "last": np.array([-1])}, ("batch", "length", 6), 3),
    "Conv, Relu, Conv": Found(
        [node("Conv", "x k b", "h", **CONV), node("Relu", "h", "r"), node("Conv", "r l", "y", **CONV)], {**FLAT, "l": KERNEL2}, PICTURES, 4, kind="convolution"),
    "Conv with strides, dilations and automatic padding": Found(
        [node("Conv", "x k", "h", strides=[2, 1], pads=[1, 0, 2, 1]), node("LeakyRelu", "h", "r"), node("Conv", "r l", "y", auto_pad="SAME_UPPER", strides=[2, 2], dilations=[1, 1])],
        {"k": KERNEL, "l": KERNEL2}, PICTURES, 4, kind="convolution"),
    "Conv, BatchNormalization, pooling, padding": Found(
        [node("Conv", "x k b", "h", **CONV), node("BatchNormalization", "h s o m v", "n"), node("PRelu", "n slope", "p"), node("MaxPool", "p", "q", kernel_shape=[2, 2]), node("Pad", "q pads", "w"), node("AveragePool", "w", "r", kernel_shape=[2, 2]), node("Conv", "r l", "y")],
        {**FLAT, "s": B, "o": B, "m": B, "v": np.abs(B) + 1, "slope": CHANNELS, "pads": np.array([0, 0, 1, 1, 0, 0, 1, 1]), "l": KERNEL2}, PICTURES, 4, kind="convolution"),
    "depthwise convolution between": Found(
        [node("Conv", "x k b", "h", **CONV), node("Clip", "h lo hi", "r"), node("Conv", "r w b", "d", group=K, **CONV), node("Relu", "d", "e"), node("Conv", "e l", "y")],
        {**FLAT, "lo": np.float32(0), "hi": np.float32(6), "w": normal(K, 1, 3, 3), "l": KERNEL2}, PICTURES, 4, kind="convolution"),
    "squeeze and excitation": Found(
        [node("Conv", "x k b", "h", **CONV), node("Relu", "h", "r"), node("GlobalAveragePool", "r", "p"), node("Conv", "p f", "q"), node("Relu", "q", "q2"), node("Conv", "q2 e", "g"), node("Sigmoid", "g", "s"), node("Mul", "r s", "t"), node("Conv", "t l", "y")],
        {**FLAT, "f": quiet(normal(1, K, 1, 1), axis=1), "e": normal(K, 1, 1, 1), "l": KERNEL2}, PICTURES, 4, kind="convolution"),
    "Flatten before a Gemm": Found(
        [node("Conv", "x k b", "h", **CONV), node("Relu", "h", "r"), node("MaxPool", "r", "p", kernel_shape=[4, 4], strides=[4, 4]), node("Flatten", "p", "f"), node("Gemm", "f c d", "y")],
        {**FLAT, "c": quiet(normal(K * 4, 5)), "d": D}, PICTURES, kind="convolution"),
    "Reshape to vectors that names their width": Found(
        [node("Conv", "x k b", "h", strides=[2, 2]), node("Reshape", "h s", "f"), node("Tanh", "f", "t"), node("MatMul", "t c", "y")],
        {**FLAT, "c": quiet(normal(K * 9, 5)), "s": np.array([-1, K * 9])}, PICTURES, kind="convolution"),
    "global pooling, Squeeze": Found(
        [node("Conv", "x k b", "h"), node("GlobalMaxPool", "h", "p"), node("Squeeze", "p axes", "f"), node("Gemm", "f c d", "y")],
        {**FLAT, "c": C, "d": D, "axes": np.array([2, 3])}, PICTURES, kind="convolution"),
    "two means of the same channels, joined": Found(
        [node("Conv", "x k b", "h"), node("Relu", "h", "r"), node("ReduceMax", "r axes", "m", keepdims=0), node("ReduceMean", "r axes", "n", keepdims=0), node("Concat", "m n", "f", axis=-1), node("Gemm", "f c d", "y")],
        {**FLAT, "c": np.concatenate([C, C]), "d": D, "axes": np.array([-2, -1])}, PICTURES, kind="convolution"),
    "Resize by factors": Found(
        [node("Conv", "x k b", "h"), node("Resize", "h - f", "u"), node("Conv", "u l", "y")],
        {**FLAT, "f": np.array([1, 1, 2, 2], np.float32), "l": KERNEL2}, PICTURES, 4, kind="convolution"),
    "convolution of sequences": Found(
        [node("Conv", "x k b", "h"), node("Relu", "h", "r"), node("Conv", "r l", "y")],
        {"k": normal(K, 3, 3), "b": B, "l": quiet(normal(4, K, 2), axis=1)}, ("batch", 3, 9), 3, kind="convolution"),
    "opset 7": Found([node("Gemm", "x a b", "h"), node("Relu", "h", "r"), node("Gemm", "r c d", "y")], {"a": A, "b": B, "c": C, "d": D}, opset=7),
}  # fmt: skip


def model_from(found: Found) -> ModelProto:
    return model_of(found.nodes, found.constants, found.shape, opset=found.opset, axes=found.axes)


@pytest.mark.parametrize("name", FOUND)
def test_takes_dead_neurons_out_and_answers_as_before(name: str) -> None:
    found = FOUND[name]
    model = model_from(found)
    samples = samples_of(model, 24)
    result = pruned(model, 0.5, samples)
    assert [(block.kind, block.start, block.end) for block in result.blocks if block.start == K] == [(found.kind, K, K // 2)]
    # Sums that leave zeros out may be added up in another order.
    assert np.abs(outputs(result.model, samples) - outputs(model, samples)).max() <= 1e-6
    assert result.model.ByteSize() < model.ByteSize()


def whole(*shape: int, seed: int = 0) -> Array:
    """Return whole numbers, whose sums are exact in any order."""
    return np.random.default_rng(seed).integers(-3, 4, shape).astype(np.float32)


@pytest.mark.parametrize("kind", ["linear", "convolution"])
def test_does_not_change_a_bit_where_dead_neurons_go(kind: str) -> None:
    if kind == "linear":
        nodes = [node("Gemm", "x a b", "h"), node("Relu", "h", "r"), node("Gemm", "r c d", "y")]
        constants = {"a": whole(6, K), "b": whole(K), "c": quiet(whole(K, 5)), "d": whole(5)}
        model = model_of(nodes, constants)
    else:
        nodes = [node("Conv", "x a b", "h"), node("Relu", "h", "r"), node("Conv", "r c", "y")]
        constants = {"a": whole(K, 3, 3, 3), "b": whole(K), "c": quiet(whole(4, K, 3, 3), axis=1)}
        model = model_of(nodes, constants, PICTURES, axes=4)
    samples = Samples([{"x": np.round(feeds["x"] * 4)} for feeds in samples_of(model).requests])
    assert np.array_equal(outputs(pruned(model, 0.5, samples).model, samples), outputs(model, samples))


def test_what_neurons_give_that_never_change_goes_into_the_bias() -> None:
    first, bias = A.copy(), np.abs(B) + 1
    first[:, DEAD] = 0
    loud = normal(K, 5, seed=2)
    nodes = [node("Gemm", "x a b", "h"), node("Sigmoid", "h", "r"), node("Gemm", "r c", "y")]
    model = model_of(nodes, {"a": first, "b": bias, "c": loud})
    samples = samples_of(model, 64)
    result = pruned(model, 0.5, samples)
    assert np.array_equal(constant(result.model, "y"), np.delete(loud, DEAD, 0))
    assert np.abs(outputs(result.model, samples) - outputs(model, samples)).max() <= 1e-6


@pytest.mark.parametrize("name", FOUND)
def test_a_refit_loses_less_than_neurons_left_out(name: str) -> None:
    found = FOUND[name]
    model = model_from(found)
    loud = np.random.default_rng(3)
    for tensor in model.graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32 and array.ndim > 1 and (array == 0).any():
            filled = np.where(array == 0, loud.normal(size=array.shape) * array.std(), array).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(filled, tensor.name))
    samples = samples_of(model, 96)
    wanted, got = outputs(model, samples), outputs(pruned(model, 0.25, samples).model, samples)
    spread = np.square(wanted - wanted.mean(0)).mean()
    assert np.square(wanted - got).mean() < 0.35 * spread


def grouped(groups: int) -> Found:
    kernel = normal(4, K // groups, 3, 3)
    return Found([node("Conv", "x k b", "h"), node("Conv", "h l", "y", group=groups)], {**FLAT, "l": kernel}, PICTURES, 4)


LINEAR = {"a": A, "b": B, "c": C, "d": D}
SQUARE = normal(K, K, seed=4)

LEFT = {
    "a normalization mixes neurons": (
        Found([node("MatMul", "x a", "h"), node("LayerNormalization", "h s b", "n"), node("MatMul", "n c", "y")], {**LINEAR, "s": B}),
        r"`n` \(LayerNormalization\) reads it, and mixes neurons",
    ),
    "softmax mixes neurons": (
        Found([node("MatMul", "x a", "h"), node("Softmax", "h", "n"), node("MatMul", "n c", "y")], LINEAR),
        r"`n` \(Softmax\) reads it, and mixes neurons",
    ),
    "a residual connection around a layer": (
        Found([node("MatMul", "x a", "h"), node("MatMul", "h s", "i"), node("Relu", "i", "j"), node("Add", "h j", "k"), node("MatMul", "k c", "y")], {**LINEAR, "s": SQUARE}),
        "a residual connection",
    ),
    "two layers that are added": (
        Found([node("Conv", "x k b", "h"), node("Conv", "x k2 b", "i"), node("Add", "h i", "j"), node("Relu", "j", "r"), node("Conv", "r l", "y")], {**FLAT, "k2": KERNEL + 1, "l": KERNEL2}, PICTURES, 4),
        r"`j` \(Add\) joins two layers, a residual connection",
    ),
    "what is added to an input": (
        Found([node("MatMul", "x a", "h"), node("Add", "h x", "i"), node("MatMul", "i c", "y")], {"a": normal(6, 6), "c": normal(6, 5)}),
        "it meets `x`, an input of the graph",
    ),
    "a value that is an output": (Found([node("MatMul", "x a", "y")], LINEAR), "`y` is an output of the graph"),
    "a weight of two nodes": (
        Found([node("MatMul", "x a", "h"), node("Relu", "h", "r"), node("MatMul", "r s", "i"), node("MatMul", "i s", "j"), node("MatMul", "j c", "y")], {**LINEAR, "s": SQUARE}),
        "its weight `s` is used in more than one place",
    ),
    "a grouped convolution": (grouped(2), "a convolution in 2 groups"),
    "a computed weight": (
        Found([node("Transpose", "at", "a"), node("Gemm", "x a b", "h"), node("Gemm", "h c d", "y")], {"at": A.T, "b": B, "c": C, "d": D}),
        "its weight is computed",
    ),
    "a weight on the left": (
        Found([node("MatMul", "w x", "y")], {"w": normal(3, 4)}, (4, 6)), "its weight stands on the left",
    ),
    "a product of two layers": (
        Found([node("MatMul", "x a", "h"), node("Transpose", "h", "t", perm=[1, 0]), node("MatMul", "h t", "y")], LINEAR),
        r"`y` \(MatMul\) reads it, and mixes neurons",
    ),
    "neurons split into heads": (
        Found([node("MatMul", "x a", "h"), node("Reshape", "h s", "i"), node("Relu", "i", "y")], {"a": A, "s": np.array([-1, 4, 4])}, axes=3),
        "Reshape splits the neurons",
    ),
    "a reduction over the neurons": (
        Found([node("Gemm", "x a b", "h"), node("ReduceMean", "h ax", "m"), node("Sub", "h m", "i"), node("Gemm", "i c d", "y")], {**LINEAR, "ax": np.array([-1])}),
        "ReduceMean looks at all neurons together",
    ),
    "channels joined with those of another layer": (
        Found([node("Conv", "x k b", "h"), node("Relu", "h", "r"), node("Conv", "x k2", "i"), node("Concat", "r i", "j", axis=1), node("Conv", "j l", "y")], {**FLAT, "k2": KERNEL[:4], "l": normal(4, K + 4, 3, 3)}, PICTURES, 4),
        "joins it",
    ),
    "pictures of unknown size that are flattened": (
        Found([node("Conv", "x k b", "h"), node("Flatten", "h", "f"), node("Gemm", "f c d", "y")], {**FLAT, "c": normal(K * 9, 5), "d": D}, ("batch", 3, "height", 5)),
        "the height and width of what Flatten reads are unknown",
    ),
    "custom operators": (
        Found([node("MatMul", "x a", "h"), node("Inverse", "h", "i", "com.microsoft"), node("MatMul", "i c", "y")], {"a": normal(K, K), "c": C}, (K, K)),
        r"`i` \(Inverse\) reads it, and mixes neurons",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_leaves_alone_and_says_why(name: str) -> None:
    found, reason = LEFT[name]
    model = model_from(found)
    with pytest.raises(OptimizationError, match=reason) as caught:
        pruned(model, 0.5, samples_of(model, 2))
    assert caught.value.reason == "NothingToOptimize"
    assert "looked at" in caught.value.sentence
