"""How long two models take for the same inputs, measured side by side."""

import time
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from onnx import ModelProto

from .runtime import open_session, run
from .samples import Feeds, Samples

ROWS = 8
"""Rows of a run, as a batch of the server has under load."""

WARM_UP = 3
"""Runs before the first round: onnxruntime allocates and packs in them."""

ROUND_SECONDS = 0.02
"""A round repeats a run for so long: the clock and the turns of the processor are small beside it."""

MOST_SECONDS = 4.0
"""Time for all rounds of one comparison."""

ROUNDS = (7, 60)
"""Fewest and most rounds."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds of a run of the same inputs, medians.

    `speedup` is the median over rounds of before by after, `spread` half the range between the quartiles.
    """

    before_ms: float
    after_ms: float
    speedup: float
    spread: float
    rows: int
    threads: int


def latency(before: ModelProto, after: ModelProto, samples: Samples, threads: int = 1) -> Latency:
    """Measure both in rounds that take turns, so that what slows the machine slows both."""
    feeds = largest_batch(samples)
    sessions = (open_session(before, threads), open_session(after, threads))
    for session in sessions:
        for _ in range(WARM_UP):
            run(session, feeds)
    once = max(seconds(session, feeds, 1) for session in sessions)
    repeats = max(1, round(ROUND_SECONDS / max(once, 1e-6)))
    rounds = int(np.clip(MOST_SECONDS / (2 * repeats * max(once, 1e-6)), *ROUNDS))
    times = np.empty((rounds, 2))
    for index in range(rounds):
        # Each goes first in every other round: the first of two finds the caches of the other.
        for side in (0, 1) if index % 2 == 0 else (1, 0):
            times[index, side] = seconds(sessions[side], feeds, repeats) / repeats
    speedups = times[:, 0] / times[:, 1]
    low, middle, high = np.quantile(speedups, [0.25, 0.5, 0.75])
    medians = np.median(times, axis=0) * 1000
    rows = max((value.shape[0] for value in feeds.values() if value.ndim), default=1)
    return Latency(
        float(medians[0]), float(medians[1]), float(middle), float((high - low) / 2), rows, threads
    )


def largest_batch(samples: Samples) -> Feeds:
    """Return the run with the most numbers among the first batches."""
    batches = [batch for batch, _ in zip(samples.batches(ROWS), range(16), strict=False)]
    return max(batches, key=lambda batch: sum(value.size for value in batch.values()))


def seconds(session: ort.InferenceSession, feeds: Feeds, repeats: int) -> float:
    """Return how long `repeats` runs take."""
    given = dict(feeds)
    begun = time.perf_counter()
    for _ in range(repeats):
        session.run(None, given)
    return time.perf_counter() - begun
