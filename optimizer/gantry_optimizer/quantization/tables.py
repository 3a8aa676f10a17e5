"""Tables of embeddings in 8 and in 4 bits."""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, shape_inference

from ..activations import skeleton
from .integers import BLOCK, Floats, rows_in_4_bits, rows_in_8_bits
from .rewriting import MICROSOFT, Constants, node


def ranks_of(model: ModelProto) -> dict[str, int]:
    """Return how many axes the places of each Gather of the main graph have, by the name of the node.

    Those that nothing says are left out, and those of subgraphs: onnxruntime computes no constants there.
    """
    try:
        made = shape_inference.infer_shapes(skeleton(model)).graph
    except (shape_inference.InferenceError, ValueError, RuntimeError):
        made = model.graph
    ranks = {tensor.name: len(tensor.dims) for tensor in made.initializer}
    for value in [*made.input, *made.value_info]:
        if value.type.tensor_type.HasField("shape"):
            ranks[value.name] = len(value.type.tensor_type.shape.dim)
    gathers = [each for each in model.graph.node if each.op_type == "Gather" and each.input[1] in ranks]
    return {each.name: ranks[each.input[1]] for each in gathers}


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
    old: NodeProto,
    weight: Floats,
    constants: Constants,
    have: set[str],
    rank: int | None,
    block: int = BLOCK,
) -> list[NodeProto]:
    """Return the nodes that take rows of 4 bits and give float32.

    Parameters
    ----------
    rank
        Axes of the places. Where it is known, bytes are unpacked once, when the graph is loaded:
        GatherBlockQuantized unpacks each value alone, which takes about five times as long.
    """
    table, places = old.input
    if f"{table}_int4" not in constants.names:
        blocks = rows_in_4_bits(weight, block)
        constants.add(f"{table}_int4", blocks.packed)
        constants.add(f"{table}_scales", blocks.scales)
        constants.add(f"{table}_zeros", blocks.zeros)
    if rank is not None:
        return unpacked_when_loaded(old, weight.shape, constants, rank, block, have)
    inputs = [f"{table}_int4", places, f"{table}_scales", f"{table}_zeros"]
    how = {"gather_axis": 0, "quantize_axis": 1, "block_size": block, "bits": 4}
    return [node("GatherBlockQuantized", inputs, old.output[0], how, MICROSOFT)]


def unpacked_when_loaded(
    old: NodeProto, shape: tuple[int, ...], constants: Constants, rank: int, block: int, have: set[str]
) -> list[NodeProto]:
    """Return the nodes that unpack a table, which read constants only, and those that take rows of it.

    A value of a block is its whole number times the scale, and the offset of the block.
    """
    table, places = old.input
    output, (rows, width) = old.output[0], shape
    nodes = (
        [] if f"{table}_blocks" in have else table_of_blocks(table, rows, width // block, block, constants)
    )
    shape_of_rows = constants.add(f"int4_rows_{rank}_{width}", np.array([0] * rank + [width]))
    return [
        *nodes,
        *(
            node("Gather", [f"{table}_{part}", places], f"{output}_{part}")
            for part in ("blocks", "steps", "offsets")
        ),
        node("Cast", [f"{output}_blocks"], f"{output}_whole", {"to": TensorProto.FLOAT}),
        node("Mul", [f"{output}_whole", f"{output}_steps"], f"{output}_scaled"),
        node("Add", [f"{output}_scaled", f"{output}_offsets"], f"{output}_shifted"),
        node("Reshape", [f"{output}_shifted", shape_of_rows], output),
    ]


def table_of_blocks(table: str, rows: int, blocks: int, block: int, constants: Constants) -> list[NodeProto]:
    """Return the nodes that make `table`_blocks uint8 [rows, blocks, block], and `table`_steps and `table`_offsets.

    Steps and offsets are float32 [rows, blocks, 1].
    """
    single = constants.add(f"{table}_block_shape", np.array([rows, blocks, 1]))
    zeros = f"{table}_zero_points"
    odd = blocks % 2
    paired = f"{zeros}_paired" if odd else zeros
    return [
        *two_of_a_byte(f"{table}_int4", f"{table}_blocks", [rows, blocks, block], constants),
        *two_of_a_byte(f"{table}_zeros", paired, [rows, blocks + odd, 1], constants),
        *([node("Slice", [paired, *slice_of(blocks, constants)], zeros)] if odd else []),
        node("Cast", [zeros], f"{zeros}_float", {"to": TensorProto.FLOAT}),
        node("Reshape", [f"{table}_scales", single], f"{table}_steps"),
        node("Neg", [f"{table}_steps"], f"{table}_steps_down"),
        node("Mul", [f"{table}_steps_down", f"{zeros}_float"], f"{table}_offsets"),
    ]


def slice_of(blocks: int, constants: Constants) -> list[str]:
    """Return the inputs of a Slice that keeps the first `blocks` of axis 1."""
    return [
        constants.add("int4_start", np.array([0])),
        constants.add(f"int4_end_{blocks}", np.array([blocks])),
        constants.add("int4_second", np.array([1])),
    ]


def two_of_a_byte(packed: str, output: str, shape: list[int], constants: Constants) -> list[NodeProto]:
    """Return the nodes that make uint8 of `shape` of two numbers a byte, the first in the lower half."""
    sixteen, four = constants.add("int4_16", np.uint8(16)), constants.add("int4_4", np.uint8(4))
    last = constants.add("int4_last", np.array([-1]))
    whole = constants.add(f"{output}_shape", np.array(shape))
    return [
        node("Mod", [packed, sixteen], f"{output}_low"),
        node("BitShift", [packed, four], f"{output}_high", {"direction": "RIGHT"}),
        node("Unsqueeze", [f"{output}_low", last], f"{output}_even"),
        node("Unsqueeze", [f"{output}_high", last], f"{output}_odd"),
        node("Concat", [f"{output}_even", f"{output}_odd"], f"{output}_pairs", {"axis": -1}),
        node("Reshape", [f"{output}_pairs", whole], output),
    ]
