"""What structured pruning refuses, and its sentences for what it leaves alone."""

from collections.abc import Sequence

import numpy as np
from onnx import ModelProto

from ..failure import OptimizationError
from ..graph import Graph, node_counts, nodes_of
from ..plain import counted, verb
from ..quantization.checks import QUANTIZED
from ..step import KeptNode
from .blocks import NeuronBlock
from .layers import name_of


def without_defaults(model: ModelProto) -> ModelProto:
    """Return a model of IR 3 in the form of IR 4, whose initializers are constants and no inputs.

    IR 3 demands that initializers are inputs, too, so that this says nothing about callers.
    """
    if model.ir_version < 4:
        names = {tensor.name for tensor in model.graph.initializer}
        inputs = [value for value in model.graph.input if value.name not in names]
        del model.graph.input[:]
        model.graph.input.extend(inputs)
        model.ir_version = 4
    return model


def in_subgraphs(model: ModelProto) -> list[KeptNode]:
    """Return the layers in subgraphs of If, Loop and Scan: their weights may be shared between branches."""
    outer = {id(node) for node in model.graph.node}
    return [
        KeptNode(name_of(node), node.op_type, "it stands in a subgraph")
        for node in nodes_of(model.graph)
        if id(node) not in outer and node.op_type in ("MatMul", "Gemm", "Conv")
    ]


def refuse_quantized(model: ModelProto) -> None:
    """Refuse a graph whose weights are integers already."""
    operators = {name: name.split(".")[-1] for name in node_counts(model)}
    found = [
        name
        for name, operator in operators.items()
        if operator in QUANTIZED or operator.startswith("QLinear")
    ]
    if found:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The graph is quantized already: it has {', '.join(found)}. Prune the model that it was made from.",
        )


def refuse_broken(graph: Graph, block: NeuronBlock) -> None:
    """Refuse weights that are NaN or infinite: no fit is possible with them."""
    for layer in [*(p.layer for p in block.producers), *(c.layer for c in block.consumers)]:
        if not np.isfinite(graph.value(layer.node.input[1])).all():
            raise OptimizationError(
                "OptimizationUnsupported",
                f"The weight `{layer.node.input[1]}` of `{name_of(layer.node)}` has numbers that are NaN or infinite. "
                "Export the model again.",
            )


def too_narrow(block: NeuronBlock) -> str:
    """Return why a block keeps its width although it could be narrower."""
    return f"the ratio takes no whole multiple of its {block.width} {units(block)}"


def units(block: NeuronBlock) -> str:
    """Return what a block's width counts."""
    return {"linear": "neurons", "convolution": "channels", "heads": "heads"}[block.kind]


def nothing(kept: Sequence[KeptNode], ratio: float) -> OptimizationError:
    """Return the failure of a graph without a block: how many layers were looked at, and why each was left."""
    reasons = "; ".join(f"`{node.node}`: {node.reason}" for node in kept[:8])
    more = f"; and {len(kept) - 8} more" if len(kept) > 8 else ""
    looked = (
        f"{counted(len(kept), 'layer')} {verb(len(kept), 'was', 'were')} looked at ({reasons}{more})"
        if kept
        else "there is no MatMul, Gemm or Conv with a constant weight"
    )
    return OptimizationError(
        "NothingToOptimize", f"Structured pruning by {ratio} found no block to make narrower: {looked}."
    )
