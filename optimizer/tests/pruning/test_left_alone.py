"""Layers that structured pruning leaves alone, by name."""

import numpy as np
import pytest

from gantry_optimizer.failure import OptimizationError

from .found import FLAT, KERNEL, KERNEL2, PICTURES, A, B, C, D, Found, K, model_from
from .networks import normal, pruned, samples_of


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
