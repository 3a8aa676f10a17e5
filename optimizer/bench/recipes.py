"""Measures every recipe on every model beside the same steps done by hand, and puts the table into the page.

Each row is a file of --work: a run that was stopped goes on where it ended, and rows of a busy machine are measured
again when it is quiet. Run by `npm run bench -- recipes [MODEL ...] [RECIPE ...]`.
"""

import argparse
import gzip
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from onnx import ModelProto

from bench.by_hand import NoToolError, made_by_hand
from bench.quantization import Subject, machine, speedups
from bench.recipes_page import write_page
from bench.subjects import subjects
from gantry_optimizer.accuracy import accuracy
from gantry_optimizer.agreement import agreement
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.graph import node_counts
from gantry_optimizer.pipeline import optimize
from gantry_optimizer.plain import counted
from gantry_optimizer.recipe import Prune, Recipe
from gantry_optimizer.runtime import Answers, answers
from gantry_optimizer.step import StepContext
from gantry_optimizer.weights import size_bytes

RECIPES = {
    "graph": Recipe(graph="all"),
    "l1": Recipe(prune=Prune("l1-unstructured", 0.3)),
    "structured": Recipe(prune=Prune("structured", 0.4)),
    "int8-dynamic": Recipe(quantize="int8-dynamic"),
    "int8-static": Recipe(quantize="int8-static"),
    "int4": Recipe(quantize="int4"),
    "fp16": Recipe(quantize="fp16"),
    "graph+int8": Recipe(graph="all", quantize="int8-dynamic"),
    "structured+int8": Recipe(prune=Prune("structured", 0.4), quantize="int8-dynamic"),
}

SCALED_TOGETHER = frozenset(["DynamicQuantizeLinear", "com.microsoft.DynamicQuantizeMatMul"])
"""Operators that take one scale for all rows: what a request is answered depends on the others of its batch."""

QUIET = 0.75
"""Processes that wait or run for each processor, this one included: above, other programs slow a measurement."""

Row = dict[str, Any]


def busy() -> bool:
    """Return whether other programs use the processors of this machine."""
    return os.getloadavg()[0] > QUIET * (os.cpu_count() or 1)


def made_by_gantry(subject: Subject, recipe: Recipe) -> tuple[ModelProto, str]:
    """Return the model, and what a reader should know of it."""
    with tempfile.TemporaryDirectory() as folder:
        context = StepContext(
            subject.model, subject.calibration, subject.judging, subject.drop, 1, Path(folder), lambda _: None
        )
        made = optimize(recipe, context)
    notes = [one.name for step in made.steps for one in step.result.choices if one.chosen]
    remarks = [said for step in made.steps for said in step.result.remarks]
    stored = [int(said.split()[0]) for said in remarks if "to be faster in int8" in said]
    kept = sum(len(step.result.kept) for step in made.steps)
    blocks = sum(len(step.result.blocks) for step in made.steps)
    notes += [f"{counted(count, 'product')} in float32" for count in stored]
    notes += [f"{counted(blocks, 'block')} narrower"] if blocks else []
    notes += [f"{counted(kept, 'node')} {'stays' if kept == 1 else 'stay'}"] if kept else []
    return made.model, ", ".join(notes)


def measured(subject: Subject, recipe: Recipe) -> Row:
    """Return what the recipe makes of a model, by Gantry and by hand."""
    made: dict[str, ModelProto] = {}
    found: Row = {}
    try:
        made["Gantry"], note = made_by_gantry(subject, recipe)
        found["Gantry"] = {"note": note}
    except OptimizationError as error:
        found["Gantry"] = {"refused": error.reason, "note": error.sentence}
    with tempfile.TemporaryDirectory() as folder:
        try:
            hand = made_by_hand(subject, recipe, Path(folder))
            answers(hand, subject.judging.part([0]))
            made["by hand"], found["by hand"] = hand, {"note": ""}
        except NoToolError as error:
            found["by hand"] = {"refused": "no tool", "note": str(error)}
        except Exception as error:
            found["by hand"] = {"refused": type(error).__name__, "note": " ".join(str(error).split())[:200]}
    if made:
        models = [subject.model, *made.values()]
        gains = speedups(models, subject.timed)[1:]
        alone = speedups(models, {name: value[:1] for name, value in subject.timed.items()})[1:]
        before = answers(subject.model, subject.judging)
        for (who, model), gain, one in zip(made.items(), gains, alone, strict=True):
            found[who] |= {"faster": gain, "alone": one, **compared(subject, before, model)}
            if node_counts(model).keys() & SCALED_TOGETHER:
                found[who]["note"] = "one scale for all rows of a run"
    return found


def compared(subject: Subject, before: Answers, model: ModelProto) -> Row:
    """Return size and answers of a model beside the original."""
    after = answers(model, subject.judging)
    agreed, labelled = agreement(before, after, subject.judging), accuracy(before, after, subject.judging)
    row: Row = {
        "smaller": size_bytes(subject.model) / size_bytes(model),
        "gzipped": zipped(subject.model) / zipped(model),
        "same": agreed.same_answers,
        "difference": agreed.mean_difference,
        "inputs": "generated" if agreed.generated else "samples",
        "samples": agreed.samples,
    }
    return row if labelled is None else row | {"accuracy": [labelled.before, labelled.after]}


def zipped(model: ModelProto) -> int:
    """Return the bytes of a file after gzip."""
    return len(gzip.compress(model.SerializeToString(), 1))


def waiting(work: Path, names: Sequence[str]) -> Iterator[tuple[str, str, Path]]:
    """Yield the rows that are not there, and those of a busy machine while it is quiet."""
    known = list(subjects(work))
    for model in [name for name in names if name in known] or known:
        for recipe in [name for name in names if name in RECIPES] or list(RECIPES):
            path = work / f"{model}--{recipe}.json"
            if not path.exists() or (json.loads(path.read_text(encoding="utf-8"))["busy"] and not busy()):
                yield model, recipe, path


def run_row(work: Path, model: str, recipe: str, path: Path) -> None:
    """Measure a row and keep it."""
    begun_busy = busy()
    found = measured(subjects(work)[model](), RECIPES[recipe])
    row = {
        "model": model,
        "recipe": recipe,
        "machine": machine(),
        "busy": begun_busy or busy(),
        "load": os.getloadavg()[0],
        "made": found,
    }
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    unfinished.rename(path)


def main() -> None:
    """Measure what is missing, and write the table after each row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder of the rows")
    parser.add_argument("names", nargs="*", help="models and recipes; all without")
    told = parser.parse_args()
    unknown = [name for name in told.names if name not in RECIPES and name not in subjects(told.work)]
    if unknown:
        parser.error(
            f"{', '.join(unknown)}: models are {', '.join(subjects(told.work))}; recipes {', '.join(RECIPES)}"
        )
    told.work.mkdir(parents=True, exist_ok=True)
    for model, recipe, path in waiting(told.work, told.names):
        print(f"{model}, {recipe} …", flush=True)
        run_row(told.work, model, recipe, path)
        write_page(told.work, list(subjects(told.work)), list(RECIPES))


if __name__ == "__main__":
    main()
