"""Which products are faster in int8: small ones lose more time to the nodes that quantize than they gain."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from onnx import ModelProto, TensorProto

from ..activations import NUMBER, activations
from ..samples import Samples
from .weighted import Weighted, constants_of

SAVED_NS = 0.0137
"""Nanoseconds that int8 saves for each product of two numbers, where they are added in 32 bits (VNNI)."""

SAVED_NS_IN_PAIRS = 0.0053
"""The same where pairs are added in 16 bits: three instructions for 32 products instead of four."""

READ_NS, WRITTEN_NS = 0.35, 0.48
"""Nanoseconds to quantize a number that is read, and to scale one that is made."""

ROW_SCALES_NS = 2200
"""Nanoseconds to call the nodes that make the scales of rows, once for an operand."""

ADDEND_NS, ADDED_NS = 450, 0.05
"""Nanoseconds of the node that adds what a Gemm adds within, and for each number that is made.

All of these are from docs/optimizer-quantization.md, one thread of an AMD EPYC with VNNI.
"""


def gain_ns(
    rows: int, inputs: int, outputs: Sequence[int], pairs_fit: bool, added: Sequence[int] = ()
) -> float:
    """Return the nanoseconds that int8 gains.

    Parameters
    ----------
    rows, inputs
        Of the left operand, which is quantized once.
    outputs
        Columns of each matrix that it is multiplied by.
    pairs_fit
        Whether this processor adds products in pairs.
    added
        Columns of each of them that is in a Gemm with an addend.
    """
    saved = SAVED_NS_IN_PAIRS if pairs_fit else SAVED_NS
    made = sum(rows * inputs * columns * saved - rows * columns * WRITTEN_NS for columns in outputs)
    addends = sum(ADDEND_NS + rows * columns * ADDED_NS for columns in added)
    return made - addends - rows * inputs * READ_NS - ROW_SCALES_NS


def slower_in_integers(
    model: ModelProto, nodes: Sequence[Weighted], samples: Samples, pairs_fit: bool
) -> frozenset[str]:
    """Return the names of products that take longer in int8 than in float32, on a batch of these samples.

    The rows of an operand are those of the largest batch that `latency` measures. Products of which nothing shows how
    many rows they get, such as those within subgraphs, count as faster.
    """
    constants = constants_of(model)
    operands = {node.name: node.input for node in model.graph.node if node.input}
    readers: dict[str, list[Weighted]] = defaultdict(list)
    for use in nodes:
        if use.kind == "product" and use.node in operands:
            readers[operands[use.node][0]].append(use)
    slower: set[str] = set()
    bytes_of = activations(model, samples).values
    for value, uses in readers.items():
        sizes = [sizes_of(use, constants) for use in uses]
        rows = bytes_of.get(value, 0) // (NUMBER * sizes[0][0])
        outputs = [columns for _, columns in sizes]
        added = [
            columns
            for use, columns in zip(uses, outputs, strict=True)
            if use.operator == "Gemm" and len(operands[use.node]) > 2
        ]
        if rows and gain_ns(rows, sizes[0][0], outputs, pairs_fit, added) <= 0:
            slower.update(use.node for use in uses)
    return frozenset(slower)


def sizes_of(use: Weighted, constants: Mapping[str, TensorProto]) -> tuple[int, int]:
    """Return how many numbers a product reads of each row, and how many it makes."""
    rows, columns = constants[use.weight].dims
    return (columns, rows) if use.transposed else (rows, columns)
