"""What a student learns from: samples, varied ones among them, and the teacher's answers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import ModelProto

from ..dataset import too_few
from ..input_range import input_ranges
from ..labels import invalid
from ..runtime import run
from ..samples import Array, Feeds, Samples, stacked

HELD_OUT = 0.2
"""Share of the samples that the student does not learn from: they say when it has learned enough."""

FEWEST = 128
"""Samples; docs/optimizer-distillation.md has the measurements."""

VARIED = 0.5
"""Share of the samples of an epoch that are varied."""

REPLACED = 0.3
"""Largest share of the tokens of a text that are replaced."""

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Generator = np.random.Generator


@dataclass(frozen=True)
class Lesson:
    """A batch of one shape with the teacher's answers.

    Parameters
    ----------
    feeds
        Inputs by name, axis 0 counts samples.
    answers
        float32 [samples, classes]: logits, or logarithms of probabilities.
    labels
        int64 [samples], -1 where none is known or the sample was varied.
    """

    feeds: Feeds
    answers: Floats
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Teacher:
    """The model that is learned from: its session, and the output that answers."""

    session: ort.InferenceSession
    output: str

    def answers(self, feeds: Feeds) -> Floats:
        """Return logits, or logarithms of probabilities, float32 [samples, classes]."""
        return as_logits(run(self.session, feeds)[self.output])


def as_logits(scores: Array) -> Floats:
    """Return scores whose softmax are the probabilities of the classes; probabilities become logarithms."""
    values = np.asarray(scores, dtype=np.float32)
    if are_probabilities(values):
        return np.log(np.maximum(values, 1e-12))
    return values


def are_probabilities(values: Floats) -> bool:
    """Return whether each row has shares of one whole."""
    return bool((values >= 0).all() and np.allclose(values.sum(axis=-1), 1, atol=1e-3))


def halves(samples: Samples, seed: int) -> tuple[Samples, Samples]:
    """Return (learned from, held out), drawn by a seed; the requests of one sample stay together.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where there are no samples of a data set, or too few.
    """
    if samples.generated:
        raise invalid(
            "distill needs samples of real inputs, since generated ones teach a student nothing. Give a data set."
        )
    numbers = np.arange(len(samples)) if samples.numbers is None else samples.numbers
    known = np.unique(numbers)
    if len(known) < FEWEST:
        raise invalid(f"distill has {too_few(len(known), samples.total, FEWEST)}. Labels are not needed.")
    order = np.random.default_rng(seed).permutation(known)
    held = np.isin(numbers, order[: round(len(order) * HELD_OUT)])
    return samples.part(np.flatnonzero(~held)), samples.part(np.flatnonzero(held))


@dataclass(frozen=True)
class Variation:
    """How samples are varied.

    Parameters
    ----------
    mixed
        Inputs of floats: two samples are added in shares.
    tokens
        The input of token numbers, or None.
    vocabulary
        int64: what tokens are replaced by, as often as the samples have them. Those that all samples have, such as
        the ones at both ends of a text, are not among them.
    kept
        int64: the tokens that all samples have; they stay.
    """

    mixed: tuple[str, ...]
    tokens: str | None
    vocabulary: NDArray[np.int64]
    kept: NDArray[np.int64]


NONE = np.zeros(0, dtype=np.int64)


def variation_of(model: ModelProto, samples: Samples) -> Variation:
    """Return how the samples of a model are varied."""
    first = samples.requests[0]
    mixed = tuple(name for name, value in first.items() if value.dtype.kind == "f" and value.ndim > 1)
    ranges = input_ranges(model)
    tables = {
        name: ranges[name].rows or 0
        for name, value in first.items()
        if name in ranges and value.dtype.kind in "iu" and value.ndim == 2 and "position" not in name
    }
    tokens = max(tables, key=lambda name: tables[name], default=None)
    if tokens is None or tables[tokens] < 3:
        return Variation(mixed, None, NONE, NONE)
    texts = [request[tokens].reshape(-1).astype(np.int64) for request in samples.requests]
    kept = texts[0]
    for text in texts[1:]:
        kept = np.intersect1d(kept, text)
    everything = np.concatenate(texts)
    return Variation(mixed, tokens, everything[~np.isin(everything, kept)], np.unique(kept))


def varied(feeds: Feeds, how: Variation, draw: Generator) -> tuple[Feeds, Bools]:
    """Return a batch of which some samples are varied, and bool [samples]: which ones."""
    count = next(iter(feeds.values())).shape[0]
    chosen: Bools = np.asarray(draw.random(count) < VARIED)
    made = dict(feeds)
    if how.tokens is not None and len(how.vocabulary):
        made[how.tokens] = replaced(feeds[how.tokens], how, chosen, draw)
    elif how.mixed and count > 1:
        shares = np.where(chosen, draw.random(count), 1.0)
        others = draw.permutation(count)
        for name in how.mixed:
            value = feeds[name]
            weight = shares.reshape(-1, *[1] * (value.ndim - 1)).astype(value.dtype)
            made[name] = value * weight + value[others] * (1 - weight)
    else:
        chosen = np.zeros(count, dtype=np.bool_)
    return made, chosen


def replaced(tokens: Array, how: Variation, chosen: Bools, draw: Generator) -> Array:
    """Return tokens of which up to the share REPLACED are others."""
    shares = np.where(chosen, draw.random(len(tokens)) * REPLACED, 0)[:, np.newaxis]
    goes = (draw.random(tokens.shape) < shares) & ~np.isin(tokens, how.kept)
    return np.where(goes, draw.choice(how.vocabulary, size=tokens.shape), tokens).astype(tokens.dtype)


def batches(samples: Samples, rows: int, draw: Generator | None) -> Iterator[tuple[Feeds, NDArray[np.int64]]]:
    """Yield (inputs, labels) of up to `rows` samples of one shape; in another order each time where `draw` is given."""
    count = len(samples)
    order = np.arange(count) if draw is None else draw.permutation(count)
    groups: dict[tuple[tuple[int, ...], ...], list[int]] = defaultdict(list)
    for place in order:
        shapes = tuple(value.shape for value in samples.requests[place].values())
        groups[shapes].append(int(place))
    chunks = [group[at : at + rows] for group in groups.values() for at in range(0, len(group), rows)]
    for chunk in chunks if draw is None else (chunks[at] for at in draw.permutation(len(chunks))):
        known = samples.expected
        labels = np.full(len(chunk), -1) if known is None or samples.answer != "argmax" else known[chunk]
        yield stacked([samples.requests[place] for place in chunk]), labels.astype(np.int64)


def lessons(
    teacher: Teacher, samples: Samples, rows: int, how: Variation, draw: Generator
) -> Iterator[Lesson]:
    """Yield one epoch: every sample once, some of them varied, with what the teacher says to just these inputs."""
    for feeds, labels in batches(samples, rows, draw):
        given, changed = varied(feeds, how, draw)
        yield Lesson(given, teacher.answers(given), np.where(changed, -1, labels))


def answered(teacher: Teacher, samples: Samples) -> Samples:
    """Return the samples that the teacher does not answer with NaN or infinity.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where there are none.
    """
    known = [
        place for place, feeds in enumerate(samples.requests) if np.isfinite(teacher.answers(feeds)).all()
    ]
    if not known:
        raise invalid("The model answers samples with NaN. Check its weights and the samples.")
    return samples.part(known)
