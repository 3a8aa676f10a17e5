"""Finds which nodes can have the new format within the gate, and which have to stay as they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto

from ..accuracy import accuracy
from ..agreement import agreement
from ..failure import OptimizationError
from ..plain import counted
from ..runtime import Answers, answers
from ..samples import Samples
from ..step import Choice, StepContext
from ..verdict import FEWEST_LABELS, Verdict, verdict
from ..weights import size_bytes
from .budget import SEARCH_SECONDS, Budget, budget_of

MOST_SAMPLES = 256
"""Samples of a search: a trial runs half of them, and there are up to MOST_TRIALS."""

MOST_TRIALS = 48
"""Models that are made and measured on one half: enough to find five nodes among a hundred."""

CHOSEN_WITHIN = 0.8
"""Share of the permitted loss that a choice may take: at the limit, half of all other samples would refuse it."""

SEED = 14
"""Of the two halves; any number does."""

Build = Callable[[frozenset[str]], ModelProto]
"""Makes the model with only the given nodes in the new format."""


@dataclass(frozen=True)
class Half:
    """Samples, and what the original model answers to them."""

    samples: Samples
    before: Answers


@dataclass(frozen=True)
class Found:
    """The model, its nodes in the new format, and why each of the others stayed."""

    model: ModelProto
    changed: frozenset[str]
    kept: dict[str, str]
    trials: int


@dataclass(frozen=True)
class Trial:
    """A model that was measured; without a model where onnxruntime refuses it."""

    model: ModelProto | None
    verdict: Verdict


def halves(context: StepContext) -> tuple[Half, Half]:
    """Return two halves of the calibration samples: one to choose by, the other to confirm with."""
    first, second = spread(context, (1, 1))
    return half_of(context, first), half_of(context, second)


def spread(context: StepContext, shares: Sequence[int]) -> list[NDArray[np.int64]]:
    """Return the places of calibration samples in parts of the given shares, drawn by SEED; none is empty.

    Of very few samples, the last part is the first again.
    """
    count = len(context.calibration)
    order = np.random.default_rng(SEED).permutation(count)[:MOST_SAMPLES]
    ends = np.cumsum(shares) * len(order) // sum(shares)
    parts = np.split(order, ends[:-1])
    return [part if len(part) else order for part in parts]


def half_of(context: StepContext, places: NDArray[np.int64]) -> Half:
    """Return the calibration samples at `places`, with the answers of the original."""
    part = context.calibration.part(np.sort(places))
    return Half(part, answers(context.original, part, context.threads))


def tried(build: Build, names: frozenset[str], half: Half, limit: float, threads: int) -> Trial:
    """Make and measure a model; what the tools cannot write, or onnxruntime cannot run, fails with the sentence."""
    try:
        model = build(names)
    except OptimizationError as error:
        if error.reason == "OptimizationOutOfMemory":
            raise
        return Trial(None, Verdict(False, 1.0, error.sentence))
    return measured(model, half, limit, threads)


def measured(model: ModelProto, half: Half, limit: float, threads: int) -> Trial:
    """Measure a model; what onnxruntime cannot run fails with the sentence."""
    try:
        after = answers(model, half.samples, threads)
    except OptimizationError as error:
        if error.reason == "OptimizationOutOfMemory":
            raise
        return Trial(None, Verdict(False, 1.0, error.sentence))
    return Trial(model, verdict(half.before, after, half.samples, limit))


def choice(name: str, model: ModelProto, half: Half, threads: int) -> Choice:
    """Measure one of several ways, for the report."""
    try:
        after = answers(model, half.samples, threads)
    except OptimizationError as error:
        return Choice(name, False, message=error.sentence)
    labelled = accuracy(half.before, after, half.samples)
    return Choice(
        name,
        False,
        same_answers=agreement(half.before, after, half.samples).same_answers,
        accuracy=labelled.after if labelled is not None and labelled.samples >= FEWEST_LABELS else None,
        size_bytes=size_bytes(model),
    )


def search(names: Sequence[str], build: Build, parts: tuple[Half, Half], context: StepContext) -> Found:
    """Find the nodes that can have the new format.

    All are tried together; a group that fails is tried in two halves, each beside what passed before. What
    was found on one half of the samples has to pass on the other, too; where it does not, the halves change
    places, and then the groups that passed last are taken back. The number of trials is bounded, and the
    result is the same each time, unless SEARCH_SECONDS end first: the nodes that passed by then are taken.

    Raises
    ------
    OptimizationError
        AgreementTooLow with the numbers where no node passes.
    """
    trials, last = 0, ""
    budget = budget_of(SEARCH_SECONDS)
    for place in (0, 1):
        found = bisected(names, build, parts[place], context, trials, budget)
        trials, last = found.trials, found.last or last
        passed = found.passed
        while passed:
            changed, other = frozenset[str]().union(*passed), parts[1 - place]
            if found.model is not None and len(passed) == len(found.passed):
                trial = measured(found.model, other, context.max_accuracy_drop, context.threads)
            else:
                trial = tried(build, changed, other, context.max_accuracy_drop, context.threads)
            trials += 1
            if trial.model is not None and trial.verdict.passed:
                kept = found.kept | {name: last for group in found.passed[len(passed) :] for name in group}
                return Found(trial.model, changed, kept, trials)
            last = f"Chosen on one half of the samples, on the other: {trial.verdict.sentence}"
            context.say(
                f"Too much is lost on the other half of the samples by {counted(len(changed), 'node')}."
            )
            # No time is left to change places.
            passed = passed[: len(passed) // 2 if place or budget.is_over() else 0]
        if budget.is_over():
            break
    within = f" in {budget.says()}" if budget.is_over() else ""
    raise OptimizationError(
        "AgreementTooLow",
        f"No choice among {counted(len(names), 'node')} keeps the answers within the limit after"
        f" {counted(trials, 'trial')}{within}. {last}"
        " Permit a larger drop, or choose another format.",
    )


@dataclass(frozen=True)
class Bisected:
    """Groups that passed, in their order, with the model of all of them, and why each other node did not."""

    passed: tuple[tuple[str, ...], ...]
    model: ModelProto | None
    kept: dict[str, str]
    trials: int
    last: str


def bisected(
    names: Sequence[str], build: Build, half: Half, context: StepContext, trials: int, budget: Budget
) -> Bisected:
    """Try all nodes, then halves of what fails, until each has passed or failed, or trials or time run out."""
    passed: list[tuple[str, ...]] = []
    kept: dict[str, str] = {}
    model: ModelProto | None = None
    last, end = "", trials + MOST_TRIALS
    limit = context.max_accuracy_drop * CHOSEN_WITHIN
    waiting: list[tuple[str, ...]] = [tuple(names)]
    while waiting:
        group = waiting.pop(0)
        late = trials > end - MOST_TRIALS and budget.is_over()
        if trials >= end or late:
            limit_said = budget.says() if late else f"{MOST_TRIALS} trials"
            kept |= {name: f"It was not tried: the search ends after {limit_said}." for name in group}
            continue
        trials += 1
        trial = tried(build, frozenset[str]().union(*passed, group), half, limit, context.threads)
        if trial.verdict.passed:
            passed.append(group)
            model = trial.model
            continue
        last = trial.verdict.sentence
        if len(group) == 1:
            kept[group[0]] = f"Beside the nodes before it: {last}"
        else:
            context.say(
                f"{len(group)} nodes lose too much together; trying halves ({counted(trials, 'trial')})."
            )
            waiting[:0] = [group[: len(group) // 2], group[len(group) // 2 :]]
    return Bisected(tuple(passed), model, kept, trials, last)
