"""The steps of a recipe, one after the other, each measured against the graph before it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from onnx import ModelProto

from .accuracy import Accuracy, accuracy
from .agreement import Agreement, agreement
from .check import full_check, processor_operators, refuse_no_numbers
from .distillation import distill
from .failure import OptimizationError
from .far import bring_near, far_tensors
from .graph import copied, node_counts
from .labels import beyond, require_classes
from .latency import Latency, latency
from .pruning import prune
from .quantization import quantize
from .recipe import Recipe
from .runtime import Answers, answers
from .step import StepContext, StepResult
from .steps.graph_step import graph_step
from .verdict import Verdict, verdict
from .weights import compressed_bytes, size_bytes

StepName = Literal["distill", "graph", "prune", "quantize"]
Step = Callable[[ModelProto], StepResult]


@dataclass(frozen=True)
class Sizes:
    """Bytes of the files of a graph; `compressed` after gzip, where that was measured."""

    before: int
    after: int
    compressed_before: int | None = None
    compressed_after: int | None = None


@dataclass(frozen=True)
class Measured:
    """A graph beside an earlier one."""

    sizes: Sizes
    agreement: Agreement
    accuracy: Accuracy | None
    latency: Latency


@dataclass(frozen=True)
class StepReport:
    """A step, and the graph that it made beside the one that it was given."""

    name: StepName
    result: StepResult
    measured: Measured
    nodes_before: dict[str, int]
    nodes_after: dict[str, int]


@dataclass(frozen=True)
class Optimized:
    """What all steps made, the last graph beside the first."""

    model: ModelProto
    steps: tuple[StepReport, ...]
    total: Measured
    verdict: Verdict


@dataclass(frozen=True)
class Side:
    """A graph with its answers to the judging samples."""

    model: ModelProto
    answers: Answers


def optimize(recipe: Recipe, context: StepContext, *, judge_later: bool = False) -> Optimized:
    """Run the steps of a recipe.

    Parameters
    ----------
    recipe, context
        What is done, and with what.
    judge_later
        Whether somebody else judges the last graph, on better data: its verdict is then only reported.

    Raises
    ------
    OptimizationError
        What a step refuses; NothingToOptimize where no step changed the graph; AgreementTooLow where the last
        graph loses more than `context.max_accuracy_drop`.
    """
    first = Side(context.original, answers(context.original, context.judging, context.threads))
    refuse_no_numbers(first.answers)
    require_labels(first.answers, context)
    sound = full_check(context.original)
    last, reports = first, list[StepReport]()
    for name, step in steps_of(recipe, context):
        begun = time.monotonic()
        context.say(f"{name} …")
        result = step(last.model)
        require_sound(name, result.model, sound)
        side = Side(result.model, answers(result.model, context.judging, context.threads))
        measured = compared(last, side, context, result.compressible)
        reports.append(StepReport(name, result, measured, node_counts(last.model), node_counts(result.model)))
        context.say(f"{name} … {time.monotonic() - begun:.0f} s")
        last = side
    if all(unchanged(report) for report in reports):
        said = " ".join(remark for report in reports for remark in report.result.remarks)
        raise OptimizationError("NothingToOptimize", f"No step changed the graph. {said}".strip())
    compressible = any(report.result.compressible for report in reports)
    judged = verdict(first.answers, last.answers, context.judging, context.max_accuracy_drop)
    only = reports[0].measured if len(reports) == 1 else None
    total = only or compared(first, last, context, compressible)
    optimized = Optimized(last.model, tuple(reports), total, judged)
    if not judged.passed and not judge_later:
        raise OptimizationError(
            "AccuracyDropped" if judged.basis == "labels" else "AgreementTooLow", refusal(optimized)
        )
    return optimized


def require_labels(first: Answers, context: StepContext) -> None:
    """Raise where a label of any sample can be no answer; of those that calibrate, only suspects are run."""
    require_classes(first, context.judging)
    suspects = context.calibration.part(beyond(first, context.judging, context.calibration))
    if len(suspects):
        require_classes(answers(context.original, suspects, context.threads), suspects)


def steps_of(recipe: Recipe, context: StepContext) -> list[tuple[StepName, Step]]:
    """Return the steps that a recipe names, in their order."""
    steps: list[tuple[StepName, Step]] = []
    level, how, fmt, student = recipe.graph, recipe.prune, recipe.quantize, recipe.distill
    if student is not None:
        steps.append(("distill", lambda model: distill(whole(model), context, student)))
    if level != "none":
        later = how is not None or fmt not in ("none", "fp16")
        steps.append(("graph", lambda model: graph_step(whole(model), context, level, weights_change=later)))
    if how is not None:
        steps.append(("prune", lambda model: prune(whole(model), context, how)))
    if fmt != "none":
        steps.append(("quantize", lambda model: quantize(model, context, fmt)))
    return steps


def whole(model: ModelProto) -> ModelProto:
    """Return a graph with all its weights in memory, for steps that look at many of them."""
    if not any(far_tensors(model)):
        return model
    made = copied(model)
    bring_near(made)
    return made


def require_sound(name: StepName, model: ModelProto, original: str | None) -> None:
    """Raise where a step made a graph that is unsound, unless the graph was so when it came."""
    said = full_check(model)
    if said is not None and original is None:
        raise OptimizationError("OptimizationFailed", f"The step {name} made an unsound graph: {said}")
    processor = processor_operators(model)
    if processor:
        raise OptimizationError(
            "OptimizationFailed",
            f"The step {name} wrote operators that other processors lack: {', '.join(sorted(processor))}.",
        )


def unchanged(report: StepReport) -> bool:
    """Return whether a step left the graph alone."""
    sizes = report.measured.sizes
    return (
        report.nodes_before == report.nodes_after
        and sizes.before == sizes.after
        and not report.result.compressible
    )


def compared(before: Side, after: Side, context: StepContext, compressible: bool) -> Measured:
    """Measure a graph beside an earlier one, on the judging samples."""
    judging = context.judging
    packed = (compressed_bytes(before.model), compressed_bytes(after.model)) if compressible else (None, None)
    return Measured(
        Sizes(size_bytes(before.model), size_bytes(after.model), *packed),
        agreement(before.answers, after.answers, judging),
        accuracy(before.answers, after.answers, judging),
        latency(before.model, after.model, judging, context.threads),
    )


def refusal(optimized: Optimized) -> str:
    """Return the sentences that say why a graph is not good enough, with the share of each step."""
    parts = [
        f"{report.name}: {report.measured.agreement.same_answers:.4f} of the answers stay the same"
        for report in optimized.steps
    ]
    return f"{optimized.verdict.sentence} {'; '.join(parts)}. Take a gentler recipe, or allow a larger maxAccuracyDrop."
