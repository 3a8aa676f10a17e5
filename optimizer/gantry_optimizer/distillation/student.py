"""The student: the teacher's graph with fewer layers and narrower blocks, before it learns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from onnx import ModelProto

from ..failure import OptimizationError
from ..graph import Graph
from ..plain import counted
from ..pruning import inlined
from ..pruning.refusals import refuse_quantized, without_defaults
from ..pruning.structured import prune_structured
from ..recipe import Distill, Prune
from ..runtime import open_session, run
from ..samples import Feeds, Samples
from ..step import Block, StepContext
from .layers import RepeatedLayer, repeated_layers, without
from .lessons import Floats, Teacher, as_logits, batches

MEASURED = 64
"""Samples by which the layers are chosen that go: each choice is a run of all of them."""

ROWS = 16


@dataclass(frozen=True)
class Student:
    """A graph that has to learn.

    Parameters
    ----------
    layers
        Layers that repeat, before and after.
    blocks
        What became narrower.
    dropped
        Names of the values that the layers made that went.
    """

    model: ModelProto
    layers: tuple[int, int]
    blocks: tuple[Block, ...]
    dropped: tuple[str, ...]


def student_of(
    model: ModelProto, teacher: Teacher, learned: Samples, how: Distill, context: StepContext
) -> Student:
    """Make the student of a model.

    Raises
    ------
    OptimizationError
        NothingToOptimize where the graph has no layers that repeat, or nothing that can be narrower, and these were
        asked for; OptimizationUnsupported for graphs that are quantized already.
    """
    refuse_quantized(model)
    made = without_defaults(inlined(model))
    before, dropped = 0, list[RepeatedLayer]()
    if how.layers < 1:
        found = repeated_layers(Graph(made), teacher.output)
        before, keep = len(found), max(1, round(len(found) * how.layers))
        if keep >= before:
            raise nothing_repeats(before, how.layers)
        dropped = chosen_layers(made, found, keep, teacher, learned, context)
        made = without(made, dropped)
    blocks: tuple[Block, ...] = ()
    if how.width < 1:
        narrow = Prune("structured", 1 - how.width, heads=True)
        pruned = prune_structured(made, replace(context, original=made, calibration=learned), narrow)
        made, blocks = pruned.model, pruned.blocks
    return Student(made, (before, before - len(dropped)), blocks, tuple(layer.end for layer in dropped))


def nothing_repeats(found: int, share: float) -> OptimizationError:
    """Return the failure of a graph that has too few layers to lose some."""
    said = (
        "has no layers that repeat, with something that goes past them"
        if found < 2
        else f"has {found} layers that repeat, of which the share {share:g} are all"
    )
    return OptimizationError(
        "NothingToOptimize",
        f"The graph {said}, so that distill cannot take layers away. Give it a width alone.",
    )


def chosen_layers(
    model: ModelProto,
    layers: Sequence[RepeatedLayer],
    keep: int,
    teacher: Teacher,
    samples: Samples,
    context: StepContext,
) -> list[RepeatedLayer]:
    """Return the layers that go: one after the other the one without which the answers change least."""
    some = samples.part(list(range(min(MEASURED, len(samples)))))
    known = [(feeds, teacher.answers(feeds)) for feeds, _ in batches(some, ROWS, None)]
    gone: list[RepeatedLayer] = []
    while len(layers) - len(gone) > keep:
        left = [layer for layer in layers if layer not in gone]
        losses = [loss_of(without(model, [*gone, layer]), known, teacher.output, context) for layer in left]
        gone.append(left[int(np.argmin(losses))])
        context.say(f"distill: {len(gone)} of {counted(len(layers) - keep, 'layer')} taken away")
    return gone


def loss_of(
    model: ModelProto, known: Sequence[tuple[Feeds, Floats]], output: str, context: StepContext
) -> float:
    """Return the mean divergence of the answers of a model from those of the teacher, in nats."""
    session = open_session(model, context.threads)
    total, count = 0.0, 0
    for feeds, answers in known:
        total += float(divergences(answers, as_logits(run(session, feeds)[output])).sum())
        count += len(answers)
    mean = total / count
    return mean if np.isfinite(mean) else np.inf


def divergences(teacher: Floats, student: Floats) -> Floats:
    """Return float32 [samples]: Kullback-Leibler divergences of the student's probabilities from the teacher's."""
    first, second = log_softmax(teacher), log_softmax(student)
    return np.asarray((np.exp(first) * (first - second)).sum(axis=-1), dtype=np.float32)


def log_softmax(logits: Floats) -> Floats:
    """Return the logarithms of the probabilities."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)
