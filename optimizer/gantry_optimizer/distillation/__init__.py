"""Makes a smaller student of a classifier and trains it on the answers of the model, its teacher."""

from importlib.metadata import version
from importlib.util import find_spec

from onnx import ModelProto

from ..failure import OptimizationError
from ..plain import counted, verb
from ..recipe import Distill
from ..runtime import answers, open_session
from ..samples import Samples
from ..step import Distillation, StepContext, StepResult
from .lessons import Teacher, answered, halves
from .student import student_of


def distill(model: ModelProto, context: StepContext, how: Distill) -> StepResult:
    """Return a smaller model that answers as `model` does.

    Raises
    ------
    OptimizationError
        CalibrationInvalid without enough samples of real inputs; OptimizationUnsupported for models that are no
        classifiers, for operators that cannot be trained through, and where torch is missing; NothingToOptimize
        where no layer and no block can go; OptimizationOutOfMemory; OptimizationFailed where its answers become NaN.
    """
    parts = halves(context.calibration, how.seed)
    require_torch()
    from .bounds import processors
    from .network import with_weights
    from .training import trained

    teacher = Teacher(open_session(model, processors()), class_output(model, context.calibration))
    parts = answered(teacher, parts[0]), answered(teacher, parts[1])
    student = student_of(model, teacher, parts[0], how, context)
    made = trained(student.model, teacher, parts, how, context.say)
    known = Distillation(
        *student.layers,
        learned=len(parts[0]),
        held_out=len(parts[1]),
        epochs=made.epochs,
        seconds=made.seconds,
        stopped=made.stopped,
        device=made.device,
        same_answers_before=made.before.same_answers,
        same_answers_after=made.after.same_answers,
    )
    return StepResult(
        with_weights(student.model, made.weights),
        f"gantry distillation, torch {version('torch')}",
        blocks=student.blocks,
        choices=made.choices,
        remarks=remarks(known, how),
        distillation=known,
    )


def require_torch() -> None:
    """Raise where torch is not installed.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with what to install.
    """
    if find_spec("torch") is None:
        raise OptimizationError(
            "OptimizationUnsupported",
            "distill needs torch, which is not installed. Install optimizer/requirements-torch.lock, or take"
            " `npm run optimize`, which does so; on a cluster, have the chart value image.trainer name an image with"
            " it.",
        )


def class_output(model: ModelProto, samples: Samples) -> str:
    """Return the output that has a score for each class.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where there is none, or several that may be meant.
    """
    first = answers(model, samples.part([0]))[0]
    scores = [
        name
        for name, value in first.items()
        if value.dtype.kind == "f" and value.ndim == 2 and value.shape[0] == 1 and value.shape[1] > 1
    ]
    known = next((name for name in (samples.class_output, "logits") if name in scores), None)
    if samples.answer != "argmax" or (known is None and len(scores) != 1):
        found = ", ".join(f"{name} {list(value.shape)}" for name, value in first.items())
        raise OptimizationError(
            "OptimizationUnsupported",
            f"distill makes students of classifiers: one output of [rows, classes]. This graph has {found}."
            " Take prune and quantize for it.",
        )
    if not samples.stackable:
        raise OptimizationError(
            "OptimizationUnsupported",
            "The graph takes one sample in a run, and distill trains on several. Export it with a batch axis of any"
            " length.",
        )
    return known or scores[0]


ENDS = {
    "epochs": "It made all its epochs; more of them may make it better.",
    "heldOut": "It stopped because the held-out samples got no better.",
    "time": "Time was up before it had made all its epochs: another machine, or more time, makes another student.",
}


def remarks(made: Distillation, how: Distill) -> tuple[str, ...]:
    """Return what people should know."""
    layers = (
        f"{made.layers_after} of {counted(made.layers_before, 'layer')} {verb(made.layers_after, 'stays', 'stay')}. "
        if made.layers_before
        else ""
    )
    return (
        f"{layers}It learned from {counted(made.learned, 'sample')}, in {counted(made.epochs, 'epoch')} and"
        f" {made.seconds:.0f} s, with the seed {how.seed}.",
        f"Of {made.held_out} held-out samples it answers {made.same_answers_after:.4f} as the teacher does;"
        f" {made.same_answers_before:.4f} before it learned.",
        ENDS[made.stopped],
    )
