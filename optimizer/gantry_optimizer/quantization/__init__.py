"""Other formats of the numbers: int8, int4 and float16."""

from onnx import ModelProto

from ..failure import OptimizationError
from ..recipe import Quantize
from ..step import StepContext, StepResult
from .dynamic import int8_dynamic
from .half import fp16
from .int4 import int4
from .static import int8_static

FORMATS = {"int8-dynamic": int8_dynamic, "int8-static": int8_static, "int4": int4, "fp16": fp16}


def quantize(model: ModelProto, context: StepContext, fmt: Quantize) -> StepResult:
    """Give the weights of `model` another format of numbers; the original stays as it is.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, NothingToOptimize, CalibrationInvalid or AgreementTooLow, with a sentence.
    """
    if fmt not in FORMATS:
        raise OptimizationError("OptimizationUnsupported", f"{fmt} is no format of numbers.")
    return FORMATS[fmt](model, context)
