"""What a step is told in these tests, and small networks for it."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from gantry_optimizer.runtime import open_session, run
from gantry_optimizer.samples import Array, Samples
from gantry_optimizer.step import StepContext

GOLDEN = Path(__file__).parents[1] / "pruning" / "golden"
DIGITS = np.load(GOLDEN / "digits.npz")


def context_of(model: ModelProto, samples: Samples, drop: float = 0.01) -> StepContext:
    return StepContext(model, samples, samples, drop, 1, Path(tempfile.gettempdir()), lambda _: None)


def digits(name: str, part: str = "learn", count: int | None = None) -> Samples:
    shape = (1, 1, 8, 8) if name == "digits-cnn" else (1, 64)
    pixels = np.asarray(DIGITS[part][:count] / 16, np.float32).reshape(-1, *shape)
    labels = np.asarray(DIGITS[f"{part}_labels"][:count], np.int64)
    return Samples([{"pixels": each} for each in pixels], labels, "logits")


def network(name: str) -> ModelProto:
    return onnx.load(GOLDEN / f"{name}.onnx")


def texts(count: int, vocabulary: int = 120, seed: int = 0) -> Samples:
    random = np.random.default_rng(seed)
    requests = []
    for length in random.integers(8, 33, count):
        ids = random.integers(1, vocabulary, (1, length))
        requests.append({"input_ids": ids, "attention_mask": np.ones((1, length), np.int64)})
    return Samples(requests)


def numbers(count: int, width: int = 64, seed: int = 0) -> Samples:
    random = np.random.default_rng(seed)
    return Samples([{"x": random.standard_normal((1, width)).astype(np.float32)} for _ in range(count)])


def matrix(rows: int, columns: int, seed: int = 0) -> Array:
    random = np.random.default_rng(seed)
    return np.asarray(random.standard_normal((rows, columns)) / rows**0.5, np.float32)


def model_of(
    nodes: list[NodeProto], weights: dict[str, Array], width: int = 64, classes: int = 32, opset: int = 17
) -> ModelProto:
    """Write a graph from `x` float32 [batch, width] to `logits` float32 [batch, classes]."""
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", width])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", classes])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def outputs(model: ModelProto, samples: Samples) -> list[Array]:
    session = open_session(model)
    return [next(iter(run(session, feeds).values())) for feeds in samples.requests]


def operators(model: ModelProto) -> set[str]:
    return {node.op_type for node in model.graph.node}
