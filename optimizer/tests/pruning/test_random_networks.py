"""Random networks of linear layers and convolutions."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from onnx import ModelProto, NodeProto, numpy_helper
from onnx.reference import ReferenceEvaluator

from gantry_optimizer.samples import Array, Samples

from .networks import constant, model_of, node, outputs, pruned, samples_of

NETWORKS = 24
"""Networks of each kind; a few seconds."""

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "Relu": lambda x: np.maximum(x, 0),
    "Tanh": np.tanh,
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "LeakyRelu": lambda x: np.where(x < 0, 0.01 * x, x),
    "Softsign": lambda x: x / (1 + np.abs(x)),
}


def perceptron(draw: np.random.Generator) -> tuple[ModelProto, list[str]]:
    """Return a chain of 2 to 4 linear layers of any form, and the activation behind each but the last."""
    widths = [int(draw.integers(3, 9)), *draw.integers(8, 40, draw.integers(1, 4)), int(draw.integers(2, 6))]
    nodes: list[NodeProto] = []
    constants: dict[str, Any] = {}
    value, names = "x", []
    for place, (inputs, made) in enumerate(pairwise(widths)):
        weight = (draw.normal(size=(inputs, made)) / np.sqrt(inputs)).astype(np.float32)
        bias = draw.normal(size=made).astype(np.float32)
        form, output = draw.choice(["Gemm", "transB", "MatMul"]), f"h{place}"
        constants |= {f"w{place}": weight.T if form == "transB" else weight, f"b{place}": bias}
        if form == "MatMul":
            nodes += [
                node("MatMul", f"{value} w{place}", output),
                node("Add", f"{output} b{place}", f"{output}b"),
            ]
            output = f"{output}b"
        else:
            transposed: dict[str, Any] = {"transB": 1} if form == "transB" else {}
            nodes.append(node("Gemm", f"{value} w{place} b{place}", output, **transposed))
        value = output
        if place < len(widths) - 2:
            names.append(str(draw.choice(sorted(ACTIVATIONS))))
            value = f"r{place}"
            nodes.append(node(names[-1], output, value))
    return model_of(nodes, constants, ("batch", widths[0]), value), names


def matrices(model: ModelProto) -> list[Array]:
    """Return the weight of each layer as [inputs, outputs]."""
    layers = [entry for entry in model.graph.node if entry.op_type in ("MatMul", "Gemm")]
    return [
        constant(model, layer.name).T
        if any(a.name == "transB" for a in layer.attribute)
        else constant(model, layer.name)
        for layer in layers
    ]


def biases(model: ModelProto) -> list[Array]:
    """Return the bias of each layer."""
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    found = []
    for entry in model.graph.node:
        if entry.op_type in ("Gemm", "Add"):
            found.append(numpy_helper.to_array(tensors[entry.input[2 if entry.op_type == "Gemm" else 1]]))
    return found


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_a_narrow_network_is_the_numpy_network_of_its_weights(seed: int) -> None:
    draw = np.random.default_rng(seed)
    model, names = perceptron(draw)
    samples = samples_of(model, 40, seed)
    result = pruned(model, float(draw.uniform(0.1, 0.9)), samples)
    value = np.concatenate([feeds["x"] for feeds in samples.requests]).astype(np.float64)
    for weight, bias, name in zip(matrices(result.model), biases(result.model), [*names, None], strict=True):
        value = value @ weight + bias
        value = ACTIVATIONS[name](value) if name is not None else value
    assert np.allclose(outputs(result.model, samples), value, atol=1e-4 * (1 + np.abs(value).max()))
    before, after = matrices(model), matrices(result.model)
    for old, new, next_old in zip(before[:-1], after[:-1], before[1:], strict=True):
        assert new.shape[1] <= old.shape[1] == len(next_old)
    first, kept = before[0], after[0]
    assert all(any(np.array_equal(column, old) for old in first.T) for column in kept.T)


def convolutions(draw: np.random.Generator, silent: float) -> tuple[ModelProto, list[int]]:
    """Return a chain of convolutions with a Gemm behind; the share `silent` of channels is not looked at."""
    widths = [int(draw.integers(1, 4)), *(int(w) for w in draw.integers(6, 20, draw.integers(1, 4)))]
    nodes: list[NodeProto] = []
    constants: dict[str, Any] = {}
    value, gone = "x", np.zeros(0, np.int64)
    for place, (inputs, made) in enumerate(pairwise(widths)):
        size = int(draw.choice([1, 3]))
        kernel = draw.normal(size=(made, inputs, size, size)) / np.sqrt(inputs * size * size)
        kernel[:, gone] = 0
        constants |= {
            f"k{place}": kernel.astype(np.float32),
            f"b{place}": draw.normal(size=made).astype(np.float32),
        }
        pads: dict[str, Any] = {"pads": [int(p) for p in draw.integers(0, 2, 4)]} if size == 3 else {}
        nodes.append(
            node(
                "Conv",
                f"{value} k{place} b{place}",
                f"h{place}",
                strides=[int(draw.choice([1, 1, 2])), 1],
                **pads,
            )
        )
        nodes.append(node(str(draw.choice(sorted(ACTIVATIONS))), f"h{place}", f"r{place}"))
        value = f"r{place}"
        if draw.random() < 0.4:
            constants[f"d{place}"] = draw.normal(size=(made, 1, 3, 3)).astype(np.float32) / 3
            nodes.append(node("Conv", f"{value} d{place}", f"d{place}o", group=made, pads=[1, 1, 1, 1]))
            value = f"d{place}o"
        gone = draw.permutation(made)[: int(np.ceil(silent * made))]
    if draw.random() < 0.5:
        nodes += [node("GlobalAveragePool", value, "p"), node("Flatten", "p", "f")]
        places = 1
    else:
        nodes.append(node("Flatten", value, "f"))
        places = area(nodes, constants, widths[0], value) // widths[-1]
    last = draw.normal(size=(widths[-1], places, 3)) / np.sqrt(widths[-1] * places)
    last[gone] = 0
    constants["last"] = last.reshape(-1, 3).astype(np.float32)
    nodes.append(node("MatMul", "f last", "y"))
    return model_of(nodes, constants, ("batch", widths[0], 6, 6)), widths[1:]


def area(nodes: list[NodeProto], constants: dict[str, Any], channels: int, value: str) -> int:
    """Return how many numbers `value` has for one picture."""
    part = model_of(nodes[:-1], constants, ("batch", channels, 6, 6), value, axes=4)
    return outputs(part, samples_of(part, 1)).size


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_channels_that_nobody_looks_at_go_and_nothing_changes(seed: int) -> None:
    model, widths = convolutions(np.random.default_rng(1000 + seed), silent=0.5)
    samples = samples_of(model, 6, seed)
    result = pruned(model, 0.4, samples)
    assert [block.start for block in result.blocks] == widths
    assert all(block.end < block.start for block in result.blocks)
    wanted = outputs(model, samples)
    assert np.allclose(outputs(result.model, samples), wanted, atol=1e-5 * (1 + np.abs(wanted).max()))


@pytest.mark.parametrize("seed", range(NETWORKS // 4))
def test_a_narrow_convolution_is_the_numpy_network_of_its_weights(seed: int) -> None:
    model, _ = convolutions(np.random.default_rng(2000 + seed), silent=0.0)
    samples = samples_of(model, 4, seed)
    result = pruned(model, 0.5, samples)
    numpy_network = ReferenceEvaluator(result.model)
    made = [numpy_network.run(None, dict(feeds)) for feeds in samples.requests]
    wanted = np.concatenate([next(iter(values)) for values in made])
    assert np.allclose(outputs(result.model, samples), wanted, atol=1e-4 * (1 + np.abs(wanted).max()))


def test_a_refit_of_convolutions_is_the_least_squares_solution() -> None:
    model, _ = convolutions(np.random.default_rng(5), silent=0.0)
    samples = Samples(samples_of(model, 200, 3).requests)
    wanted, got = outputs(model, samples), outputs(pruned(model, 0.3, samples).model, samples)
    assert np.square(wanted - got).mean() < 0.3 * np.square(wanted - wanted.mean(0)).mean()
