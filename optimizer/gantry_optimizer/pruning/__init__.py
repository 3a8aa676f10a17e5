"""Takes weights away: single ones, or whole neurons, channels and heads."""

from onnx import ModelProto

from ..failure import OptimizationError
from ..recipe import Prune
from ..step import StepContext, StepResult


def prune(model: ModelProto, context: StepContext, how: Prune) -> StepResult:
    """Take the share `how.ratio` of the weights of `model` away.

    Raises
    ------
    OptimizationError
        NothingToOptimize where no block is found.
    """
    del model, context
    raise OptimizationError("OptimizationUnsupported", f"{how.method} is not part of this release.")
