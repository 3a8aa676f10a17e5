"""int8 without calibration: products by rows, tables in 8 or 4 bits."""

from dataclasses import replace

import onnxruntime as ort
from onnx import ModelProto

from ..step import Choice, KeptNode, StepContext, StepResult
from .checks import nothing, prepared
from .integers import BLOCK, adds_in_32_bits
from .rows import in_8_bits
from .search import Half, choice, halves, search
from .weighted import Weighted, constants_of, weighted_nodes

TABLES_MAY_LOSE = 0.25
"""Share of the permitted loss that tables in 4 bits may cost beside tables in 8 bits."""


def int8_dynamic(model: ModelProto, context: StepContext) -> StepResult:
    """Return the model with products in int8 by rows.

    Raises
    ------
    OptimizationError
        See `prepared`; NothingToOptimize without products and tables; AgreementTooLow.
    """
    base = prepared(model)
    found = weighted_nodes(base)
    if not found.nodes:
        raise nothing("int8-dynamic", base)
    pairs_fit = not adds_in_32_bits()
    parts = halves(context)
    choices = table_choices(base, found.nodes, context, pairs_fit, parts[0])
    four_bits = any(each.chosen and each.name == FOUR_BITS for each in choices)
    groups = shared_together(found.nodes)

    def build(names: frozenset[str]) -> ModelProto:
        chosen = [use for name in names for use in groups[name]]
        return in_8_bits(base, chosen, four_bits, pairs_fit)

    result = search(list(groups), build, parts, context)
    operators = {use.node: use.operator for use in found.nodes}
    kept = [
        KeptNode(use.node, operators[use.node], reason)
        for name, reason in result.kept.items()
        for use in groups[name]
    ]
    kept += [KeptNode(name, operator, reason) for name, (operator, reason) in found.refused.items()]
    return StepResult(
        result.model,
        f"onnxruntime {ort.__version__}",
        kept=tuple(kept),
        choices=choices,
        remarks=remarks(context, pairs_fit, four_bits),
    )


EIGHT_BITS, FOUR_BITS = "tables in 8 bits", "tables in 4 bits"


def shared_together(nodes: tuple[Weighted, ...]) -> dict[str, list[Weighted]]:
    """Return the nodes that read the same weights under the name of the first."""
    first: dict[str, str] = {}
    groups: dict[str, list[Weighted]] = {}
    for use in nodes:
        groups.setdefault(first.setdefault(use.weight, use.node), []).append(use)
    return groups


def table_choices(
    base: ModelProto, nodes: tuple[Weighted, ...], context: StepContext, pairs_fit: bool, half: Half
) -> tuple[Choice, ...]:
    """Measure tables in 8 and in 4 bits beside products in int8; the smaller is taken where it loses no more."""
    constants = constants_of(base)
    if not any(use.kind == "table" and constants[use.weight].dims[1] % BLOCK == 0 for use in nodes):
        return ()
    eight, four = (
        choice(name, in_8_bits(base, nodes, bits, pairs_fit), half, context.threads)
        for name, bits in ((EIGHT_BITS, False), (FOUR_BITS, True))
    )
    lost = score(eight) - score(four)
    smaller = four.message is None and lost <= context.max_accuracy_drop * TABLES_MAY_LOSE + 1e-12
    return (replace(eight, chosen=not smaller), replace(four, chosen=smaller))


def score(way: Choice) -> float:
    """Return accuracy where there is one, else the share of same answers."""
    return (way.accuracy if way.accuracy is not None else way.same_answers) or 0.0


def remarks(context: StepContext, pairs_fit: bool, four_bits: bool) -> tuple[str, ...]:
    """Return what a user should know of this model."""
    said = ["Each row has a scale of its own: rows stay apart, and requests may share batches."]
    if pairs_fit:
        said.append(
            "This processor adds products of bytes in 16 bits (no VNNI), so weights were limited to sums that fit."
        )
    else:
        said.append(
            "Weights use all of 8 bits. x86 processors without VNNI add in 16 bits and may answer a little"
            " differently: serve the model on processors such as this one, or optimize it on one without."
        )
    if four_bits:
        said.append("Tables of embeddings are in 4 bits, a scale for 32 values: they lost no more than in 8 bits.")
    if len(context.calibration) < 16:
        said.append(f"Only {len(context.calibration)} samples chose the nodes; 16 and more choose better.")
    return tuple(said)
