"""Steps and epochs of a training."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from ..failure import OptimizationError
from ..step import Choice
from .course import Course, Held, Weights, held_loss, logits_of, loss_of, restore, weights_of
from .lessons import Lesson, lessons

RATES = (1e-3, 3e-4, 3e-3, 1e-4)
"""Learning rates that are tried, the likeliest first: the best one depends on the model and on how much of it went."""

TRIAL = (60, 0.04)
"""Most steps of a trial, and the largest share of the time."""

TRYING = 0.25
"""Share of the time after which no other rate is tried."""

PATIENCE = 0.25
"""Share of the epochs after which a student that got no better has learned enough."""

LARGEST_GRADIENT = 1.0

DECAY = 0.01
"""Share of a weight that goes in a step, times the learning rate."""

PAUSE = 10.0
"""Seconds between two lines of progress."""

Stopped = Literal["epochs", "heldOut", "time"]
Say = Callable[[str], None]


def endless(course: Course) -> Iterator[tuple[int, Lesson]]:
    """Yield (epoch, lesson) without an end; the same ones for the same seed."""
    epoch = 0
    while True:
        draw = np.random.default_rng([course.seed, epoch])
        for lesson in lessons(course.teacher, course.learned, course.rows, course.variation, draw):
            yield epoch, lesson
        epoch += 1


def steps_of_epoch(course: Course) -> int:
    """Return how many steps an epoch has."""
    shapes: dict[object, int] = {}
    for feeds in course.learned.requests:
        key = tuple(value.shape for value in feeds.values())
        shapes[key] = shapes.get(key, 0) + 1
    return sum(-(-count // course.rows) for count in shapes.values())


@dataclass(frozen=True)
class Learner:
    """Takes steps at a rate that falls to zero."""

    course: Course
    optimizer: torch.optim.Optimizer
    rate: float
    steps: int

    def step(self, number: int, lesson: Lesson) -> bool:
        """Take a step; return False where the loss is no number any more."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * max(0.0, 1 - number / self.steps)
        loss = loss_of(logits_of(self.course, lesson), lesson)
        if not torch.isfinite(loss):
            return False
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.course.network.weights.values()), LARGEST_GRADIENT)
        self.optimizer.step()
        return True


def learner(course: Course, rate: float, steps: int) -> Learner:
    """Return what takes the steps."""
    weights = list(course.network.weights.values())
    return Learner(course, torch.optim.AdamW(weights, lr=rate, weight_decay=DECAY), rate, steps)


def best_rate(course: Course, until: float, seconds: float) -> tuple[float, tuple[Choice, ...]]:
    """Try learning rates on the first steps; all of them begin with the same weights.

    Parameters
    ----------
    until
        When no other rate is tried, on the clock of `time.monotonic`.
    seconds
        Time of the whole training.

    Raises
    ------
    OptimizationError
        OptimizationFailed where the answers become NaN at all of them.
    """
    first = weights_of(course.network)
    tried: list[tuple[float, Held]] = []
    for rate in RATES:
        restore(course.network, first)
        most = min(TRIAL[0], 3 * steps_of_epoch(course))
        made, ends = learner(course, rate, most), time.monotonic() + TRIAL[1] * seconds
        for number, (_, lesson) in zip(range(most), endless(course), strict=False):
            if not made.step(number, lesson) or time.monotonic() > ends:
                break
        tried.append((rate, held_loss(course)))
        if time.monotonic() > until:
            break
    restore(course.network, first)
    best, held = min(tried, key=lambda one: one[1].loss)
    if not np.isfinite(held.loss):
        raise OptimizationError(
            "OptimizationFailed",
            "The student answers with NaN at every learning rate that was tried. Leave more of the model.",
        )
    choices = (Choice(f"rate {rate:g}", rate == best, known.same_answers) for rate, known in tried)
    return best, tuple(choices)


@dataclass(frozen=True)
class Ended:
    """What the epochs made.

    Parameters
    ----------
    weights
        The best ones, which may be those that it began with.
    held
        How a student with these weights answers.
    epochs
        How many were begun.
    """

    weights: Weights
    held: Held
    epochs: int
    stopped: Stopped


def epochs_of(course: Course, rate: float, before: Held, planned: int, say: Say) -> Ended:
    """Train for some epochs, or until time is up or the held-out samples get no better."""
    steps = steps_of_epoch(course)
    made = learner(course, rate, planned * steps)
    best, best_held, best_epoch = weights_of(course.network), before, 0
    begun = said = time.monotonic()
    for number, (place, lesson) in enumerate(endless(course), 1):
        epoch, is_sound = place + 1, made.step(number - 1, lesson)
        now = time.monotonic()
        is_late = now > course.ends
        if number % steps and is_sound and not is_late:
            continue
        held = held_loss(course)
        if held.loss < best_held.loss:
            best, best_held, best_epoch = weights_of(course.network), held, epoch
        if epoch == 1 or now - said > PAUSE:
            say(progress(epoch, planned, held, now - begun))
            said = now
        if is_late:
            return Ended(best, best_held, epoch, "time")
        if epoch == planned and is_sound:
            return Ended(best, best_held, epoch, "epochs")
        if not is_sound or epoch - best_epoch >= max(3, PATIENCE * planned):
            return Ended(best, best_held, epoch, "heldOut")
    raise AssertionError("lessons have no end")


def progress(epoch: int, planned: int, held: Held, seconds: float) -> str:
    """Return a line."""
    left = seconds / epoch * (planned - epoch)
    return (
        f"distill: epoch {epoch} of {planned}, {held.same_answers:.4f} of the held-out answers are the teacher's,"
        f" {seconds:.0f} s, at most {left:.0f} s more"
    )
