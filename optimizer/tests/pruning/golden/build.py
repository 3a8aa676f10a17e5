# mypy: ignore-errors
# ruff: noqa: ANN001, ANN201
"""Makes the networks, digits and numbers that the tests of pruning compare with; see README.md.

Usage: python build.py, with the packages of requirements.txt. It takes about half a minute on one core.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.nn.utils import prune

HERE = Path(__file__).parent


def saved(name, nodes, constants, shape):
    """Write a graph from `pixels` to `logits` [batch, 10]."""
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
        [
            numpy_helper.from_array(np.ascontiguousarray(value, dtype=np.float32), key)
            for key, value in constants.items()
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, HERE / f"{name}.onnx")


def perceptron(width, seed, pixels, labels):
    """Train a network with one hidden layer."""
    network = MLPClassifier((width,), random_state=seed, max_iter=400).fit(pixels, labels)
    (first, second), (first_bias, second_bias) = network.coefs_, network.intercepts_
    nodes = [
        helper.make_node("Gemm", ["pixels", "first", "first_bias"], ["hidden"], name="first"),
        helper.make_node("Relu", ["hidden"], ["active"], name="relu"),
        helper.make_node("Gemm", ["active", "second", "second_bias"], ["logits"], name="second"),
    ]
    constants = {"first": first, "first_bias": first_bias, "second": second, "second_bias": second_bias}
    saved(f"digits-{width}", nodes, constants, [64])


def deep(seed, pixels, labels):
    """Train a network with three hidden layers, where what is lost in one reaches the next."""
    network = MLPClassifier((48, 48, 48), random_state=seed, max_iter=400).fit(pixels, labels)
    nodes, constants, value = [], {}, "pixels"
    for number, (weight, bias) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
        constants |= {f"weight{number}": weight, f"bias{number}": bias}
        made = "logits" if number == 3 else f"hidden{number}"
        nodes.append(
            helper.make_node(
                "Gemm", [value, f"weight{number}", f"bias{number}"], [made], name=f"layer{number}"
            )
        )
        if number < 3:
            nodes.append(helper.make_node("Relu", [made], [f"active{number}"], name=f"relu{number}"))
        value = f"active{number}"
    saved("digits-deep", nodes, constants, [64])


def convolutions(seed, pixels, labels):
    """Train a network of three convolutions; the last one is flattened."""
    torch.manual_seed(seed)
    network = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10),
    )  # fmt: skip
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    pictures, answers = torch.tensor(pixels.reshape(-1, 1, 8, 8)), torch.tensor(labels)
    for _ in range(30):
        for part in torch.randperm(len(pictures)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(pictures[part]), answers[part]).backward()
            optimizer.step()
    values = {key: value.detach().numpy() for key, value in network.state_dict().items()}
    conv = {"pads": [1, 1, 1, 1], "kernel_shape": [3, 3]}
    nodes = [
        helper.make_node("Conv", ["pixels", "0.weight", "0.bias"], ["a"], name="first", **conv),
        helper.make_node("Relu", ["a"], ["b"], name="relu1"),
        helper.make_node("Conv", ["b", "2.weight", "2.bias"], ["c"], name="second", **conv),
        helper.make_node("Relu", ["c"], ["d"], name="relu2"),
        helper.make_node("MaxPool", ["d"], ["e"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["e", "5.weight", "5.bias"], ["f"], name="third", **conv),
        helper.make_node("Relu", ["f"], ["g"], name="relu3"),
        helper.make_node("Flatten", ["g"], ["h"], name="flatten"),
        helper.make_node("Gemm", ["h", "8.weight", "8.bias"], ["logits"], name="last", transB=1),
    ]
    saved("digits-cnn", nodes, values, [1, 8, 8])


def zeros_of_torch():
    """Write weights, and what torch's l1_unstructured leaves of them at several ratios."""
    draw = np.random.default_rng(7)
    arrays = {}
    for name, shape in {"matrix": (17, 9), "kernel": (5, 3, 3, 3)}.items():
        weight = draw.normal(size=shape).astype(np.float32)
        arrays[name] = weight
        for ratio in (0.1, 0.3, 0.5, 0.999):
            module = nn.Module()
            module.weight = nn.Parameter(torch.tensor(weight))
            arrays[f"{name}-{ratio}"] = prune.l1_unstructured(module, "weight", ratio).weight.detach().numpy()
    np.savez_compressed(HERE / "l1-unstructured.npz", **arrays)


def main():
    """Write everything."""
    pictures, labels = load_digits(return_X_y=True)
    learn, judge, learn_labels, judge_labels = train_test_split(
        pictures.astype(np.uint8), labels, test_size=0.4, random_state=0, stratify=labels
    )
    np.savez_compressed(
        HERE / "digits.npz",
        learn=learn,
        learn_labels=learn_labels.astype(np.uint8),
        judge=judge,
        judge_labels=judge_labels.astype(np.uint8),
    )
    pixels = (learn / 16).astype(np.float32)
    perceptron(128, 0, pixels, learn_labels)
    perceptron(32, 0, pixels, learn_labels)
    deep(0, pixels, learn_labels)
    convolutions(0, pixels, learn_labels)
    zeros_of_torch()


if __name__ == "__main__":
    main()
