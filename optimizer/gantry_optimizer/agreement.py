"""How far the answers of two models are apart, and whether that is good enough."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .failure import OptimizationError
from .one_answer import ROUNDING, Bools, near_rows, places, reaches_of
from .runtime import Answers
from .samples import Array, Feeds, Samples

EMBEDDINGS = frozenset(
    [
        *("last_hidden_state", "hidden_states", "pooler_output", "token_embeddings", "sentence_embedding"),
        *("text_embeds", "image_embeds", "encoder_hidden_states"),
    ]
)
"""Names that exporters of Hugging Face give to outputs that are vectors and no scores."""

SAME_DIRECTION = 0.99
"""Cosine of two vectors that count as the same answer."""

SAME_NUMBER = 0.01
"""Share of a number, or of the standard deviation of all samples, within which two numbers are the same answer."""


@dataclass(frozen=True)
class Agreement:
    """How the answers of two models differ on the same inputs; shares between 0 and 1."""

    generated: bool
    samples: int
    largest_difference: float
    mean_difference: float
    same_answers: float
    one_answer: bool = False
    """Whether the inputs have hardly more than one answer, so that their scores were compared."""


def agreement(before: Answers, after: Answers, samples: Samples) -> Agreement:
    """Compare what two models answer to the same samples; places that only pad a text are left out.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where the earlier model answers with no row at all: nothing can be proven then.
    """
    largest, total, count = 0.0, 0.0, 0
    same: dict[str, list[Bools]] = {}
    spreads = spreads_of(before)
    scored = scored_outputs(before, samples)
    reaches = reaches_of(
        (name, rows)
        for feeds, answer in zip(samples.requests, before, strict=True)
        for name, rows, _ in rows_of(feeds, answer, answer)
        if name in scored - EMBEDDINGS
    )
    for feeds, old, new in zip(samples.requests, before, after, strict=True):
        for name, first, second in rows_of(feeds, old, new):
            if first.dtype.kind == "f":
                gaps = finite_gaps(first, second)
                largest = max(largest, float(gaps.max(initial=0.0)))
                total, count = total + float(gaps.sum()), count + gaps.size
            if name in scored:
                rows = same_rows(name, first, second, spreads.get(name, 0.0))
                if name in reaches:
                    rows = rows & near_rows(first, second, reaches[name])
                same.setdefault(name, []).append(rows)
    shares = [float(np.concatenate(rows).mean()) for rows in same.values() if sum(map(len, rows))]
    if not shares:
        raise OptimizationError(
            "CalibrationInvalid",
            f"The model answers {len(samples)} samples with nothing to compare: its outputs are empty, or no tensors."
            " Give a data set that it has answers for.",
        )
    return Agreement(
        samples.generated,
        len(samples),
        largest,
        total / count if count else 0.0,
        min(shares),
        bool(reaches),
    )


def scored_outputs(before: Answers, samples: Samples) -> frozenset[str]:
    """Return the outputs whose rows are answers: the classes, else the logits, else all."""
    names = list(before[0]) if before else []
    for name in (samples.class_output, "logits"):
        if name is not None and name in names:
            return frozenset([name])
    return frozenset(names)


def rows_of(
    feeds: Feeds, old: Mapping[str, Array], new: Mapping[str, Array]
) -> Iterator[tuple[str, Array, Array]]:
    """Yield (output, rows before, rows after), both of shape [rows, values]; float16 as float32.

    Rows of another shape count as different. So does an output that had no rows and has some now: as one row.
    """
    mask = feeds.get("attention_mask")
    for name, value in old.items():
        first, second = widened(value), widened(new[name])
        width = first.shape[-1] if first.ndim > 1 else 1
        if first.shape != second.shape:
            rows = max(1, first.size // max(1, width))
            yield name, np.zeros((rows, 1)), np.full((rows, 1), np.nan)
            continue
        if first.size == 0:
            continue
        if mask is not None and mask.ndim == 2 and first.ndim > 2 and first.shape[:2] == mask.shape:
            kept = mask.astype(bool)
            first, second = first[kept], second[kept]
        yield name, first.reshape(-1, width), second.reshape(-1, width)


def is_rounding(before: Answers, after: Answers) -> bool:
    """Return whether two models differ by no more than the order of their sums does; other outputs must be equal."""
    largest: dict[str, float] = {}
    gaps: dict[str, float] = {}
    for old, new in zip(before, after, strict=True):
        for name, value in old.items():
            first, second = widened(value), widened(new[name])
            if first.shape != second.shape:
                return False
            if first.dtype.kind != "f":
                if not np.array_equal(first, second):
                    return False
                continue
            if not np.array_equal(np.isfinite(first), np.isfinite(second)):
                return False
            known = np.abs(first[np.isfinite(first)])
            largest[name] = max(largest.get(name, 0.0), float(known.max(initial=0.0)))
            gaps[name] = max(gaps.get(name, 0.0), float(finite_gaps(first, second).max(initial=0.0)))
    return all(gap <= ROUNDING * largest[name] for name, gap in gaps.items())


def widened(value: Array) -> Array:
    """Return float16 as float32; other types as they are."""
    return value.astype(np.float32) if value.dtype == np.float16 else value


def finite_gaps(first: Array, second: Array) -> Array:
    """Return the absolute differences of numbers that are there in both."""
    known = np.isfinite(first) & np.isfinite(second)
    return np.abs(first[known].astype(np.float64) - second[known].astype(np.float64))


def spreads_of(answers: Answers) -> dict[str, float]:
    """Return the standard deviation of each output that is one number, over all samples."""
    spreads = {}
    for name, value in (answers[0] if answers else {}).items():
        if value.dtype.kind == "f" and (value.ndim < 2 or value.shape[-1] == 1):
            numbers = np.concatenate([widened(answer[name]).reshape(-1) for answer in answers])
            spreads[name] = float(np.std(numbers[np.isfinite(numbers)])) if numbers.size else 0.0
    return spreads


def same_rows(name: str, first: Array, second: Array, spread: float) -> Bools:
    """Return bool [rows]: which rows are the same answer."""
    if first.dtype.kind != "f":
        return np.asarray((first == second).all(axis=-1))
    whole = np.asarray((np.isfinite(first) == np.isfinite(second)).all(axis=-1))
    with np.errstate(all="ignore"):
        if name in EMBEDDINGS:
            return np.asarray(whole & (cosines(first, second) >= SAME_DIRECTION))
        if first.shape[-1] == 1:
            near = np.isclose(first, second, rtol=SAME_NUMBER, atol=SAME_NUMBER * spread, equal_nan=True)
            return whole & np.asarray(near[:, 0])
        return np.asarray(whole & (places(first) == places(second)))


def cosines(first: Array, second: Array) -> Array:
    """Return [rows]: cosines of the angles between the rows; 1 where both are zero."""
    products = (first.astype(np.float64) * second).sum(axis=-1)
    lengths = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
    return np.where(lengths > 0, products / np.where(lengths > 0, lengths, 1), 1.0)
