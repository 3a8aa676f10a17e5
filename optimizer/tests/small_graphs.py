"""Small graphs for tests."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, save_model

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GOLDEN = ROOT / "inference-server/golden/models"

FLOAT = TensorProto.FLOAT


def model_of(
    nodes: Sequence[NodeProto],
    constants: dict[str, np.ndarray],
    inputs: Sequence[tuple[str, int, Sequence[int | str]]],
    outputs: Sequence[tuple[str, int, Sequence[int | str]]],
    opset: int = 17,
    domains: Sequence[str] = (),
) -> ModelProto:
    """Return a graph with a name for everything that it has."""
    graph = helper.make_graph(
        list(nodes),
        "test",
        [helper.make_tensor_value_info(*value) for value in inputs],
        [helper.make_tensor_value_info(*value) for value in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(name, 1) for name in domains)]
    return helper.make_model(graph, opset_imports=imports, ir_version=8)


def network(opset: int = 17, seed: int = 0) -> ModelProto:
    """Return a network of two layers, 4 numbers in and 3 scores out, with an Identity that is one too many."""
    rng = np.random.default_rng(seed)
    return model_of(
        [
            helper.make_node("MatMul", ["x", "w1"], ["a"], name="first"),
            helper.make_node("Identity", ["a"], ["b"], name="needless"),
            helper.make_node("Relu", ["b"], ["c"], name="relu"),
            helper.make_node("MatMul", ["c", "w2"], ["scores"], name="second"),
        ],
        {
            "w1": rng.standard_normal((4, 16)).astype(np.float32),
            "w2": rng.standard_normal((16, 3)).astype(np.float32),
        },
        [("x", FLOAT, ["batch", 4])],
        [("scores", FLOAT, ["batch", 3])],
        opset,
    )


def folder_with(path: Path, model: ModelProto, name: str = "model.onnx") -> Path:
    """Return a model's folder with this graph and a file beside it."""
    path.mkdir(parents=True, exist_ok=True)
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    save_model(model, str(path / name))
    (path / "config.json").write_text('{"id2label": {"0": "no", "1": "yes", "2": "perhaps"}}')
    return path
