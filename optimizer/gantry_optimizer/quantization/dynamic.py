"""int8 without calibration: products by rows, tables in 8 or 4 bits."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import onnxruntime as ort
from onnx import ModelProto

from ..failure import OptimizationError
from ..plain import counted, verb
from ..step import Choice, StepContext, StepResult
from .checks import FEWEST_SAMPLES, nothing, prepared
from .choosing import chosen_of, kept_nodes, shared_together
from .integers import BLOCK, adds_in_32_bits
from .rows import in_8_bits
from .search import Half, choice, halves, search
from .weighted import Weighted, constants_of, weighted_nodes
from .worth import slower_in_integers

EIGHT_BITS, FOUR_BITS = "tables in 8 bits", "tables in 4 bits"


@dataclass(frozen=True)
class Ways:
    """The model, and how its products are made: `stored` are in int8 in the file only."""

    base: ModelProto
    pairs_fit: bool
    stored: frozenset[str]

    def made(self, chosen: Collection[Weighted], four_bits: bool) -> ModelProto:
        """Return the model with the chosen nodes in 8 bits, or tables in 4."""
        return in_8_bits(self.base, chosen, four_bits, self.pairs_fit, self.stored)


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
    stored = slower_in_integers(base, found.nodes, context.calibration, pairs_fit)
    ways = Ways(base, pairs_fit, stored)
    choices = table_choices(ways, found.nodes, context, parts[0])
    groups = shared_together(found.nodes)
    four_bits = any(each.chosen and each.name == FOUR_BITS for each in choices)

    def build(names: frozenset[str]) -> ModelProto:
        return ways.made([use for name in names for use in groups[name]], four_bits)

    try:
        result = search(list(groups), build, parts, context)
    except OptimizationError as error:
        if error.reason != "AgreementTooLow" or not four_bits:
            raise
        # The half that chose 4 bits was mistaken, so the tables get 8 bits.
        four_bits = False
        choices = tuple(replace(each, chosen=each.name == EIGHT_BITS) for each in choices)
        result = search(list(groups), build, parts, context)
    return StepResult(
        result.model,
        f"onnxruntime {ort.__version__}",
        kept=kept_nodes(result.kept, groups, found),
        choices=choices,
        remarks=remarks(context, ways, four_bits, result.changed),
    )


def table_choices(
    ways: Ways, nodes: tuple[Weighted, ...], context: StepContext, half: Half
) -> tuple[Choice, ...]:
    """Measure tables in 4 and in 8 bits beside products in int8."""
    constants = constants_of(ways.base)
    if not any(use.kind == "table" and constants[use.weight].dims[1] % BLOCK == 0 for use in nodes):
        return ()
    tried = [
        choice(name, ways.made(nodes, bits), half, context.threads)
        for name, bits in ((FOUR_BITS, True), (EIGHT_BITS, False))
    ]
    return chosen_of(tried, context)


def remarks(context: StepContext, ways: Ways, four_bits: bool, changed: frozenset[str]) -> tuple[str, ...]:
    """Return what a user should know of this model."""
    said = ["Each row has a scale of its own: rows stay apart, and requests may share batches."]
    stored = len(ways.stored & changed)
    if stored:
        said.append(
            f"{counted(stored, 'product')} {verb(stored)} too small to be faster in int8: weights of 8 bits in the"
            " file are float32 when it is loaded, and as fast as before."
        )
    if ways.pairs_fit:
        said.append(
            "This processor adds products of bytes in 16 bits (no VNNI), so weights were limited to sums that fit."
        )
    else:
        said.append(
            "Weights use all of 8 bits. x86 processors without VNNI add in 16 bits and may answer a little"
            " differently: serve the model on processors such as this one, or optimize it on one without."
        )
    if four_bits:
        said.append(
            "Tables of embeddings are in 4 bits, a scale for 32 values: they lost no more than in 8 bits."
        )
    if len(context.calibration) < FEWEST_SAMPLES:
        said.append(
            f"Only {counted(len(context.calibration), 'sample')} chose the nodes;"
            f" {FEWEST_SAMPLES} and more choose better."
        )
    return tuple(said)
