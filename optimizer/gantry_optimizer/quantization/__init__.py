"""Other formats of the numbers: int8, int4 and float16."""

from onnx import ModelProto

from ..failure import OptimizationError
from ..recipe import Quantize
from ..step import StepContext, StepResult


def quantize(model: ModelProto, context: StepContext, fmt: Quantize) -> StepResult:
    """Give the weights of `model` another format of numbers.

    Raises
    ------
    OptimizationError
        What the format cannot be made of.
    """
    del model, context
    raise OptimizationError("OptimizationUnsupported", f"{fmt} is not part of this release.")
