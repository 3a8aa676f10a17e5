"""Steps and epochs of a training."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..failure import OptimizationError
from ..samples import Samples
from ..step import Choice
from .lessons import Lesson, Teacher, Variation, lessons
from .network import Network

TEMPERATURE = 2.0
"""Divides logits before softmax: what the teacher thinks of the other classes weighs more."""

LABELS = 0.3
"""Share of the loss that comes from labels, of samples that have one."""

RATES = (3e-3, 1e-3, 3e-4, 1e-4)
"""Learning rates that are tried: the best one depends on the size of a model and on how much of it went."""

TRIAL = (60, 0.04)
"""Most steps of a trial, and the largest share of the time."""

PATIENCE = 0.25
"""Share of the epochs after which a student that got no better has learned enough."""

LARGEST_GRADIENT = 1.0

DECAY = 0.01
"""Share of a weight that goes in a step, times the learning rate."""

SMALLEST = 1e-12
"""Probability; smaller ones have no logarithm that is a number."""

PAUSE = 10.0
"""Seconds between two lines of progress."""

Stopped = Literal["epochs", "heldOut", "time"]
Say = Callable[[str], None]
Weights = Mapping[str, Tensor]


@dataclass(frozen=True)
class Held:
    """How a student answers the samples that it does not learn from: its loss, and the share of same answers."""

    loss: float
    same_answers: float


@dataclass(frozen=True)
class Course:
    """What all epochs of a training have in common.

    Parameters
    ----------
    are_probabilities
        Whether the output has probabilities, and no logits.
    rows
        Samples of a step.
    seed
        Decides the order of the samples and what varies.
    ends
        When time is up, on the clock of `time.monotonic`.
    """

    network: Network
    teacher: Teacher
    learned: Samples
    held: Sequence[Lesson]
    variation: Variation
    are_probabilities: bool
    rows: int
    seed: int
    ends: float


def weights_of(network: Network) -> Weights:
    """Return a copy of the weights."""
    return {name: weight.detach().clone() for name, weight in network.weights.items()}


def restore(network: Network, weights: Weights) -> None:
    """Set the weights."""
    with torch.no_grad():
        for name, weight in network.weights.items():
            weight.copy_(weights[name])


def logits_of(course: Course, lesson: Lesson) -> Tensor:
    """Return what the student says, as logits."""
    scores = course.network.scores(lesson.feeds)
    return scores.clamp_min(SMALLEST).log() if course.are_probabilities else scores


def loss_of(logits: Tensor, lesson: Lesson) -> Tensor:
    """Return the mean loss of a batch: how far it is from the teacher at a temperature, and from labels."""
    given = torch.from_numpy(lesson.answers).to(logits.device)
    # The teacher may answer a varied sample with NaN.
    is_answered = given.isfinite().all(-1)
    answers = torch.where(is_answered[:, None], given, 0.0)
    labels = torch.from_numpy(lesson.labels).to(logits.device)
    soft = functional.kl_div(
        functional.log_softmax(logits / TEMPERATURE, dim=-1),
        functional.log_softmax(answers / TEMPERATURE, dim=-1),
        reduction="none",
        log_target=True,
    ).sum(-1)
    # Gradients of softened answers are smaller by the square of the temperature.
    soft = soft * TEMPERATURE**2
    is_known = labels >= 0
    hard = functional.cross_entropy(logits, labels.clamp_min(0), reduction="none")
    losses = torch.where(is_known, (1 - LABELS) * soft + LABELS * hard, soft)
    return (losses * is_answered).sum() / is_answered.sum().clamp_min(1)


def held_loss(course: Course) -> Held:
    """Measure a student on the samples that it does not learn from."""
    losses, same, count = 0.0, 0, 0
    with torch.no_grad():
        for lesson in course.held:
            logits = logits_of(course, lesson)
            losses += float(loss_of(logits, lesson)) * len(lesson.labels)
            same += int((logits.argmax(-1).cpu().numpy() == lesson.answers.argmax(-1)).sum())
            count += len(lesson.labels)
    loss = losses / count
    return Held(loss if np.isfinite(loss) else np.inf, same / count)


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


def best_rate(course: Course, seconds: float) -> tuple[float, tuple[Choice, ...]]:
    """Try learning rates on the first steps; all of them begin with the same weights.

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
    restore(course.network, first)
    best, held = min(tried, key=lambda one: one[1].loss)
    if not np.isfinite(held.loss):
        raise OptimizationError(
            "OptimizationFailed",
            "The student answers with NaN at every learning rate that was tried. Leave more of the model.",
        )
    choices = (Choice(f"rate {rate:g}", rate == best, known.same_answers) for rate, known in tried)
    return best, tuple(choices)


def epochs_of(course: Course, rate: float, planned: int, say: Say) -> tuple[Weights, int, Stopped]:
    """Train for some epochs, or until time is up or the held-out samples get no better.

    Returns
    -------
    tuple
        The best weights, which may be those that it began with, how many epochs were begun, and why they ended.
    """
    steps = steps_of_epoch(course)
    made = learner(course, rate, planned * steps)
    best, best_held, best_epoch = weights_of(course.network), held_loss(course), 0
    begun = said = time.monotonic()
    for number, (place, lesson) in enumerate(endless(course), 1):
        epoch, now = place + 1, time.monotonic()
        is_sound, is_late = made.step(number - 1, lesson), now > course.ends
        if number % steps and is_sound and not is_late:
            continue
        held = held_loss(course)
        if held.loss < best_held.loss:
            best, best_held, best_epoch = weights_of(course.network), held, epoch
        if epoch == 1 or now - said > PAUSE:
            say(progress(epoch, planned, held, now - begun))
            said = now
        if is_late:
            return best, epoch, "time"
        if epoch == planned and is_sound:
            return best, epoch, "epochs"
        if not is_sound or epoch - best_epoch >= max(3, PATIENCE * planned):
            return best, epoch, "heldOut"
    raise AssertionError("lessons have no end")


def progress(epoch: int, planned: int, held: Held, seconds: float) -> str:
    """Return a line."""
    left = seconds / epoch * (planned - epoch)
    return (
        f"distill: epoch {epoch} of {planned}, {held.same_answers:.4f} of the held-out answers are the teacher's,"
        f" {seconds:.0f} s, at most {left:.0f} s more"
    )
