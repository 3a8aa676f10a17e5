import pytest
from onnx import helper

from gantry_optimizer.quantization.checks import nothing

from ..small_graphs import FLOAT, model_of


@pytest.mark.parametrize("fmt", ["int8-dynamic", "int4"])
def test_a_model_of_convolutions_is_told_which_formats_it_can_have(fmt: str) -> None:
    nodes = [helper.make_node("Conv", ["x", "w"], ["y"])]
    sentence = str(nothing(fmt, model_of(nodes, {}, [("x", FLOAT, [1])], [("y", FLOAT, [1])])))
    assert "int8-static (with samples) and fp16 take convolutions" in sentence
    assert "Leave" not in sentence
