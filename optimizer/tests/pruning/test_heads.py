"""Heads of attention, which are pruned when asked for."""

import numpy as np
import pytest
from onnx import ModelProto

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.samples import Array, Samples

from .networks import constant, model_of, normal, outputs, pruned, statements

HEADS, SIZE, WIDTH = 4, 3, 8
INNER = HEADS * SIZE

ATTENTION = """
    q0 = MatMul (x, wq)
    q1 = Add (q0, bq)
    q2 = Reshape (q1, split)
    q = Transpose <perm = [0, 2, 1, 3]> (q2)
    k0 = MatMul (x, wk)
    k1 = Add (bk, k0)
    k2 = Reshape (k1, split)
    k = Transpose <perm = [0, 2, 3, 1]> (k2)
    v0 = MatMul (x, wv)
    v2 = Reshape (v0, split)
    v = Transpose <perm = [0, 2, 1, 3]> (v2)
    s0 = MatMul (q, k)
    s1 = Div (s0, root)
    s2 = Add (s1, mask)
    p = Softmax <axis = -1> (s2)
    o0 = MatMul (p, v)
    o1 = Transpose <perm = [0, 2, 1, 3]> (o0)
    o2 = Reshape (o1, join)
    o3 = MatMul (o2, wo)
    y = Add (o3, bo)
"""


def attention(split: Array, join: Array, text: str = ATTENTION, mask: Array | None = None) -> ModelProto:
    """Return attention of 4 heads over 5 positions, whose heads 1 and 2 nobody looks at."""
    wo = normal(INNER, WIDTH, seed=9)
    wo[SIZE : 3 * SIZE] = 0
    constants = {
        **{f"w{name}": normal(WIDTH, INNER, seed=seed) for seed, name in enumerate("qkv")},
        **{f"b{name}": normal(INNER, seed=seed) for seed, name in enumerate("qk", 3)},
        "wo": wo, "bo": normal(WIDTH, seed=8), "split": split, "join": join, "root": np.float32(2),
        "mask": np.zeros((1, 1, 5, 5), np.float32) if mask is None else mask,
    }  # fmt: skip
    return model_of(statements(text), constants, ("batch", 5, WIDTH), axes=3)


def samples(model: ModelProto) -> Samples:
    draw = np.random.default_rng(0)
    del model
    return Samples([{"x": draw.normal(size=(1, 5, WIDTH)).astype(np.float32)} for _ in range(40)])


FORMS = {
    "named heads": ([0, 0, HEADS, SIZE], [0, 0, INNER]),
    "named heads, width left open": ([-1, 5, HEADS, SIZE], [-1, 5, INNER]),
    "heads left open": ([0, 0, -1, SIZE], [0, 0, -1]),
    "size left open": ([0, 0, HEADS, -1], [0, 5, -1]),
}


@pytest.mark.parametrize("form", FORMS)
def test_takes_heads_out_that_nobody_looks_at(form: str) -> None:
    split, join = FORMS[form]
    model = attention(np.array(split), np.array(join))
    result = pruned(model, 0.5, samples(model), heads=True)
    assert [(b.kind, b.node, b.start, b.end) for b in result.blocks] == [("heads", "q0", HEADS, 2)]
    stays = np.r_[0:SIZE, 3 * SIZE : INNER]
    for layer in ("q0", "k0", "v0"):
        assert np.array_equal(constant(result.model, layer), constant(model, layer)[:, stays])
    assert np.array_equal(constant(result.model, "o3"), constant(model, "o3")[stays])
    assert np.abs(outputs(result.model, samples(model)) - outputs(model, samples(model))).max() <= 1e-6


def test_constants_for_each_head_go_with_it() -> None:
    mask = normal(1, HEADS, 5, 5, seed=6)
    model = attention(np.array([0, 0, HEADS, SIZE]), np.array([0, 0, INNER]), mask=mask)
    result = pruned(model, 0.5, samples(model), heads=True)
    assert np.abs(outputs(result.model, samples(model)) - outputs(model, samples(model))).max() <= 1e-6


def test_heads_stay_when_nobody_asks_for_them() -> None:
    model = attention(np.array([0, 0, HEADS, SIZE]), np.array([0, 0, INNER]))
    with pytest.raises(OptimizationError, match="Reshape splits the neurons"):
        pruned(model, 0.5, samples(model))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("<perm = [0, 2, 1, 3]> (q2)", "<perm = [0, 1, 2, 3]> (q2)", "looked at"),
        ("<axis = -1> (s2)", "<axis = 1> (s2)", "Softmax mixes neurons"),
        (
            "o2 = Reshape (o1, join)",
            "o9 = Reshape (o1, fold)\n    o2 = Reshape (o9, join)",
            "Reshape joins the neurons",
        ),
    ],
)
def test_heads_that_are_not_surely_apart_are_left_alone(old: str, new: str, reason: str) -> None:
    text = ATTENTION.replace(old, new)
    assert text != ATTENTION
    nodes = statements(text)
    good = attention(np.array([0, 0, HEADS, SIZE]), np.array([0, 0, INNER]))
    model = ModelProto()
    model.CopyFrom(good)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(
        model_of(statements("y = Relu (x)"), {"fold": np.array([0, 0, 2, 2 * SIZE])}).graph.initializer
    )
    with pytest.raises(OptimizationError, match=reason):
        pruned(model, 0.5, samples(model), heads=True)
