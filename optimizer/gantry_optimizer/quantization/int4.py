"""int4 for weights alone: products in MatMulNBits, tables in GatherBlockQuantized; other numbers stay float32."""

from collections.abc import Collection

import numpy as np
import onnxruntime as ort
from onnx import ModelProto, NodeProto

from ..far import array_of
from ..graph import copied
from ..step import StepContext, StepResult
from .checks import nothing, prepared
from .choosing import chosen_of, kept_nodes, shared_together
from .integers import Floats, rows_in_4_bits
from .rewriting import MICROSOFT, Attribute, Constants, node, rewrite
from .rows import added
from .search import choice, halves, search
from .tables import ranks_of, table_in_4_bits, table_in_8_bits
from .weighted import Weighted, constants_of, weighted_nodes

BLOCKS = (128, 32)
"""Values that share a scale: 4.3 bits a weight with scales, or 5.1 and nearer to the float model."""

ACCURACY_LEVEL = 4
"""onnxruntime multiplies in int8, with a scale for each block of a row: faster than in float32, and as near."""


def int4(model: ModelProto, context: StepContext) -> StepResult:
    """Return the model with weights in 4 bits.

    Raises
    ------
    OptimizationError
        See `prepared`; NothingToOptimize without products and tables; AgreementTooLow.
    """
    base = prepared(model)
    found = weighted_nodes(base)
    if not found.nodes:
        raise nothing("int4", base)
    parts = halves(context)
    ways = {f"blocks of {block}": in_4_bits(base, found.nodes, block) for block in BLOCKS}
    choices = chosen_of([choice(name, way, parts[0], context.threads) for name, way in ways.items()], context)
    block = next(block for block, each in zip(BLOCKS, choices, strict=True) if each.chosen)
    groups = shared_together(found.nodes)

    def build(names: frozenset[str]) -> ModelProto:
        return in_4_bits(base, [use for name in names for use in groups[name]], block)

    result = search(list(groups), build, parts, context)
    return StepResult(
        result.model,
        f"onnxruntime {ort.__version__}",
        kept=kept_nodes(result.kept, groups, found),
        choices=choices,
        remarks=(
            "int4 is for size: weights take an eighth, and products on processors are about as fast as in float32,"
            " slower than in int8. Rows stay apart.",
        ),
    )


def in_4_bits(model: ModelProto, chosen: Collection[Weighted], block: int) -> ModelProto:
    """Return a copy of `model` with the weights of the chosen nodes in blocks of 4 bits."""
    made = copied(model)
    constants = Constants(made)
    values = constants_of(made)
    tensors = {use.weight: values[use.weight] for use in chosen}
    places = {use.node: use for use in chosen}

    ranks = ranks_of(made)

    def change(old: NodeProto, have: set[str]) -> list[NodeProto] | None:
        use = places.get(old.name)
        if use is None:
            return None
        weight = np.asarray(array_of(tensors[use.weight]), dtype=np.float32)
        if use.kind == "product":
            return product(old, use, weight, constants, block)
        fitting = [size for size in (block, 64, 32, 16) if size <= block and weight.shape[1] % size == 0]
        return (
            table_in_4_bits(old, weight, constants, have, ranks.get(old.name), fitting[0])
            if fitting
            else table_in_8_bits(old, weight, constants)
        )

    rewrite(made, change)
    return made


def product(
    old: NodeProto, use: Weighted, weight: Floats, constants: Constants, block: int
) -> list[NodeProto]:
    """Return MatMulNBits, and the nodes that add what a Gemm adds."""
    by_columns = weight if use.transposed else np.ascontiguousarray(weight.T)
    columns, rows = by_columns.shape
    name = f"{use.weight}_int4"
    if name not in constants.names:
        blocks = rows_in_4_bits(by_columns, block)
        constants.add(name, blocks.packed.reshape(columns, -1, block // 2))
        constants.add(f"{use.weight}_scales", blocks.scales.reshape(-1))
        constants.add(f"{use.weight}_zeros", blocks.zeros.reshape(-1))
    output = old.output[0]
    addend = old.input[2] if old.op_type == "Gemm" and len(old.input) > 2 else ""
    scaled = f"{output}_scaled" if addend else output
    how: dict[str, Attribute] = {
        "K": rows,
        "N": columns,
        "bits": 4,
        "block_size": block,
        "accuracy_level": ACCURACY_LEVEL,
    }
    inputs = [old.input[0], name, f"{use.weight}_scales", f"{use.weight}_zeros"]
    made = node("MatMulNBits", inputs, scaled, how, MICROSOFT)
    return [made, *added(old, addend, scaled, constants)] if addend else [made]
