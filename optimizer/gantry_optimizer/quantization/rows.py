"""int8 with scales made while the model runs, one for each row: products of bytes without calibration.

onnxruntime's own `quantize_dynamic` takes one scale for a whole batch (DynamicQuantizeLinear): an answer then
depends on the other requests of its batch. Here each row of the left operand has its own, which is about as fast
(docs/optimizer-quantization.md) and as near to the float model, and lets the server prove that rows stay apart.
"""

from collections.abc import Collection

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, numpy_helper

from ..graph import copied, opset_of
from .integers import BLOCK, Floats, columns_in_8_bits, rows_in_4_bits, rows_in_8_bits
from .rewriting import MICROSOFT, Attribute, Constants, node, rewrite
from .weighted import Weighted, constants_of

MIDDLE = 128
"""The byte that stands for zero in left operands; onnxruntime multiplies uint8 by int8 fastest."""

SMALLEST_PEAK = np.finfo(np.float32).tiny
"""Rows of zeros are divided by this and stay zeros."""


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

    def change(old: NodeProto, have: set[str]) -> list[NodeProto] | None:
        use = places.get(old.name)
        if use is None:
            return None
        weight = np.asarray(numpy_helper.to_array(values[use.weight]), dtype=np.float32)
        if use.node in stored:
            return stored_product(old, use, weight, constants, have)
        if use.kind == "product":
            return product(old, use, weight, constants, have, pairs_fit, opset_of(made))
        if tables_in_4_bits and weight.shape[1] % BLOCK == 0:
            return table_in_4_bits(old, weight, constants)
        return table_in_8_bits(old, weight, constants)

    rewrite(made, change)
    return made


def product(
    old: NodeProto,
    use: Weighted,
    weight: Floats,
    constants: Constants,
    have: set[str],
    pairs_fit: bool,
    opset: int,
) -> list[NodeProto]:
    """Return the nodes of a product: the left operand in bytes, MatMulIntegerToFloat, the rows' scales."""
    name = f"{use.weight}_int8"
    if name not in constants.names:
        whole, scales = columns_in_8_bits(weight.T if use.transposed else weight, pairs_fit)
        constants.add(name, whole)
        constants.add(f"{use.weight}_scales", scales)
    left, output = old.input[0], old.output[0]
    nodes = [] if f"{left}_uint8" in have else bytes_of(left, constants, opset)
    step, zero = constants.add("int8_step", np.float32(1 / 127)), constants.add("int8_zero", np.uint8(MIDDLE))
    operands = [f"{left}_uint8", name, step, f"{use.weight}_scales", zero]
    nodes.append(node("MatMulIntegerToFloat", operands, f"{output}_unit", domain=MICROSOFT))
    addend = old.input[2] if old.op_type == "Gemm" and len(old.input) > 2 else ""
    scaled = f"{output}_scaled" if addend else output
    nodes.append(node("Mul", [f"{output}_unit", f"{left}_peak"], scaled))
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


def bytes_of(left: str, constants: Constants, opset: int) -> list[NodeProto]:
    """Return the nodes that make `left`_uint8, and `left`_peak, the largest absolute value of each row.

    The largest and the smallest value are taken apart, since that reads the operand twice and writes nothing;
    a product with the reciprocal is faster than a quotient.
    """
    if opset >= 18:
        axes = [constants.add("int8_axis", np.array([-1], dtype=np.int64))]
        over: dict[str, Attribute] = {"keepdims": 1}
    else:
        axes, over = [], {"keepdims": 1, "axes": [-1]}
    tiny = constants.add("int8_tiny", np.float32(SMALLEST_PEAK))
    step, zero = constants.add("int8_step", np.float32(1 / 127)), constants.add("int8_zero", np.uint8(MIDDLE))
    return [
        node("ReduceMax", [left, *axes], f"{left}_high", over),
        node("ReduceMin", [left, *axes], f"{left}_low", over),
        node("Neg", [f"{left}_low"], f"{left}_depth"),
        node("Max", [f"{left}_high", f"{left}_depth", tiny], f"{left}_peak"),
        node("Reciprocal", [f"{left}_peak"], f"{left}_reciprocal"),
        node("Mul", [left, f"{left}_reciprocal"], f"{left}_share"),
        node("QuantizeLinear", [f"{left}_share", step, zero], f"{left}_uint8"),
    ]


def table_in_8_bits(old: NodeProto, weight: Floats, constants: Constants) -> list[NodeProto]:
    """Return the nodes that take rows of bytes, and the scale of each row."""
    table, places = old.input
    output = old.output[0]
    if f"{table}_int8" not in constants.names:
        whole, scales = rows_in_8_bits(weight)
        constants.add(f"{table}_int8", whole)
        constants.add(f"{table}_scales", scales)
    return [
        node("Gather", [f"{table}_int8", places], f"{output}_int8"),
        node("Gather", [f"{table}_scales", places], f"{output}_scales"),
        node("Cast", [f"{output}_int8"], f"{output}_whole", {"to": TensorProto.FLOAT}),
        node("Mul", [f"{output}_whole", f"{output}_scales"], output),
    ]


def table_in_4_bits(
    old: NodeProto, weight: Floats, constants: Constants, block: int = BLOCK
) -> list[NodeProto]:
    """Return the node that takes rows of 4 bits and gives float32."""
    table, places = old.input
    if f"{table}_int4" not in constants.names:
        blocks = rows_in_4_bits(weight, block)
        constants.add(f"{table}_int4", blocks.packed)
        constants.add(f"{table}_scales", blocks.scales)
        constants.add(f"{table}_zeros", blocks.zeros)
    inputs = [f"{table}_int4", places, f"{table}_scales", f"{table}_zeros"]
    how = {"gather_axis": 0, "quantize_axis": 1, "block_size": block, "bits": 4}
    return [node("GatherBlockQuantized", inputs, old.output[0], how, MICROSOFT)]
