"""Which layers structured pruning finds, and which it leaves alone, by name."""

import numpy as np
import pytest
from onnx import numpy_helper

from gantry_optimizer.samples import Array, Samples

from .found import DEAD, FOUND, PICTURES, A, B, K, model_from, quiet
from .networks import constant, model_of, node, normal, outputs, pruned, samples_of


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
