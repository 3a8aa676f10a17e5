"""What all epochs of a training have in common, and how a student is measured in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..samples import Samples
from .lessons import Lesson, Teacher, Variation
from .network import Network

TEMPERATURE = 2.0
"""Divides logits before softmax: what the teacher thinks of the other classes weighs more."""

LABELS = 0.3
"""Share of the loss that comes from labels, of samples that have one."""

SMALLEST = 1e-12
"""Probability; smaller ones have no logarithm that is a number."""

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
