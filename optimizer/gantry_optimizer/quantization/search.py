"""Finds which nodes can have the new format within the gate, and which have to stay as they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from onnx import ModelProto

from ..agreement import Verdict, accuracy, agreement, verdict
from ..failure import OptimizationError
from ..runtime import Answers, answers
from ..samples import Samples
from ..step import Choice, StepContext
from ..weights import size_bytes

MOST_SAMPLES = 256
"""Samples of a search: a trial runs half of them, and there are up to MOST_TRIALS."""

MOST_TRIALS = 48
"""Models that are made and measured: enough to find five nodes among a hundred."""

STRICTER = (1.0, 0.5, 0.25)
"""Shares of the permitted loss: a choice that fails on the second half is made again with less."""

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
    samples = context.calibration
    order = np.random.default_rng(SEED).permutation(len(samples))[:MOST_SAMPLES]
    middle = (len(order) + 1) // 2
    parts = [samples.part(np.sort(order[:middle])), samples.part(np.sort(order[middle:] if middle < len(order) else order))]
    first, second = (Half(part, answers(context.original, part, context.threads)) for part in parts)
    return first, second


def tried(model: ModelProto, half: Half, limit: float, threads: int) -> Trial:
    """Measure a model; one that onnxruntime cannot load or run fails with its sentence."""
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
    measured = accuracy(half.before, after, half.samples)
    return Choice(
        name,
        False,
        same_answers=agreement(half.before, after, half.samples).same_answers,
        accuracy=None if measured is None else measured.after,
        size_bytes=size_bytes(model),
    )


def search(names: Sequence[str], build: Build, parts: tuple[Half, Half], context: StepContext) -> Found:
    """Find the nodes that can have the new format.

    All are tried together; a group that fails is tried in two halves, each beside what passed before. What
    was found on the first part of the samples has to pass on the second, too; where it does not, the search
    is made again with a stricter limit. The number of trials is bounded, and the result is the same each time.

    Raises
    ------
    OptimizationError
        AgreementTooLow with the numbers where no node passes.
    """
    finding, confirming = parts
    trials = 0
    last = ""
    for share in STRICTER:
        limit = context.max_accuracy_drop * share
        accepted: frozenset[str] = frozenset()
        best: ModelProto | None = None
        kept: dict[str, str] = {}
        waiting: list[tuple[str, ...]] = [tuple(names)]
        while waiting:
            group = waiting.pop(0)
            if trials >= MOST_TRIALS:
                kept |= {name: f"It was not tried: the search ends after {MOST_TRIALS} trials." for name in group}
                continue
            trials += 1
            trial = tried(build(accepted | set(group)), finding, limit, context.threads)
            if trial.model is not None and trial.verdict.passed:
                accepted, best = accepted | set(group), trial.model
            elif len(group) == 1:
                kept[group[0]] = f"Beside the nodes before: {trial.verdict.sentence}"
                last = trial.verdict.sentence
            else:
                middle = len(group) // 2
                context.say(f"{len(group)} nodes lose too much together; trying halves ({trials} trials).")
                waiting[:0] = [group[:middle], group[middle:]]
        if best is None:
            break
        confirmed = tried(best, confirming, context.max_accuracy_drop, context.threads)
        if confirmed.verdict.passed:
            return Found(best, accepted, kept, trials)
        last = f"Chosen on one half of the samples, on the other: {confirmed.verdict.sentence}"
    raise OptimizationError(
        "AgreementTooLow",
        f"None of the {len(names)} nodes keeps the answers within the limit after {trials} trials. {last}"
        " Permit a larger drop, or choose another format.",
    )
