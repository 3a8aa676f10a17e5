"""int8 with scales made while the model runs, one for each row: products of bytes without calibration.

onnxruntime's own `quantize_dynamic` takes one scale for a whole batch (DynamicQuantizeLinear): an answer then
depends on the other requests of its batch. Here each row of the left operand has its own, which is about as fast
(docs/optimizer-quantization.md) and as near to the float model, and lets the server prove that rows stay apart.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto

from ..far import array_of
from ..graph import copied, opset_of
from .integers import BLOCK, Floats, columns_in_8_bits, rows_in_8_bits
from .rewriting import MICROSOFT, Attribute, Constants, node, rewrite
from .tables import ranks_of, table_in_4_bits, table_in_8_bits
from .weighted import Weighted, all_nodes, constants_of

NEVER_NEGATIVE = frozenset(["Relu", "Sigmoid", "Softmax", "Abs"])
"""Operators whose values are at least zero."""


@dataclass(frozen=True)
class Range:
    """How the shares of a row's peak become uint8, which onnxruntime multiplies by int8 fastest.

    Parameters
    ----------
    name
        Part of the names of constants.
    zero
        The byte that stands for zero.
    steps
        From zero to the peak.
    """

    name: str
    zero: int
    steps: int


BOTH_SIGNS, AT_LEAST_ZERO = Range("signed", 128, 127), Range("unsigned", 0, 255)


@dataclass(frozen=True)
class Way:
    """What decides how products are made.

    Parameters
    ----------
    pairs_fit
        See `columns_in_8_bits`.
    opset
        Of the model.
    at_least_zero
        Names of the values that are never negative.
    """

    pairs_fit: bool
    opset: int
    at_least_zero: Collection[str]


def in_8_bits(
    model: ModelProto,
    chosen: Collection[Weighted],
    tables_in_4_bits: bool,
    pairs_fit: bool,
    stored: Collection[str] = (),
) -> ModelProto:
    """Return a copy of `model` with the chosen nodes in int8.

    Parameters
    ----------
    tables_in_4_bits
        Tables whose width is a multiple of 32 get 4 bits a value and a scale for 32 values.
    pairs_fit
        See `columns_in_8_bits`.
    stored
        Names of products that are in int8 in the file only: they are computed in float32.
    """
    made = copied(model)
    constants = Constants(made)
    values = {
        name: tensor for name, tensor in constants_of(made).items() if name in {use.weight for use in chosen}
    }
    places = {use.node: use for use in chosen}
    at_least_zero = {
        name for each in all_nodes(made) if each.op_type in NEVER_NEGATIVE for name in each.output
    }
    ranks = ranks_of(made) if tables_in_4_bits else {}
    way = Way(pairs_fit, opset_of(made), at_least_zero)

    def change(old: NodeProto, have: set[str]) -> list[NodeProto] | None:
        use = places.get(old.name)
        if use is None:
            return None
        weight = np.asarray(array_of(values[use.weight]), dtype=np.float32)
        if use.node in stored:
            return stored_product(old, use, weight, constants, have)
        if use.kind == "product":
            return product(old, use, weight, constants, have, way)
        if tables_in_4_bits and weight.shape[1] % BLOCK == 0:
            return table_in_4_bits(old, weight, constants, have, ranks.get(old.name))
        return table_in_8_bits(old, weight, constants)

    rewrite(made, change)
    return made


def product(
    old: NodeProto,
    use: Weighted,
    weight: Floats,
    constants: Constants,
    have: set[str],
    way: Way,
) -> list[NodeProto]:
    """Return the nodes of a product: the left operand in bytes, and MatMulIntegerToFloat with the peaks as scales.

    onnxruntime multiplies each row of the product by the scale of the row, in the same pass.
    """
    name, left, output = f"{use.weight}_int8", old.input[0], old.output[0]
    span = AT_LEAST_ZERO if left in way.at_least_zero else BOTH_SIGNS
    scale = f"{use.weight}_scales_{span.name}"
    if not {name, scale} <= constants.names:
        whole, scales = columns_in_8_bits(weight.T if use.transposed else weight, way.pairs_fit)
        constants.add(name, whole)
        constants.add(scale, scales / np.float32(span.steps))
    nodes = [] if f"{left}_uint8" in have else bytes_of(left, constants, way.opset, span)
    zero = constants.add(f"int8_zero_{span.name}", np.uint8(span.zero))
    addend = old.input[2] if old.op_type == "Gemm" and len(old.input) > 2 else ""
    scaled = f"{output}_scaled" if addend else output
    operands = [f"{left}_uint8", name, f"{left}_peak", scale, zero]
    nodes.append(node("MatMulIntegerToFloat", operands, scaled, domain=MICROSOFT))
    return [*nodes, *added(old, addend, scaled, constants)] if addend else nodes


def stored_product(
    old: NodeProto, use: Weighted, weight: Floats, constants: Constants, have: set[str]
) -> list[NodeProto]:
    """Return the product as it is, and the nodes that make its weights of bytes.

    They read constants only, so that onnxruntime computes them once, when it loads the graph.
    """
    name, wide = f"{use.weight}_int8", f"{use.weight}_float"
    made = NodeProto.FromString(old.SerializeToString())
    made.input[1] = wide
    if wide in have:
        return [made]
    if name not in constants.names:
        whole, scales = (
            rows_in_8_bits(weight) if use.transposed else columns_in_8_bits(weight, pairs_fit=False)
        )
        constants.add(name, whole)
        constants.add(f"{use.weight}_scales", scales)
    return [
        node("Cast", [name], f"{use.weight}_whole", {"to": TensorProto.FLOAT}),
        node("Mul", [f"{use.weight}_whole", f"{use.weight}_scales"], wide),
        made,
    ]


def added(old: NodeProto, addend: str, scaled: str, constants: Constants) -> list[NodeProto]:
    """Return the nodes that add what a Gemm adds, times its `beta`."""
    betas = [attribute.f for attribute in old.attribute if attribute.name == "beta"]
    if betas and betas[0] != 1:
        beta = constants.add(f"{old.output[0]}_beta", np.float32(betas[0]))
        times = node("Mul", [addend, beta], f"{old.output[0]}_addend")
        return [times, node("Add", [scaled, times.output[0]], old.output[0])]
    return [node("Add", [scaled, addend], old.output[0])]


def bytes_of(left: str, constants: Constants, opset: int, span: Range) -> list[NodeProto]:
    """Return the nodes that make `left`_uint8, and `left`_peak, the largest absolute value of each row.

    A product with the reciprocal is faster than a quotient. The bytes of a row of zeros are arbitrary: its peak is
    zero, by which its products are multiplied.
    """
    if opset >= 18:
        axes = [constants.add("int8_axis", np.array([-1], dtype=np.int64))]
        over: dict[str, Attribute] = {"keepdims": 1}
    else:
        axes, over = [], {"keepdims": 1, "axes": [-1]}
    step = constants.add(f"int8_step_{span.name}", np.float32(1 / span.steps))
    zero = constants.add(f"int8_zero_{span.name}", np.uint8(span.zero))
    size = left if span is AT_LEAST_ZERO else f"{left}_size"
    return [
        *([] if span is AT_LEAST_ZERO else [node("Abs", [left], size)]),
        node("ReduceMax", [size, *axes], f"{left}_peak", over),
        node("Reciprocal", [f"{left}_peak"], f"{left}_reciprocal"),
        node("Mul", [left, f"{left}_reciprocal"], f"{left}_share"),
        node("QuantizeLinear", [f"{left}_share", step, zero], f"{left}_uint8"),
    ]
