"""The step `graph`: nodes are removed and merged, where the answers stay the same and no time is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from math import isfinite

from onnx import ModelProto

from ..agreement import agreement, is_rounding
from ..check import full_check, processor_operators
from ..failure import OptimizationError
from ..graph import node_counts
from ..latency import latency
from ..quantization.weighted import merged_weights
from ..recipe import GraphLevel
from ..row_rules import operators_without_rule
from ..runtime import Answers, answers
from ..step import Choice, StepContext, StepResult
from ..weights import size_bytes
from .rewriters import offline, slimmed, transformer_fusions

MORE_BYTES = (1.05, 64 << 10)
"""How much larger a graph may become: folded constants can be larger than the nodes that make them."""

SEEMS_SLOWER = 0.97
"""Speed, as a share of that before."""


@dataclass(frozen=True)
class Rewriter:
    """A way to rewrite a graph.

    Parameters
    ----------
    must_be_faster
        Whether its graph is taken only where it measured faster. Others are taken unless they are slower.
    standard_only
        Whether operators of onnxruntime itself are refused.
    """

    name: str
    tool: str
    rewrite: Callable[[ModelProto, StepContext], ModelProto]
    must_be_faster: bool
    standard_only: bool


@dataclass(frozen=True)
class Kept:
    """The best graph so far and its answers to the calibration samples."""

    model: ModelProto
    answers: Answers


def rewriters(level: GraphLevel) -> tuple[Rewriter, ...]:
    """Return the ways of a level, in the order in which they are tried; each starts from what the one before left."""
    slim, runtime = f"onnxslim {version('onnxslim')}", f"onnxruntime {version('onnxruntime')}"
    basic = (
        Rewriter("onnxslim", slim, slimmed, must_be_faster=False, standard_only=True),
        Rewriter("onnxruntime basic", runtime, offline("basic"), must_be_faster=False, standard_only=True),
    )
    if level == "basic":
        return basic
    fused = tuple(
        Rewriter(
            f"transformer fusions for {kind}",
            runtime,
            transformer_fusions(kind),
            must_be_faster=True,
            standard_only=False,
        )
        for kind in ("bert", "gpt2", "vit")
    )
    extended = Rewriter(
        "onnxruntime extended", runtime, offline("extended"), must_be_faster=True, standard_only=False
    )
    return (*basic, *fused, extended)


def graph_step(
    model: ModelProto, context: StepContext, level: GraphLevel, *, weights_change: bool = False
) -> StepResult:
    """Rewrite the graph by each way of the level and keep what is equal, sound, and not slower.

    Parameters
    ----------
    weights_change
        Whether a later step prunes or quantizes: weights then stay in operators into which it looks.

    Returns
    -------
    StepResult
        With `model` itself where nothing was worth keeping; the choices say why.
    """
    kept = Kept(model, answers(model, context.calibration, context.threads))
    original_fault = full_check(model)
    choices, tools = list[Choice](), list[str]()
    for rewriter in rewriters(level):
        context.say(f"graph: {rewriter.name} …")
        choice, better = tried(rewriter, kept, context, original_fault, weights_change=weights_change)
        choices.append(choice)
        if better is not None:
            kept = better
            tools += [rewriter.tool] if rewriter.tool not in tools else []
    remarks = remarks_of(model, kept.model, tools)
    return StepResult(kept.model, ", ".join(tools) or "none", choices=tuple(choices), remarks=remarks)


def tried(
    rewriter: Rewriter,
    kept: Kept,
    context: StepContext,
    original_fault: str | None,
    *,
    weights_change: bool = False,
) -> tuple[Choice, Kept | None]:
    """Return what one way made of the graph, and the graph where it is worth keeping."""

    def refused(message: str, speedup: float | None = None) -> tuple[Choice, None]:
        return Choice(rewriter.name, chosen=False, speedup=speedup, message=message), None

    try:
        made = rewriter.rewrite(kept.model, context)
    except Exception as error:  # tools raise whatever they like about graphs that they do not know
        return refused(f"it failed: {' '.join(str(error).split())[:200]}")
    if node_counts(made) == node_counts(kept.model):
        return refused("it found nothing to merge")
    fault = fault_of(rewriter, kept.model, made, original_fault)
    if fault is None and weights_change:
        fault = merged_fault(kept.model, made)
    if fault is not None:
        return refused(fault)
    try:
        new = Kept(made, answers(made, context.calibration, context.threads))
    except OptimizationError as error:
        return refused(error.sentence)
    if not is_rounding(kept.answers, new.answers):
        gap = agreement(kept.answers, new.answers, context.calibration).largest_difference
        return refused(f"its answers differ by up to {gap:.2g}, more than rounding does")
    measured = latency(kept.model, made, context.calibration, context.threads)
    # Where the rounds differ much, a graph that seems slower is left: nothing is lost by that.
    is_slower = measured.is_slower or (measured.speedup < SEEMS_SLOWER and isfinite(measured.interval[1]))
    if is_slower or (rewriter.must_be_faster and not measured.is_faster):
        return refused("it did not measure faster", measured.speedup)
    choice = Choice(rewriter.name, chosen=True, speedup=measured.speedup, size_bytes=size_bytes(made))
    return choice, new


def fault_of(
    rewriter: Rewriter, before: ModelProto, made: ModelProto, original_fault: str | None
) -> str | None:
    """Return why a graph cannot be kept, before it is run."""
    processor = processor_operators(made)
    if processor:
        return f"it has operators that other processors lack: {', '.join(sorted(processor))}"
    own = sorted(name for name in node_counts(made) if name.startswith("com.microsoft"))
    had = node_counts(before)
    if rewriter.standard_only and any(name not in had for name in own):
        return f"it has operators of onnxruntime itself: {', '.join(own)}"
    unproven = operators_without_rule(made) - operators_without_rule(before)
    if unproven:
        names = ", ".join(sorted(unproven))
        return f"requests could not share a run, since nothing is known of the rows of {names}"
    largest = size_bytes(before) * MORE_BYTES[0] + MORE_BYTES[1]
    if size_bytes(made) > largest:
        return f"it is larger: {size_bytes(made)} bytes"
    fault = full_check(made)
    return f"it is unsound: {fault}" if fault is not None and original_fault is None else None


def merged_fault(before: ModelProto, made: ModelProto) -> str | None:
    """Return which operators have taken weights in that a later step would change."""
    had, has = merged_weights(before), merged_weights(made)
    if sum(has.values()) <= sum(had.values()):
        return None
    names = ", ".join(sorted(name for name, count in has.items() if count > had.get(name, 0)))
    return f"pruning and quantizing, which come later, could not change the weights within {names}"


def remarks_of(before: ModelProto, after: ModelProto, tools: list[str]) -> tuple[str, ...]:
    """Return sentences for people."""
    if not tools:
        return ("The graph stays as it was: no other one was equal and as fast.",)
    new = sorted(set(node_counts(after)) - set(node_counts(before)))
    own = [name for name in new if name.startswith("com.microsoft")]
    return (f"These operators are onnxruntime's own: {', '.join(own)}.",) if own else ()
