"""The step `graph`: nodes are removed and merged."""

from onnx import ModelProto

from ..recipe import GraphLevel
from ..step import StepContext, StepResult


def graph_step(model: ModelProto, context: StepContext, level: GraphLevel) -> StepResult:
    """Merge nodes."""
    import onnxslim

    slim = ModelProto()
    slim.CopyFrom(model)
    return StepResult(onnxslim.slim(slim), "onnxslim")
