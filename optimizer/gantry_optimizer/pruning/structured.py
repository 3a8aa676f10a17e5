"""Structured pruning: neurons, channels and heads go, and the matrices really get smaller."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from onnx import ModelProto

from ..failure import OptimizationError
from ..graph import Graph, copied
from ..plain import counted
from ..recipe import Prune
from ..runtime import open_session, run
from ..samples import Samples
from ..step import Block, KeptNode, StepContext, StepResult
from .blocks import Consumer, NeuronBlock
from .finding import find_blocks, known_dims
from .layers import bias_of, drop_unused, weight_of
from .moments import FOLDS, Moments, feature_count, moments_of
from .narrowing import Change, narrow, silence
from .refit import Fit, Places, Reading, chosen
from .refusals import in_subgraphs, nothing, refuse_broken, too_narrow, without_defaults
from .width import kept_width

TOOL = "gantry structured pruning"

MOMENT_BYTES = 1 << 30
"""Memory for the sums of one pass over the samples. Blocks that need more together take several passes."""

CHECKED_SAMPLES = 4
"""Samples by which the narrow model is compared with the silent one: they differ by rounding, or everywhere."""

ROUNDING = 1e-3
"""Largest difference, as a share of the largest output, that sums in another order can make."""


@dataclass(frozen=True)
class Plan:
    """What becomes of a block."""

    change: Change
    refitted: bool


def prune_structured(model: ModelProto, context: StepContext, how: Prune) -> StepResult:
    """Make every block of `model` narrower by the share `how.ratio`.

    Raises
    ------
    OptimizationError
        NothingToOptimize where there is no block; OptimizationUnsupported for graphs that are quantized already,
        and for weights that are NaN or infinite.
    """
    silent = Graph(without_defaults(copied(model)))
    blocks, kept = find_blocks(silent, known_dims(silent.model), how.heads)
    wanted = [(block, kept_width(block.width, how.ratio, block.kind)) for block in blocks]
    kept += in_subgraphs(silent.model)
    narrower = [(block, width) for block, width in wanted if width < block.width]
    kept += [
        KeptNode(b.name, b.producers[0].layer.node.op_type, too_narrow(b)) for b, w in wanted if w >= b.width
    ]
    if not narrower:
        raise nothing(kept, how.ratio)
    for block, _ in narrower:
        refuse_broken(silent, block)
    plans: dict[str, Plan] = {}
    for group in groups(narrower):
        context.say(f"pruning {group[0][0].name} and {len(group) - 1} more of {len(narrower)} blocks")
        for plan, fits in planned(silent, group, context):
            silence(silent, plan.change, fits)
            plans[plan.change.block.name] = plan
    made = narrowed(silent.model, plans, how.heads)
    prove(silent.model, made, context.calibration, context.threads)
    return StepResult(
        made,
        TOOL,
        blocks=tuple(entry(plans[block.name]) for block, _ in narrower),
        kept=tuple(kept),
        remarks=remarks(list(plans.values()), kept, context.calibration),
    )


def moment_bytes(block: NeuronBlock) -> int:
    """Return the memory that the moments of a block take."""
    return sum(FOLDS * 8 * (feature_count(consumer) + 1) ** 2 for consumer in block.consumers)


def groups(blocks: Sequence[tuple[NeuronBlock, int]]) -> Iterator[list[tuple[NeuronBlock, int]]]:
    """Yield blocks that share a pass over the samples."""
    group: list[tuple[NeuronBlock, int]] = []
    used = 0
    for block, width in blocks:
        needed = moment_bytes(block)
        if group and used + needed > MOMENT_BYTES:
            yield group
            group, used = [], 0
        group.append((block, width))
        used += needed
    yield group


def planned(
    graph: Graph, group: Sequence[tuple[NeuronBlock, int]], context: StepContext
) -> Iterator[tuple[Plan, list[Fit] | None]]:
    """Yield what becomes of each block of a group, and the fits of its consumers."""
    fitting = [
        block for block, _ in group if moment_bytes(block) <= MOMENT_BYTES and len(context.calibration)
    ]
    consumers = [consumer for block in fitting for consumer in block.consumers]
    measured = (
        dict(
            zip(
                map(id, consumers),
                moments_of(graph.model, consumers, context.calibration, context.threads),
                strict=True,
            )
        )
        if consumers
        else {}
    )
    for block, width in group:
        moments = [measured[id(consumer)] for consumer in block.consumers if id(consumer) in measured]
        if not moments or not all(np.isfinite(m.sums).all() for m in moments):
            yield Plan(Change(block, by_magnitude(graph, block, width)), refitted=False), None
            continue
        neurons, fits = by_moments(graph, block, width, moments)
        yield Plan(Change(block, neurons), refitted=True), fits


def by_moments(
    graph: Graph, block: NeuronBlock, width: int, moments: Sequence[Moments]
) -> tuple[Places, list[Fit]]:
    """Return the neurons that stay and the fits, by what the consumers read on the samples."""
    folds = [fold for fold in range(FOLDS) if all(m.sums[fold, -1, -1] for m in moments)]
    return chosen(
        [reading_of(graph, c, m, None) for c, m in zip(block.consumers, moments, strict=True)],
        [
            [reading_of(graph, c, m, fold) for c, m in zip(block.consumers, moments, strict=True)]
            for fold in folds
        ],
        block.width,
        width,
    )


def reading_of(graph: Graph, consumer: Consumer, moments: Moments, fold: int | None) -> Reading:
    """Return what a consumer reads on the samples of a fold, or of all, and its weight ordered by neuron."""
    order = np.argsort(consumer.layout.owner, kind="stable")
    weight = weight_of(graph, consumer.layer)[order].astype(np.float64)
    has_bias = bias_of(graph, consumer.layer) is not None
    return Reading(moments.mean(fold), weight.reshape(-1, weight.shape[-1]), has_bias)


def by_magnitude(graph: Graph, block: NeuronBlock, width: int) -> Places:
    """Return the neurons with the largest weights: L1 norms of what makes them, times that of what reads them."""
    score = np.ones(block.width)
    for producer in block.producers:
        weight = np.abs(weight_of(graph, producer.layer).astype(np.float64)).sum((0, 1))
        score *= np.bincount(producer.owner, weight, block.width)
    read = np.zeros(block.width)
    for consumer in block.consumers:
        weight = np.abs(weight_of(graph, consumer.layer).astype(np.float64)).sum((1, 2))
        read += np.bincount(consumer.layout.owner, weight, block.width)
    return np.sort(np.argsort(score * read, kind="stable")[-width:])


def narrowed(silent: ModelProto, plans: dict[str, Plan], heads: bool) -> ModelProto:
    """Return the model without the neurons that are silent."""
    graph = Graph(copied(silent))
    blocks, _ = find_blocks(graph, known_dims(graph.model), heads)
    for block in blocks:
        if block.name in plans:
            narrow(graph, Change(block, plans[block.name].change.neurons))
    drop_unused(Graph(graph.model))
    del graph.model.graph.value_info[:]
    return graph.model


def prove(silent: ModelProto, made: ModelProto, samples: Samples, threads: int) -> None:
    """Compare the narrow model with the silent one, which answers alike.

    Raises
    ------
    OptimizationError
        OptimizationFailed where they differ: a rule of this package is wrong for this graph.
    """
    before, after = open_session(silent, threads), open_session(made, threads)
    for feeds in samples.requests[:CHECKED_SAMPLES]:
        expected, got = run(before, feeds), run(after, feeds)
        for name, value in expected.items():
            if not np.issubdtype(value.dtype, np.floating):
                continue
            scale = float(np.max(np.abs(value), initial=0.0, where=np.isfinite(value))) + 1e-6
            if not np.allclose(value, got[name], rtol=0, atol=ROUNDING * scale, equal_nan=True):
                raise OptimizationError(
                    "OptimizationFailed",
                    f"Structured pruning made a graph whose output `{name}` is not that of what stays. "
                    "Leave prune away for this model, and report its graph.",
                )


def entry(plan: Plan) -> Block:
    """Return the entry of the report."""
    block = plan.change.block
    return Block(block.name, block.kind, block.width, len(plan.change.neurons), plan.refitted)


def remarks(plans: Sequence[Plan], kept: Sequence[KeptNode], samples: Samples) -> tuple[str, ...]:
    """Return what people should know."""
    found = f"{counted(len(plans), 'block')} made narrower; {counted(len(kept), 'layer')} left as before."
    fitted = sum(plan.refitted for plan in plans)
    if not fitted:
        return (found, "No block was refitted on samples: the smallest weights went.")
    source = (
        "inputs made up from the graph's shapes; a data set fits better"
        if samples.generated
        else "samples of the data set"
    )
    return (found, f"{fitted} blocks were refitted on {source}.")
