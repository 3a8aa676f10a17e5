import numpy as np
import pytest
from onnx import TensorProto, helper

from gantry_optimizer.export.thresholds import rounded_down
from gantry_optimizer.export.tidy import domains_once, opsets, rename, without_zipmap


def test_every_float32_takes_the_branch_that_the_threshold_of_float64_gives_it() -> None:
    rng = np.random.default_rng(0)
    thresholds = np.concatenate(
        [rng.standard_normal(2000) * 10.0 ** rng.integers(-30, 30, 2000), [0.0, -0.0, 1e39]]
    )
    rounded = rounded_down(thresholds)
    assert np.array_equal(rounded.astype(np.float32).astype(np.float64), rounded)
    near = rounded.astype(np.float32)
    with np.errstate(over="ignore"):
        beside = [np.nextafter(near, np.float32(side)) for side in (np.inf, -np.inf)]
    for rows in (near, *beside):
        assert np.array_equal(rows.astype(np.float64) <= thresholds, rows <= near)


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_thresholds_stay(value: float) -> None:
    assert rounded_down(value) == value


def test_zipmap_goes_its_output_keeps_its_name_and_domains_are_written_once() -> None:
    node = helper.make_node(
        "ZipMap", ["p"], ["probabilities"], domain="ai.onnx.ml", classlabels_int64s=[0, 1]
    )
    graph = helper.make_graph(
        [helper.make_node("Softmax", ["x"], ["p"]), node],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 2])],
        [
            helper.make_value_info(
                "probabilities", helper.make_sequence_type_proto(helper.make_tensor_type_proto(1, None))
            )
        ],
    )
    imports = [
        helper.make_opsetid(domain, number)
        for domain, number in (("", 17), ("ai.onnx", 18), ("ai.onnx.ml", 3))
    ]
    model = helper.make_model(graph, opset_imports=imports)
    without_zipmap(model)
    domains_once(model)
    assert [list(one.output) for one in model.graph.node] == [["probabilities"]]
    assert model.graph.output[0].type.HasField("tensor_type")
    assert opsets(model) == {"ai.onnx": 18}


def test_a_new_name_that_a_value_inside_has_already_makes_room() -> None:
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["label"]), helper.make_node("Neg", ["label"], ["y"])],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
    )
    model = helper.make_model(graph)
    rename(model, {"y": "label"})
    assert [(list(one.input), list(one.output)) for one in model.graph.node] == [
        (["x"], ["label_"]),
        (["label_"], ["label"]),
    ]
