"""Runs models on onnxruntime as the server does, and compares what two of them answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import onnxruntime as ort
from onnx import ModelProto

from .samples import Array, Feeds, Samples

Answers = Sequence[Mapping[str, Array]]
"""Outputs by name, of each sample."""


@dataclass(frozen=True)
class Agreement:
    """How the answers of two models differ on the same inputs; shares between 0 and 1."""

    generated: bool
    samples: int
    largest_difference: float
    mean_difference: float
    same_answers: float


@dataclass(frozen=True)
class Accuracy:
    """Share of labelled samples whose answer is the label; `interval` is that of the difference, 95 %."""

    before: float
    after: float
    difference: float
    interval: tuple[float, float]
    samples: int


@dataclass(frozen=True)
class Latency:
    """Milliseconds of a run of the same inputs, medians; `speedup` is the median of before by after."""

    before_ms: float
    after_ms: float
    speedup: float
    spread: float
    rows: int
    threads: int


def open_session(model: ModelProto, threads: int = 1) -> ort.InferenceSession:
    """Return a session with the options of the server. @raises OptimizationError: onnxruntime cannot load it."""
    raise NotImplementedError


def run(session: ort.InferenceSession, feeds: Feeds) -> dict[str, Array]:
    """Return the outputs of one run by name."""
    raise NotImplementedError


def answers(model: ModelProto, samples: Samples, threads: int = 1) -> Answers:
    """Return the outputs of each sample, run alone as one request."""
    raise NotImplementedError


def agreement(before: Answers, after: Answers, samples: Samples) -> Agreement:
    """Compare what two models answer to the same samples."""
    raise NotImplementedError


def accuracy(before: Answers, after: Answers, samples: Samples) -> Accuracy | None:
    """Compare both with the labels; None where the samples have no labels."""
    raise NotImplementedError


def latency(before: ModelProto, after: ModelProto, samples: Samples, threads: int = 1) -> Latency:
    """Measure both with rounds interleaved."""
    raise NotImplementedError


@dataclass(frozen=True)
class Verdict:
    """Whether a model is good enough beside the original, and the numbers in a sentence."""

    passed: bool
    loss: float
    sentence: str


def verdict(before: Answers, after: Answers, samples: Samples, max_accuracy_drop: float) -> Verdict:
    """Judge by accuracy where the samples have labels, else by the share of same answers."""
    raise NotImplementedError
