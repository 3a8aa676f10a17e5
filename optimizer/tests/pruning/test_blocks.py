"""Which layers structured pruning finds, and which it leaves alone, by name."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from onnx import ModelProto, numpy_helper

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.samples import Array, Samples

from .networks import Shape, constant, model_of, node, normal, outputs, pruned, samples_of, statements

K = 16
"""Neurons of every block here; half of them are dead."""

DEAD = np.arange(0, K, 2)


@dataclass(frozen=True)
class Found:
    """A graph with one block of K neurons, whose consumers do not look at those in DEAD."""

    nodes: str
    constants: dict[str, Any]
    shape: Shape = ("batch", 6)
    axes: int = 2
    opset: int = 18
    kind: str = field(default="linear")


def quiet(weight: Array, axis: int = 0) -> Array:
    """Return a weight that does not look at dead neurons; each has the same count of places on the axis."""
    places = np.isin(np.arange(weight.shape[axis]) // (weight.shape[axis] // K), DEAD)
    return np.where(np.expand_dims(places, [a for a in range(weight.ndim) if a != axis]), 0, weight).astype(
        weight.dtype
    )


A, B, C, D = normal(6, K), normal(K, seed=1), quiet(normal(K, 5, seed=2)), normal(5, seed=3)
PICTURES: Shape = ("batch", 3, 8, 8)
KERNEL, KERNEL2 = normal(K, 3, 3, 3), quiet(normal(4, K, 3, 3, seed=5), axis=1)
FLAT = {"k": KERNEL, "b": B}
CHANNELS = normal(K, seed=7).reshape(K, 1, 1)

FOUND = {
    "Gemm, Relu, Gemm": Found(
        """
        h = Gemm (x, a, b)
        r = Relu (h)
        y = Gemm (r, c, d)
        """,
        {"a": A, "b": B, "c": C, "d": D},
    ),
    "MatMul and Add, three axes": Found(
        """
        h = MatMul (x, a)
        hb = Add (b, h)
        r = Erf (hb)
        z = MatMul (r, c)
        y = Add (z, d)
        """,
        {"a": A, "b": B, "c": C, "d": D},
        ("batch", "length", 6),
        3,
    ),
    "Gemm with transposed weights and factors": Found(
        """
        h = Gemm <transB = 1, alpha = 0.5> (x, a, b)
        r = Tanh (h)
        y = Gemm <transB = 1, alpha = 2.0, beta = 0.5> (r, c, d)
        """,
        {"a": A.T, "b": B[None], "c": C.T, "d": D},
    ),
    "Gemm that reads columns": Found(
        """
        h = Gemm (x, a, b)
        r = Relu (h)
        t = Transpose <perm = [1, 0]> (r)
        y = Gemm <transA = 1> (t, c, d)
        """,
        {"a": A, "b": B, "c": C, "d": D},
    ),
    "Gemm without bias": Found(
        """
        h = Gemm (x, a)
        r = Softplus (h)
        y = Gemm (r, c)
        """,
        {"a": A, "c": C},
    ),
    "SwiGLU": Found(
        """
        g = MatMul (x, a)
        s = Sigmoid (g)
        silu = Mul (g, s)
        up = MatMul (x, u)
        h = Mul (silu, up)
        y = MatMul (h, c)
        """,
        {"a": A, "u": normal(6, K, seed=9), "c": C},
        ("batch", "length", 6),
        3,
    ),
    "gate in another order": Found(
        """
        up = MatMul (x, u)
        g = MatMul (x, a)
        s = Elu (g)
        h = Mul (up, s)
        y = MatMul (h, c)
        """,
        {"a": A, "u": normal(6, K, seed=9), "c": C},
    ),
    "BiasGelu and FusedMatMul": Found(
        """
        h = MatMul (x, a)
        r = com.microsoft.BiasGelu (h, b)
        y = com.microsoft.FusedMatMul <transB = 1, alpha = 0.5> (r, c)
        """,
        {"a": A, "b": B, "c": C.T},
    ),
    "FastGelu and QuickGelu": Found(
        """
        h = MatMul (x, a)
        f = com.microsoft.FastGelu (h, b)
        r = com.microsoft.QuickGelu (f)
        y = MatMul (r, c)
        """,
        {"a": A, "b": B, "c": C},
    ),
    "SkipLayerNormalization behind": Found(
        """
        h = MatMul (x, a)
        r = Relu (h)
        z = MatMul (r, c)
        y = com.microsoft.SkipLayerNormalization (z, x, g, e, d)
        """,
        {
            "a": A,
            "c": quiet(normal(K, 6, seed=2)),
            "g": np.ones(6, np.float32),
            "e": np.zeros(6, np.float32),
            "d": normal(6),
        },
        ("batch", "length", 6),
        3,
    ),
    "gelu written out, with constants for each neuron": Found(
        """
        h = Gemm (x, a, b)
        hs = Mul (h, s)
        q = Div (hs, two)
        e = Erf (q)
        e1 = Add (e, one)
        m = Mul (hs, e1)
        r = Mul (m, half)
        y = Gemm (r, c, d)
        """,
        {
            "a": A,
            "b": B,
            "s": normal(1, K, seed=4),
            "two": np.float32(1.41),
            "one": np.ones(1, np.float32),
            "half": np.float32(0.5),
            "c": C,
            "d": D,
        },
    ),
    "two readers": Found(
        """
        h = Gemm (x, a, b)
        r = Relu (h)
        one = Gemm (r, c, d)
        t = Sigmoid (h)
        two = Gemm (t, c2, d)
        y = Add (one, two)
        """,
        {"a": A, "b": B, "c": C, "c2": quiet(normal(K, 5, seed=8)), "d": D},
    ),
    "no operator between": Found(
        """
        h = MatMul (x, a)
        y = MatMul (h, c)
        """,
        {"a": A, "c": C},
    ),
    "BatchNormalization of vectors": Found(
        """
        h = Gemm (x, a, b)
        n = BatchNormalization (h, s, o, m, v)
        r = Relu (n)
        y = Gemm (r, c, d)
        """,
        {"a": A, "b": B, "c": C, "d": D, "s": B, "o": B, "m": B, "v": np.abs(B) + 1},
    ),
    "Clip, Cast, Dropout, Identity, Where": Found(
        """
        h = Gemm (x, a, b)
        i = Clip (h, lo, hi)
        j = Identity (i)
        k = Dropout (j)
        g = Greater (k, zero)
        l = Mul (k, half)
        m = Where (g, k, l)
        r = Cast <to = 1> (m)
        y = Gemm (r, c, d)
        """,
        {
            "a": A,
            "b": B,
            "c": C,
            "d": D,
            "lo": np.float32(-1),
            "hi": np.float32(1),
            "zero": np.float32(0),
            "half": np.float32(0.1),
        },
    ),
    "Reshape of the axes before": Found(
        """
        h = MatMul (x, a)
        q = Reshape (h, s)
        r = Relu (q)
        y = Gemm (r, c, d)
        """,
        {"a": A, "c": C, "d": D, "s": np.array([-1, K])},
        ("batch", "length", 6),
    ),
    "Reshape to a shape made by Concat": Found(
        """
        h = Gemm (x, a, b)
        n = Shape <end = 1> (x)
        s = Concat <axis = 0> (n, one, width)
        q = Reshape <allowzero = 1> (h, s)
        r = Relu (q)
        y = MatMul (r, c)
        """,
        {"a": A, "b": B, "c": C, "one": np.array([1]), "width": np.array([K])},
        axes=3,
    ),
    "a mask that is one number for all neurons": Found(
        """
        h = MatMul (x, a)
        m = ReduceMax (x, last)
        r = Mul (h, m)
        y = MatMul (r, c)
        """,
        {"a": A, "c": C, "last": np.array([-1])},
        ("batch", "length", 6),
        3,
    ),
    "Conv, Relu, Conv": Found(
        """
        h = Conv <pads = [1, 1, 1, 1], kernel_shape = [3, 3]> (x, k, b)
        r = Relu (h)
        y = Conv <pads = [1, 1, 1, 1], kernel_shape = [3, 3]> (r, l)
        """,
        {**FLAT, "l": KERNEL2},
        PICTURES,
        4,
        kind="convolution",
    ),
    "Conv with strides, dilations and automatic padding": Found(
        """
        h = Conv <strides = [2, 1], pads = [1, 0, 2, 1]> (x, k)
        r = LeakyRelu (h)
        y = Conv <auto_pad = "SAME_UPPER", strides = [2, 2], dilations = [1, 1]> (r, l)
        """,
        {"k": KERNEL, "l": KERNEL2},
        PICTURES,
        4,
        kind="convolution",
    ),
    "Conv, BatchNormalization, pooling, padding": Found(
        """
        h = Conv <pads = [1, 1, 1, 1], kernel_shape = [3, 3]> (x, k, b)
        n = BatchNormalization (h, s, o, m, v)
        p = PRelu (n, slope)
        q = MaxPool <kernel_shape = [2, 2]> (p)
        w = Pad (q, pads)
        r = AveragePool <kernel_shape = [2, 2]> (w)
        y = Conv (r, l)
        """,
        {
            **FLAT,
            "s": B,
            "o": B,
            "m": B,
            "v": np.abs(B) + 1,
            "slope": CHANNELS,
            "pads": np.array([0, 0, 1, 1, 0, 0, 1, 1]),
            "l": KERNEL2,
        },
        PICTURES,
        4,
        kind="convolution",
    ),
    "depthwise convolution between": Found(
        """
        h = Conv <pads = [1, 1, 1, 1], kernel_shape = [3, 3]> (x, k, b)
        r = Clip (h, lo, hi)
        d = Conv <group = 16, pads = [1, 1, 1, 1], kernel_shape = [3, 3]> (r, w, b)
        e = Relu (d)
        y = Conv (e, l)
        """,
        {**FLAT, "lo": np.float32(0), "hi": np.float32(6), "w": normal(K, 1, 3, 3), "l": KERNEL2},
        PICTURES,
        4,
        kind="convolution",
    ),
    "squeeze and excitation": Found(
        """
        h = Conv <pads = [1, 1, 1, 1], kernel_shape = [3, 3]> (x, k, b)
        r = Relu (h)
        p = GlobalAveragePool (r)
        q = Conv (p, f)
        q2 = Relu (q)
        g = Conv (q2, e)
        s = Sigmoid (g)
        t = Mul (r, s)
        y = Conv (t, l)
        """,
        {**FLAT, "f": quiet(normal(1, K, 1, 1), axis=1), "e": normal(K, 1, 1, 1), "l": KERNEL2},
        PICTURES,
        4,
        kind="convolution",
    ),
    "Flatten before a Gemm": Found(
        """
        h = Conv <pads = [1, 1, 1, 1], kernel_shape = [3, 3]> (x, k, b)
        r = Relu (h)
        p = MaxPool <kernel_shape = [4, 4], strides = [4, 4]> (r)
        f = Flatten (p)
        y = Gemm (f, c, d)
        """,
        {**FLAT, "c": quiet(normal(K * 4, 5)), "d": D},
        PICTURES,
        kind="convolution",
    ),
    "Flatten of pictures of unknown size": Found(
        """
        h = Conv (x, k, b)
        f = Flatten (h)
        y = Gemm (f, c, d)
        """,
        {**FLAT, "c": quiet(normal(K * 9, 5)), "d": D},
        ("batch", 3, "height", 5),
        kind="convolution",
    ),
    "Reshape to vectors that names their width": Found(
        """
        h = Conv <strides = [2, 2]> (x, k, b)
        f = Reshape (h, s)
        t = Tanh (f)
        y = MatMul (t, c)
        """,
        {**FLAT, "c": quiet(normal(K * 9, 5)), "s": np.array([-1, K * 9])},
        PICTURES,
        kind="convolution",
    ),
    "global pooling, Squeeze": Found(
        """
        h = Conv (x, k, b)
        p = GlobalMaxPool (h)
        f = Squeeze (p, axes)
        y = Gemm (f, c, d)
        """,
        {**FLAT, "c": C, "d": D, "axes": np.array([2, 3])},
        PICTURES,
        kind="convolution",
    ),
    "two means of the same channels, joined": Found(
        """
        h = Conv (x, k, b)
        r = Relu (h)
        m = ReduceMax <keepdims = 0> (r, axes)
        n = ReduceMean <keepdims = 0> (r, axes)
        f = Concat <axis = -1> (m, n)
        y = Gemm (f, c, d)
        """,
        {**FLAT, "c": np.concatenate([C, C]), "d": D, "axes": np.array([-2, -1])},
        PICTURES,
        kind="convolution",
    ),
    "Resize by factors": Found(
        """
        h = Conv (x, k, b)
        u = Resize (h, , f)
        y = Conv (u, l)
        """,
        {**FLAT, "f": np.array([1, 1, 2, 2], np.float32), "l": KERNEL2},
        PICTURES,
        4,
        kind="convolution",
    ),
    "convolution of sequences": Found(
        """
        h = Conv (x, k, b)
        r = Relu (h)
        y = Conv (r, l)
        """,
        {"k": normal(K, 3, 3), "b": B, "l": quiet(normal(4, K, 2), axis=1)},
        ("batch", 3, 9),
        3,
        kind="convolution",
    ),
    "opset 7": Found(
        """
        h = Gemm (x, a, b)
        r = Relu (h)
        y = Gemm (r, c, d)
        """,
        {"a": A, "b": B, "c": C, "d": D},
        opset=7,
    ),
}


def model_from(found: Found) -> ModelProto:
    return model_of(statements(found.nodes), found.constants, found.shape, opset=found.opset, axes=found.axes)


@pytest.mark.parametrize("name", FOUND)
def test_takes_dead_neurons_out_and_answers_as_before(name: str) -> None:
    found = FOUND[name]
    model = model_from(found)
    samples = samples_of(model, 24)
    result = pruned(model, 0.5, samples)
    assert [(block.kind, block.start, block.end) for block in result.blocks if block.start == K] == [
        (found.kind, K, K // 2)
    ]
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
            filled = np.where(array == 0, loud.normal(size=array.shape) * array.std(), array).astype(
                np.float32
            )
            tensor.CopyFrom(numpy_helper.from_array(filled, tensor.name))
    samples = samples_of(model, 96)
    wanted, got = outputs(model, samples), outputs(pruned(model, 0.25, samples).model, samples)
    spread = np.square(wanted - wanted.mean(0)).mean()
    assert np.square(wanted - got).mean() < 0.35 * spread


def grouped(groups: int) -> Found:
    kernel = normal(4, K // groups, 3, 3)
    return Found(
        """
        h = Conv (x, k, b)
        y = Conv <group = 2> (h, l)
        """,
        {**FLAT, "l": kernel},
        PICTURES,
        4,
    )


LINEAR = {"a": A, "b": B, "c": C, "d": D}
SQUARE = normal(K, K, seed=4)

LEFT = {
    "a normalization mixes neurons": (
        Found(
            """
        h = MatMul (x, a)
        n = LayerNormalization (h, s, b)
        y = MatMul (n, c)
        """,
            {**LINEAR, "s": B},
        ),
        r"`n` reads it, and LayerNormalization mixes neurons",
    ),
    "softmax mixes neurons": (
        Found(
            """
        h = MatMul (x, a)
        n = Softmax (h)
        y = MatMul (n, c)
        """,
            LINEAR,
        ),
        r"`n` reads it, and Softmax mixes neurons",
    ),
    "a residual connection around a layer": (
        Found(
            """
        h = MatMul (x, a)
        i = MatMul (h, s)
        j = Relu (i)
        k = Add (h, j)
        y = MatMul (k, c)
        """,
            {**LINEAR, "s": SQUARE},
        ),
        "a residual connection",
    ),
    "two layers that are added": (
        Found(
            """
        h = Conv (x, k, b)
        i = Conv (x, k2, b)
        j = Add (h, i)
        r = Relu (j)
        y = Conv (r, l)
        """,
            {**FLAT, "k2": KERNEL + 1, "l": KERNEL2},
            PICTURES,
            4,
        ),
        r"`j` \(Add\) joins two layers, a residual connection",
    ),
    "what is added to an input": (
        Found(
            """
        h = MatMul (x, a)
        i = Add (h, x)
        y = MatMul (i, c)
        """,
            {"a": normal(6, 6), "c": normal(6, 5)},
        ),
        "it meets `x`, an input of the graph",
    ),
    "a value that is an output": (
        Found(
            """
        y = MatMul (x, a)
        """,
            LINEAR,
        ),
        "`y` is an output of the graph",
    ),
    "a weight of two nodes": (
        Found(
            """
        h = MatMul (x, a)
        r = Relu (h)
        i = MatMul (r, s)
        j = MatMul (i, s)
        y = MatMul (j, c)
        """,
            {**LINEAR, "s": SQUARE},
        ),
        "its weight `s` is used in more than one place",
    ),
    "a grouped convolution": (grouped(2), "a convolution in 2 groups"),
    "a computed weight": (
        Found(
            """
        a = Transpose (at)
        h = Gemm (x, a, b)
        y = Gemm (h, c, d)
        """,
            {"at": A.T, "b": B, "c": C, "d": D},
        ),
        "its weight is computed",
    ),
    "a weight on the left": (
        Found(
            """
        y = MatMul (w, x)
        """,
            {"w": normal(3, 4)},
            (4, 6),
        ),
        "its weight stands on the left",
    ),
    "a product of two layers": (
        Found(
            """
        h = MatMul (x, a)
        t = Transpose <perm = [1, 0]> (h)
        y = MatMul (h, t)
        """,
            LINEAR,
        ),
        r"`y` reads it, and MatMul mixes neurons",
    ),
    "neurons split into heads": (
        Found(
            """
        h = MatMul (x, a)
        i = Reshape (h, s)
        y = Relu (i)
        """,
            {"a": A, "s": np.array([-1, 4, 4])},
            axes=3,
        ),
        "Reshape splits the neurons",
    ),
    "a reduction over the neurons": (
        Found(
            """
        h = Gemm (x, a, b)
        m = ReduceMean (h, ax)
        i = Sub (h, m)
        y = Gemm (i, c, d)
        """,
            {**LINEAR, "ax": np.array([-1])},
        ),
        "ReduceMean looks at all neurons together",
    ),
    "channels joined with those of another layer": (
        Found(
            """
        h = Conv (x, k, b)
        r = Relu (h)
        i = Conv (x, k2)
        j = Concat <axis = 1> (r, i)
        y = Conv (j, l)
        """,
            {**FLAT, "k2": KERNEL[:4], "l": normal(4, K + 4, 3, 3)},
            PICTURES,
            4,
        ),
        "joins it",
    ),
    "custom operators": (
        Found(
            """
        h = MatMul (x, a)
        i = com.microsoft.Inverse (h)
        y = MatMul (i, c)
        """,
            {"a": normal(K, K), "c": C},
            (K, K),
        ),
        r"`i` reads it, and Inverse mixes neurons",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_leaves_alone_and_says_why(name: str) -> None:
    found, reason = LEFT[name]
    model = model_from(found)
    with pytest.raises(OptimizationError, match=reason) as caught:
        pruned(model, 0.5, samples_of(model, 2))
    assert caught.value.reason == "NothingToOptimize"
    assert "looked at" in caught.value.sentence
