"""Takes weights away: single ones, or whole neurons, channels and heads."""

from onnx import ModelProto
from onnx.inliner import inline_local_functions

from ..failure import OptimizationError
from ..recipe import Prune
from ..step import StepContext, StepResult
from .refusals import refuse_quantized
from .structured import prune_structured
from .unstructured import prune_unstructured


def prune(model: ModelProto, context: StepContext, how: Prune) -> StepResult:
    """Take the share `how.ratio` of the weights of `model` away.

    Raises
    ------
    OptimizationError
        NothingToOptimize where no weight or no block is found; OptimizationUnsupported for graphs that are
        quantized already, for weights that are NaN or infinite, and for a ratio that is not between 0 and 1.
    """
    if not 0 < how.ratio < 1:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The ratio {how.ratio} must be above 0 and below 1: it is the share that goes.",
        )
    flat = inlined(model)
    refuse_quantized(flat)
    if how.method == "l1-unstructured":
        return prune_unstructured(flat, how.ratio)
    return prune_structured(flat, context, how)


def inlined(model: ModelProto) -> ModelProto:
    """Return a model whose functions are written out, so that their layers are seen; others as they are."""
    return inline_local_functions(model) if model.functions else model
