"""Whether a graph is one that can be worked on, and whether a new one is sound."""

import numpy as np
import onnx
from onnx import ModelProto

from .failure import OptimizationError
from .far import far_tensors
from .graph import nodes_of
from .runtime import LARGEST_IN_MEMORY, Answers
from .weights import as_file, weights_bytes

RUNTIME_DOMAINS = frozenset(
    [
        *("", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training"),
        *("com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc", "org.pytorch.aten"),
    ]
)
"""Domains of which onnxruntime has operators."""

PROCESSOR_DOMAINS = frozenset(["com.microsoft.nchwc", "com.ms.internal.nhwc"])
"""Domains of operators whose layout belongs to the processor on which a graph was written."""


def refuse_custom_operators(model: ModelProto) -> None:
    """Raise where the graph has operators that neither onnxruntime nor the file itself defines.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the names of the operators.
    """
    own = {(function.domain, function.name) for function in model.functions}
    unknown = sorted(
        {
            f"{node.domain}.{node.op_type}"
            for node in nodes_of(model.graph)
            if node.domain not in RUNTIME_DOMAINS and (node.domain, node.op_type) not in own
        }
    )
    if unknown:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The graph has operators that onnxruntime does not have: {', '.join(unknown[:8])}."
            " Export it without them, or with functions that define them.",
        )


def refuse_no_numbers(answers: Answers) -> None:
    """Raise where a graph answers all samples with NaN and infinity: such answers stay the same whatever is lost.

    Raises
    ------
    OptimizationError
        CalibrationInvalid.
    """
    floats = [
        value for answer in answers for value in answer.values() if value.dtype.kind == "f" and value.size > 0
    ]
    if floats and not any(np.isfinite(value).any() for value in floats):
        raise OptimizationError(
            "CalibrationInvalid",
            "The model answers every sample with numbers that are NaN or infinite. Check its weights and the samples.",
        )


def processor_operators(model: ModelProto) -> frozenset[str]:
    """Return the operators that only the kind of processor has on which the graph was written."""
    return frozenset(node.op_type for node in nodes_of(model.graph) if node.domain in PROCESSOR_DOMAINS)


def full_check(model: ModelProto) -> str | None:
    """Return what `onnx.checker` says against a graph, types and shapes included; None where it is sound."""
    try:
        if weights_bytes(model) < LARGEST_IN_MEMORY and not any(far_tensors(model)):
            onnx.checker.check_model(model, full_check=True)
        else:
            with as_file(model) as path:
                onnx.checker.check_model(str(path), full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError, ValueError) as error:
        return " ".join(str(error).split())[:500]
    return None
