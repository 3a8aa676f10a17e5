"""L1 unstructured pruning: the smallest weights of each tensor become zero."""

from collections.abc import Iterator

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, numpy_helper

from ..failure import OptimizationError
from ..graph import copied, nodes_of
from ..plain import counted
from ..samples import Array
from ..step import StepResult
from .layers import FLOATS, domain_of

TOOL = "gantry L1 pruning"

WEIGHTS = {
    ("", "MatMul"): (0, 1),
    ("", "Gemm"): (0, 1),
    ("", "Conv"): (1,),
    ("", "ConvTranspose"): (1,),
    ("", "LSTM"): (1, 2),
    ("", "GRU"): (1, 2),
    ("", "RNN"): (1, 2),
    ("com.microsoft", "FusedMatMul"): (0, 1),
    ("com.microsoft", "FusedGemm"): (0, 1),
    ("com.microsoft", "FusedConv"): (1,),
    ("com.microsoft", "Attention"): (1,),
}
"""Inputs that hold weights. Biases, scales and embeddings stay as they are."""


def prune_unstructured(model: ModelProto, ratio: float) -> StepResult:
    """Set the share `ratio` of the smallest numbers of each weight to zero.

    Raises
    ------
    OptimizationError
        NothingToOptimize where no operator has a weight in floating point; OptimizationUnsupported for NaN.
    """
    made = copied(model)
    used = {name for node in nodes_of(made.graph) for name in weights_of(node)}
    matrices = [t for t in constants_of(made.graph) if t.name in used and is_matrix(t)]
    if not matrices:
        raise OptimizationError(
            "NothingToOptimize",
            "L1 pruning found no weight in floating point: "
            "no MatMul, Gemm, Conv or recurrent operator has one.",
        )
    zeros = total = 0
    for tensor in matrices:
        weight = numpy_helper.to_array(tensor)
        refuse_nan(tensor.name, weight)
        pruned = smallest_to_zero(weight, ratio)
        tensor.CopyFrom(numpy_helper.from_array(pruned, tensor.name))
        zeros += int((pruned == 0).sum())
        total += pruned.size
    return StepResult(
        made,
        TOOL,
        remarks=(
            f"{zeros} of {total} weights in {counted(len(matrices), 'tensor')} are zero.",
            "The file is smaller only when it is compressed, and the model is not faster: "
            "the runtime multiplies by zeros, too.",
        ),
        compressible=True,
    )


def constants_of(graph: GraphProto) -> Iterator[TensorProto]:
    """Yield initializers and the values of Constant nodes, those of subgraphs too, named as their value."""
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if node.op_type == "Constant" and attribute.name == "value":
                attribute.t.name = node.output[0]
                yield attribute.t
            for inner in [attribute.g, *attribute.graphs] if attribute.type in (5, 10) else []:
                yield from constants_of(inner)


def weights_of(node: NodeProto) -> list[str]:
    """Return the names of the inputs of a node that hold weights."""
    places = WEIGHTS.get((domain_of(node), node.op_type), ())
    return [node.input[place] for place in places if place < len(node.input) and node.input[place]]


def is_matrix(tensor: TensorProto) -> bool:
    """Whether a constant is a weight: floating point, of at least two dimensions."""
    return tensor.data_type in FLOATS and len(tensor.dims) >= 2


def refuse_nan(name: str, weight: Array) -> None:
    """Refuse weights that cannot be ordered."""
    if np.isnan(weight.astype(np.float64)).any():
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The weight `{name}` has numbers that are NaN. Export the model again.",
        )


def smallest_to_zero(weight: Array, ratio: float) -> Array:
    """Return a weight whose `round(ratio * size)` smallest absolute values are zero.

    So does `torch.nn.utils.prune.l1_unstructured`, whose round is Python's. Of equal values the first go.
    """
    pruned = weight.copy()
    order = np.argsort(np.abs(weight.astype(np.float64)), axis=None, kind="stable")
    pruned.reshape(-1)[order[: round(ratio * weight.size)]] = 0
    return pruned
