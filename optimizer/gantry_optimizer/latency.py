"""How long two models take for the same inputs, measured side by side."""

import time
from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import ModelProto

from .runtime import open_session, run
from .samples import Feeds, Samples

ROWS = 8
"""Rows of a run, as a batch of the server has under load."""

WARM_UP = 3
"""Runs before the first round: onnxruntime allocates and packs in them."""

ROUND_SECONDS = 0.02
"""A round repeats a run for so long: the clock and the turns of the processor are small beside it."""

MOST_SECONDS = 2.0
"""Time for all rounds of one comparison."""

ROUNDS = (7, 60)
"""Fewest and most rounds."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds of a run of the same inputs, medians.

    `speedup` is the median over rounds of before by after, `spread` half the range between the quartiles of the
    rounds, and `interval` that of the median, 95 %: whoever chooses by speed looks at this one.
    """

    before_ms: float
    after_ms: float
    speedup: float
    spread: float
    rows: int
    threads: int
    interval: tuple[float, float]

    @property
    def is_faster(self) -> bool:
        """Return whether chance alone hardly explains that the later graph took less time."""
        return self.interval[0] > 1

    @property
    def is_slower(self) -> bool:
        """Return whether chance alone hardly explains that the later graph took more time."""
        return self.interval[1] < 1


def latency(before: ModelProto, after: ModelProto, samples: Samples, threads: int = 1) -> Latency:
    """Measure both in rounds that take turns, so that what slows the machine slows both."""
    feeds = largest_batch(samples)
    sessions = (open_session(before, threads), open_session(after, threads))
    for session in sessions:
        for _ in range(WARM_UP):
            run(session, feeds)
    once = max(seconds(session, feeds, 1, threads) for session in sessions)
    repeats = max(1, round(ROUND_SECONDS / max(once, 1e-6)))
    rounds = int(np.clip(MOST_SECONDS / (2 * repeats * max(once, 1e-6)), *ROUNDS))
    times = np.empty((rounds, 2))
    for index in range(rounds):
        # Each goes first in every other round: the first of two finds the caches of the other.
        for side in (0, 1) if index % 2 == 0 else (1, 0):
            times[index, side] = seconds(sessions[side], feeds, repeats, threads) / repeats
    speedups = times[:, 0] / times[:, 1]
    low, middle, high = np.quantile(speedups, [0.25, 0.5, 0.75])
    medians = np.median(times, axis=0) * 1000
    rows = max((value.shape[0] for value in feeds.values() if value.ndim), default=1)
    return Latency(
        float(medians[0]),
        float(medians[1]),
        float(middle),
        float((high - low) / 2),
        rows,
        threads,
        median_interval(speedups),
    )


def median_interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % interval of a median, from the ranks: half of the values lie below it.

    Fewer than five values have no such interval: it is everything.
    """
    count = len(values)
    reach = 0.98 * np.sqrt(count)  # 1.96 standard deviations of a binomial count with the chance 1/2
    if (count - 1) / 2 < reach:
        return 0.0, float("inf")
    low = int(np.floor((count - 1) / 2 - reach))
    in_order = np.sort(values)
    return float(in_order[low]), float(in_order[count - 1 - low])


def largest_batch(samples: Samples) -> Feeds:
    """Return the run with the most numbers among the first batches."""
    batches = [batch for batch, _ in zip(samples.batches(ROWS), range(16), strict=False)]
    return max(batches, key=lambda batch: sum(value.size for value in batch.values()))


def seconds(session: ort.InferenceSession, feeds: Feeds, repeats: int, threads: int) -> float:
    """Return how long `repeats` runs take.

    A run of one thread is measured by the time that its thread had a processor: on a free one that is the same, and
    what else the machine does lengthens it little.
    """
    given = dict(feeds)
    clock = time.thread_time if threads == 1 else time.perf_counter
    begun = clock()
    for _ in range(repeats):
        session.run(None, given)
    return clock() - begun
