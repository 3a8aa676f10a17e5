"""Which products are faster in int8: small ones lose more time to the nodes that quantize than they gain."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from onnx import ModelProto, TensorProto

from ..activations import NUMBER, activations
from ..samples import Samples
from .weighted import Weighted, constants_of

SAVED_NS = 0.0123
"""Nanoseconds that int8 saves for each product of two numbers, where they are added in 32 bits (VNNI)."""

SAVED_NS_IN_PAIRS = 0.0048
"""The same where pairs are added in 16 bits: three instructions for 32 products instead of four."""

READ_NS, WRITTEN_NS = 0.45, 0.25
"""Nanoseconds to quantize a number that is read, and to scale one that is made."""

ROW_SCALES_NS, PRODUCT_NS = 2700, 800
"""Nanoseconds to call the nodes that make the scales of rows, once for an operand, and those of each product.

All of these are from docs/optimizer-quantization.md, one thread of an AMD EPYC with VNNI.
"""


def gain_ns(rows: int, inputs: int, outputs: Sequence[int], pairs_fit: bool) -> float:
    """Return the nanoseconds that int8 gains.

    Parameters
    ----------
    rows, inputs
        Of the left operand, which is quantized once.
    outputs
        Columns of each matrix that it is multiplied by.
    pairs_fit
        Whether this processor adds products in pairs.
    """
    saved = SAVED_NS_IN_PAIRS if pairs_fit else SAVED_NS
    made = sum(
        rows * inputs * columns * saved - rows * columns * WRITTEN_NS - PRODUCT_NS for columns in outputs
    )
    return made - rows * inputs * READ_NS - ROW_SCALES_NS


def slower_in_integers(
    model: ModelProto, nodes: Sequence[Weighted], samples: Samples, pairs_fit: bool
) -> frozenset[str]:
    """Return the names of products that take longer in int8 than in float32, on a batch of these samples.

    The rows of an operand are those of the largest batch that `latency` measures. Products of which nothing shows how
    many rows they get, such as those within subgraphs, count as faster.
    """
    constants = constants_of(model)
    left = {node.name: node.input[0] for node in model.graph.node if node.input}
    readers: dict[str, list[Weighted]] = defaultdict(list)
    for use in nodes:
        if use.kind == "product" and use.node in left:
            readers[left[use.node]].append(use)
    slower: set[str] = set()
    bytes_of = activations(model, samples).values
    for value, uses in readers.items():
        sizes = [sizes_of(use, constants) for use in uses]
        rows = bytes_of.get(value, 0) // (NUMBER * sizes[0][0])
        if rows and gain_ns(rows, sizes[0][0], [columns for _, columns in sizes], pairs_fit) <= 0:
            slower.update(use.node for use in uses)
    return frozenset(slower)


def sizes_of(use: Weighted, constants: Mapping[str, TensorProto]) -> tuple[int, int]:
    """Return how many numbers a product reads of each row, and how many it makes."""
    rows, columns = constants[use.weight].dims
    return (columns, rows) if use.transposed else (rows, columns)
