"""Graphs with one block of 16 neurons, half of them dead, in every form that is found."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import ModelProto

from gantry_optimizer.samples import Array

from .networks import Shape, model_of, normal, statements

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
    kind: str = "linear"


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
