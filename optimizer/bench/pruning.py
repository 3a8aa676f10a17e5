"""Measures each way of pruning; --write puts the table into the page.

Run in `optimizer/`: python -m bench.pruning [--write] [digits-32 digits-128 digits-deep digits-cnn minilm]
"""

import argparse
import gzip
import re
from collections.abc import Iterable
from pathlib import Path

from onnx import ModelProto

from bench.quantization import SUBJECTS, Subject, machine, of_digits, speedups
from gantry_optimizer.accuracy import accuracy
from gantry_optimizer.agreement import agreement
from gantry_optimizer.pruning import prune, structured
from gantry_optimizer.quantization import quantize
from gantry_optimizer.recipe import Prune
from gantry_optimizer.runtime import answers
from gantry_optimizer.step import StepContext

PAGE = Path(__file__).parents[2] / "docs" / "optimizer-pruning.md"
COLUMNS = (
    *("network", "pruned", "widths", "times smaller", "gzipped, times smaller", "times faster"),
    *("same answers", "accuracy"),
)
NO_MEMORY = 8
"""Bytes for moments that are too few for any block: neurons then go by the size of their weights."""

RATIOS = (0.2, 0.4, 0.75)
NETWORKS = ("digits-32", "digits-128", "digits-deep", "digits-cnn", "minilm")


def context_of(subject: Subject) -> StepContext:
    """Return what the steps are told."""
    return StepContext(
        subject.model, subject.calibration, subject.judging, subject.drop, 1, Path(), lambda _: None
    )


def narrow(subject: Subject, how: Prune, refit: bool = True) -> tuple[ModelProto, str]:
    """Return the pruned model, and the widths of its blocks."""
    memory = structured.MOMENT_BYTES
    structured.MOMENT_BYTES = memory if refit else NO_MEMORY
    try:
        result = prune(subject.model, context_of(subject), how)
    finally:
        structured.MOMENT_BYTES = memory
    widths = dict.fromkeys(f"{block.start} → {block.end}" for block in result.blocks)
    return result.model, ", ".join(widths)


def forms(name: str, subject: Subject) -> Iterable[tuple[str, ModelProto, str]]:
    """Yield what is done, the model that it makes, and the widths of its blocks."""
    model, widths = narrow(subject, Prune("l1-unstructured", 0.3))
    yield "l1-unstructured 0.3", model, widths
    if name != "minilm":
        for ratio in RATIOS:
            for refit in (False, True):
                model, widths = narrow(subject, Prune("structured", ratio), refit)
                yield f"structured {ratio}{'' if refit else ', not refitted'}", model, widths
        return
    model, widths = narrow(subject, Prune("structured", 0.4))
    yield "structured 0.4", model, widths
    context = context_of(subject)
    yield "int8-dynamic alone", quantize(subject.model, context, "int8-dynamic").model, ""
    yield "structured 0.4, int8-dynamic", quantize(model, context, "int8-dynamic").model, widths
    model, widths = narrow(subject, Prune("structured", 0.4, heads=True))
    yield "structured 0.4 with heads", model, widths


def zipped(model: ModelProto) -> int:
    """Return the size of a file when it is compressed, in bytes."""
    return len(gzip.compress(model.SerializeToString(), 6))


def rows_of(name: str, subject: Subject) -> Iterable[str]:
    """Yield a line of the table for each form."""
    before = answers(subject.model, subject.judging)
    made = list(forms(name, subject))
    gains = speedups([subject.model, *(model for _, model, _ in made)], subject.timed)[1:]
    whole, small = len(subject.model.SerializeToString()), zipped(subject.model)
    for (form, model, widths), gain in zip(made, gains, strict=True):
        after = answers(model, subject.judging)
        measured = accuracy(before, after, subject.judging)
        right = "" if measured is None else f"{measured.before:.4f} → {measured.after:.4f}"
        # Random weights give no answers that could stay the same.
        same = f"{agreement(before, after, subject.judging).same_answers:.3f}" if measured else ""
        yield (
            f"| {name} | {form} | {widths} | {whole / len(model.SerializeToString()):.2f} |"
            f" {small / zipped(model):.2f} | {gain:.2f} |"
            f" {same} | {right} |"
        )


def subject_of(name: str) -> Subject:
    """Return a network of the table."""
    return SUBJECTS[name]() if name in SUBJECTS else of_digits(name)


def main() -> None:
    """Print the table, and write it into the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("subjects", nargs="*", default=list(NETWORKS))
    told = parser.parse_args()
    lines = [f"Measured on {machine()}.", "", f"| {' | '.join(COLUMNS)} |", f"|{' --- |' * len(COLUMNS)}"]
    for name in told.subjects:
        for line in rows_of(name, subject_of(name)):
            print(line, flush=True)
            lines.append(line)
    if told.write:
        page = PAGE.read_text(encoding="utf-8")
        table = "\n".join(lines)
        marked = f"<!-- measured -->\n{table}\n<!-- /measured -->"
        found = re.sub(r"<!-- measured -->.*<!-- /measured -->", lambda _: marked, page, flags=re.S)
        PAGE.write_text(found, encoding="utf-8")


if __name__ == "__main__":
    main()
