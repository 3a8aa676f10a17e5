"""Tables of 4 bits, unpacked when the graph is loaded or by the operator that takes rows of them."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from gantry_optimizer.quantization.integers import BLOCK
from gantry_optimizer.quantization.rows import in_8_bits
from gantry_optimizer.quantization.tables import ranks_of
from gantry_optimizer.quantization.weighted import weighted_nodes
from gantry_optimizer.runtime import open_session, run, session_options

from .contexts import matrix, operators


def table(rank: int | None, width: int) -> ModelProto:
    """Write a graph that takes rows of a table of 40 rows, by places of `rank` axes; None says no shape."""
    axes = [f"axis_{place}" for place in range(rank or 0)]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "places"], ["rows"], name="look up")],
        "table",
        [helper.make_tensor_value_info("places", TensorProto.INT64, None if rank is None else axes)],
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(matrix(40, width), "table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def in_4_bits(model: ModelProto) -> ModelProto:
    return in_8_bits(model, weighted_nodes(model).nodes, tables_in_4_bits=True, pairs_fit=False)


@pytest.mark.parametrize("width", [64, 96])
@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_a_table_unpacked_when_it_is_loaded_gives_what_the_operator_for_packed_ones_gives(
    rank: int, width: int, tmp_path: Path
) -> None:
    unpacked, packed = in_4_bits(table(rank, width)), in_4_bits(table(None, width))
    assert "GatherBlockQuantized" not in operators(unpacked)
    assert "GatherBlockQuantized" in operators(packed)
    places = np.random.default_rng(rank).integers(-40, 40, (3, 5, 2)[:rank])
    wanted = run(open_session(packed), {"places": places})["rows"]
    options = session_options()
    options.optimized_model_filepath = str(tmp_path / "loaded.onnx")
    found = run(open_session(unpacked, options=options), {"places": places})["rows"]
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    loaded = onnx.load(tmp_path / "loaded.onnx")
    assert operators(loaded) == {"Gather", "Cast", "Mul", "Add", "Reshape"}
    assert max(np.prod(tensor.dims) for tensor in loaded.graph.initializer if tensor.data_type == 1) == (
        40 * width // BLOCK
    )


def test_places_of_a_subgraph_have_no_rank_for_tables_of_the_main_graph() -> None:
    inner = helper.make_graph(
        [helper.make_node("Gather", ["table", "places"], ["taken"], name="inside")],
        "branch",
        [],
        [helper.make_tensor_value_info("taken", TensorProto.FLOAT, None)],
    )
    model = table(2, 64)
    condition = helper.make_tensor_value_info("condition", TensorProto.BOOL, [])
    model.graph.input.append(condition)
    model.graph.node.append(
        helper.make_node("If", ["condition"], ["other"], then_branch=inner, else_branch=inner, name="either")
    )
    assert ranks_of(model) == {"look up": 2}


def test_an_empty_batch_of_places_has_no_rows() -> None:
    made = in_4_bits(table(2, 64))
    session = ort.InferenceSession(made.SerializeToString(), session_options())
    assert session.run(None, {"places": np.zeros((0, 7), np.int64)})[0].shape == (0, 7, 64)
