"""Trains a student on the answers of its teacher, within bounds that are said before it begins."""

import time
from dataclasses import dataclass, replace

import numpy as np
import torch
from onnx import ModelProto

from ..failure import OptimizationError
from ..free_memory import readable
from ..plain import counted
from ..recipe import Distill
from ..runtime import open_session, run
from ..samples import Array, Samples
from ..step import Choice
from .bounds import free_memory, processors, rows_within
from .course import Course, Held, held_loss
from .epochs import TRYING, Say, Stopped, best_rate, epochs_of
from .lessons import Lesson, Teacher, are_probabilities, batches, variation_of
from .network import Network, network_of

DIFFERENT = 1e-3
"""Largest difference between torch and onnxruntime, as a share of the largest score: sums have another order."""


@dataclass(frozen=True)
class Trained:
    """Weights, and how they came about.

    Parameters
    ----------
    stopped
        Why it ended: all epochs were made, the held-out samples got no better, or time was up.
    before, after
        On the samples that it did not learn from.
    """

    weights: dict[str, Array]
    epochs: int
    seconds: float
    stopped: Stopped
    before: Held
    after: Held
    choices: tuple[Choice, ...]
    device: str


def trained(
    student: ModelProto, teacher: Teacher, parts: tuple[Samples, Samples], how: Distill, say: Say
) -> Trained:
    """Train a student.

    Parameters
    ----------
    parts
        What it learns from, and what says when it has learned enough.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported for operators that cannot be trained through; OptimizationOutOfMemory, before it
        begins; OptimizationFailed where it answers with NaN whatever the learning rate.
    """
    begun = time.monotonic()
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.set_num_threads(processors())
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    learned, held = parts
    network = network_of(student, teacher.output, device)
    raw = require_same(network, student, held)
    rows, needed = rows_within(network, learned, free_memory(device))
    say(plan_of(len(learned), needed, how, device))
    course = Course(
        network,
        teacher,
        learned,
        [Lesson(feeds, teacher.answers(feeds), labels) for feeds, labels in batches(held, rows, None)],
        variation_of(student, learned),
        are_probabilities(raw),
        rows,
        how.seed,
        begun + how.seconds,
    )
    looked = time.monotonic()
    before = held_loss(course)
    # Time that one look at the held-out samples takes has to be left at the end.
    course = replace(course, ends=course.ends - (time.monotonic() - looked))
    rate, choices = best_rate(course, begun + TRYING * how.seconds, how.seconds)
    ended = epochs_of(course, rate, before, how.epochs, say)
    weights = {name: value.cpu().numpy() for name, value in ended.weights.items()}
    seconds = time.monotonic() - begun
    return Trained(weights, ended.epochs, seconds, ended.stopped, before, ended.held, choices, device.type)


def require_same(network: Network, student: ModelProto, samples: Samples) -> Array:
    """Raise where torch answers otherwise than onnxruntime, which serves the graph; return the answers.

    Raises
    ------
    OptimizationError
        OptimizationFailed.
    """
    session = open_session(student)
    feeds, _ = next(batches(samples, 4, None))
    expected = np.asarray(run(session, feeds)[network.flow.target], dtype=np.float32)
    with torch.no_grad():
        got = network.scores(feeds).cpu().numpy()
    largest = float(np.abs(expected).max(initial=0.0)) + 1e-6
    if got.shape != expected.shape or not np.allclose(got, expected, rtol=0, atol=DIFFERENT * largest):
        raise OptimizationError(
            "OptimizationFailed",
            "torch answers otherwise than onnxruntime for this graph, so that training would change another model."
            " Leave distill away for this model, and report its graph.",
        )
    return expected


def plan_of(samples: int, needed: int, how: Distill, device: torch.device) -> str:
    """Return what the training takes, before it begins."""
    threads = torch.get_num_threads()
    where = "on a GPU" if device.type == "cuda" else f"on {counted(threads, 'thread')}"
    return (
        f"distill: learns from {counted(samples, 'sample')} for at most {counted(how.epochs, 'epoch')} and"
        f" {how.seconds:g} s {where};"
        f" needs about {readable(needed)} more of memory"
    )
