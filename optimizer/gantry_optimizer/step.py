"""What a step is told, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from onnx import ModelProto

from .samples import Samples

BlockKind = Literal["linear", "convolution", "heads"]


@dataclass(frozen=True)
class Block:
    """A part of the graph that structured pruning made narrower: `start` neurons before, `end` after."""

    node: str
    kind: BlockKind
    start: int
    end: int
    refitted: bool = False


@dataclass(frozen=True)
class KeptNode:
    """A node that a step left as it was, and why."""

    node: str
    operator: str
    reason: str


@dataclass(frozen=True)
class Choice:
    """One of several ways that were measured before one of them was taken."""

    name: str
    chosen: bool
    same_answers: float | None = None
    accuracy: float | None = None
    speedup: float | None = None
    size_bytes: int | None = None
    message: str | None = None


@dataclass(frozen=True)
class Distillation:
    """How a student came about.

    Parameters
    ----------
    layers_before, layers_after
        Layers that repeat; 0 where they were not looked for.
    learned, held_out
        Samples that it learned from, and samples that said when it had learned enough.
    stopped
        Why the training ended: `epochs`, `heldOut` or `time`.
    same_answers_before, same_answers_after
        Shares of the held-out samples that it answers as the teacher does.
    """

    layers_before: int
    layers_after: int
    learned: int
    held_out: int
    epochs: int
    seconds: float
    stopped: Literal["epochs", "heldOut", "time"]
    device: str
    same_answers_before: float
    same_answers_after: float


@dataclass(frozen=True)
class StepContext:
    """What every step is told.

    Parameters
    ----------
    original
        The graph as it came. Gates compare with it, not with what the step before left.
    calibration
        Samples that a step may learn from: ranges, refits, choices.
    judging
        Samples that the pipeline judges by; a step that looks at them flatters itself.
    max_accuracy_drop
        Share of accuracy, or of same answers, that may be lost, 0 to 1.
    threads
        Threads of a run.
    work
        A temporary folder on the volume of the output. The pipeline removes it.
    say
        Takes a line of progress.
    """

    original: ModelProto
    calibration: Samples
    judging: Samples
    max_accuracy_drop: float
    threads: int
    work: Path
    say: Callable[[str], None]


@dataclass(frozen=True)
class StepResult:
    """What a step made.

    Parameters
    ----------
    model
        The new graph, with the same inputs and outputs; never the object that came in, changed.
    tool
        Library and version that did it.
    compressible
        The step makes a file smaller only when it is compressed, so that the compressed sizes are reported.
    remarks
        Sentences for people.
    """

    model: ModelProto
    tool: str
    blocks: tuple[Block, ...] = ()
    kept: tuple[KeptNode, ...] = ()
    choices: tuple[Choice, ...] = ()
    remarks: tuple[str, ...] = ()
    compressible: bool = False
    distillation: Distillation | None = None
