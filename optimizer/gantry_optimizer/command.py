"""The command `gantry-optimize`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from onnx import ModelProto

from .check import refuse_custom_operators
from .dataset import read_samples
from .ending import Stopped, failed, failure_of, stoppable
from .failure import OptimizationError
from .folder import ModelFolder, graph_bytes, load_graph, open_folder, refuse_links, write_folder
from .free_memory import available_bytes
from .generated import generated_samples
from .judging import judged_by
from .markdown import as_markdown
from .memory import needed_to_read, needed_to_run, require_memory
from .new_folder import new_folder
from .options import parser, recipe_of
from .output import lies_in, require_free, say, show, write_json
from .pipeline import optimize
from .recipe import Recipe
from .report import as_document
from .runtime import LARGEST_IN_MEMORY
from .samples import Samples, halves_of
from .step import StepContext
from .weights import set_aside


def samples_for(model: ModelProto, given: argparse.Namespace) -> Samples:
    """Return the samples of a file, or generated ones."""
    if given.dataset is None:
        return generated_samples(model)
    return read_samples(given.dataset, model, given.dataset_name)


def checked_folder(given: argparse.Namespace, recipe: Recipe) -> ModelFolder:
    """Return the folder of the model.

    Raises
    ------
    OptimizationError
        What can be said of paths and memory before the model is read.
    """
    output: Path = given.output
    folder = open_folder(given.model, given.file)
    needed = [path for path in (folder.path, given.dataset, given.report, given.failure) if path is not None]
    require_free(output, needed, replace=given.replace)
    if lies_in(output, folder.path):
        raise OptimizationError(
            "OptimizationFailed", f"{output} lies in {folder.path}. Give another --output."
        )
    refuse_links(folder)
    require_memory(needed_to_read(graph_bytes(folder), given.dataset, recipe), available_bytes())
    return folder


def work_on(given: argparse.Namespace, recipe: Recipe) -> str:
    """Write the new folder, and the report before it appears.

    Returns
    -------
    str
        The report for people.
    """
    folder = checked_folder(given, recipe)
    if given.check_only:
        return ""
    available = available_bytes()
    is_large = graph_bytes(folder) >= LARGEST_IN_MEMORY
    model = load_graph(folder, far=is_large)
    refuse_custom_operators(model)
    with new_folder(given.output) as made:
        if is_large:
            say("setting the weights aside …")
            set_aside(model, made.parent)
        calibration, judging = halves_of(samples_for(model, given))
        say(require_memory(needed_to_run(model, recipe, calibration, judging), available))
        context = StepContext(
            model, calibration, judging, given.max_accuracy_drop, given.threads, made.parent, say
        )
        optimized = optimize(recipe, context, judge_later=given.judge_later)
        write_folder(folder, optimized.model, made)
        document = as_document(optimized, recipe, folder.graph)
        text = as_markdown(optimized, recipe, given.model.resolve().name)
        # Another program measures both models now, and needs the memory.
        del optimized, context, model, calibration, judging
        if given.judge:
            show(text)
            served = judged_by(given.judge, made)
            document["served"] = served.sentence
            text = f"\n{served.sentence}\n"
        if given.report is not None:
            write_json(given.report, document)
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    int
        0 with a new folder; 1 without one, and the reason on standard error; 2 where the options are wrong.
    """
    options = parser()
    given = options.parse_args(arguments)
    recipe = recipe_of(given, options)
    try:
        with stoppable():
            text = work_on(given, recipe)
    except Stopped as stopped:
        sentence = f"The optimization was stopped by {stopped}. Start it again."
        return failed(OptimizationError("OptimizationFailed", sentence), given)
    except Exception as error:  # whatever it is, a failure without a reason helps nobody
        return failed(failure_of(error), given)
    show(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
