"""The command `gantry-optimize`."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import numpy as np
from onnx import ModelProto

from .check import refuse_custom_operators
from .dataset import read_samples
from .failure import OptimizationError
from .folder import (
    graph_bytes,
    is_full,
    is_model,
    load_graph,
    new_folder,
    open_folder,
    refuse_links,
    write_folder,
)
from .generated import generated_samples
from .markdown import as_markdown
from .memory import available_bytes, require_memory
from .pipeline import Optimized, optimize
from .recipe import Prune, Recipe
from .report import as_document, failure_document
from .samples import Samples
from .step import StepContext

SEED = 0
"""The same samples calibrate in every run."""

PRUNE_DEFAULTS = {"l1-unstructured": 0.3, "structured": 0.4}


class Usage(argparse.ArgumentParser):
    """A parser that ends with 2, as commands do, and prints the one sentence that helps."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the options."""
        self.exit(2, f"optimize: {message}\n--help lists all options.\n")


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = Usage(
        prog="gantry-optimize",
        description="Makes the ONNX model of a folder smaller and faster, and measures that it is not worse.",
    )
    options.add_argument("--model", type=Path, required=True, metavar="DIR", help="folder of the model")
    options.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder that is written")
    options.add_argument("--file", metavar="GRAPH", help="the graph, where the folder has several")
    options.add_argument("--graph", choices=["none", "basic", "all"], default="none", help="merge nodes")
    options.add_argument(
        "--quantize", choices=["none", "int8-dynamic", "int8-static", "int4", "fp16"], default="none"
    )
    options.add_argument(
        "--prune", type=prune_option, metavar="METHOD[:RATIO]", help="such as structured:0.4"
    )
    options.add_argument("--prune-heads", action="store_true", help="structured pruning may take heads, too")
    options.add_argument("--dataset", type=Path, metavar="FILE", help=".safetensors, .npz or .jsonl")
    options.add_argument("--max-accuracy-drop", type=share, default=0.01, metavar="SHARE")
    options.add_argument("--threads", type=threads_option, default=1, metavar="N", help="threads of a run")
    options.add_argument("--report", type=Path, metavar="FILE", help="the report, as JSON")
    options.add_argument("--failure", type=Path, metavar="FILE", help="a failure goes here, too, as JSON")
    options.add_argument(
        "--judge-later", action="store_true", help="a drop beyond --max-accuracy-drop is only reported"
    )
    options.add_argument("--replace", action="store_true", help="the output may be there already")
    return options


def prune_option(text: str) -> Prune:
    """Read METHOD or METHOD:RATIO."""
    method, _, ratio = text.partition(":")
    if method not in PRUNE_DEFAULTS:
        raise argparse.ArgumentTypeError(f"{method} is none of {', '.join(PRUNE_DEFAULTS)}")
    value = share(ratio) if ratio else PRUNE_DEFAULTS[method]
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"the ratio is {value:g}, and must lie between 0 and 1")
    return Prune("structured" if method == "structured" else "l1-unstructured", value)


def share(text: str) -> float:
    """Read a number from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 0 to 1")
    return value


def threads_option(text: str) -> int:
    """Read how many threads a run has."""
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 256")
    return int(text)


def recipe_of(given: argparse.Namespace, options: argparse.ArgumentParser) -> Recipe:
    """Return the recipe; ends with 2 where it does nothing or contradicts itself."""
    how: Prune | None = given.prune
    if given.prune_heads:
        if how is None or how.method != "structured":
            options.error("--prune-heads needs --prune structured")
        how = Prune(how.method, how.ratio, heads=True)
    recipe = Recipe(given.graph, how, given.quantize)
    if not recipe.as_json():
        options.error("the recipe does nothing: give --graph, --prune or --quantize")
    return recipe


def split(samples: Samples) -> tuple[Samples, Samples]:
    """Return (calibration, judging): halves, drawn by a seed, so that no step is judged by what it learned from."""
    numbers = np.arange(len(samples)) if samples.numbers is None else samples.numbers
    order = np.random.default_rng(SEED).permutation(np.unique(numbers))
    calibrates = np.isin(numbers, order[: len(order) // 2])
    return samples.part(np.flatnonzero(calibrates)), samples.part(np.flatnonzero(~calibrates))


def samples_for(model: ModelProto, dataset: Path | None) -> Samples:
    """Return the samples of a file, or generated ones."""
    return generated_samples(model) if dataset is None else read_samples(dataset, model)


def say(line: str) -> None:
    """Print a line of progress; nobody need read it."""
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def work_on(given: argparse.Namespace, recipe: Recipe) -> Optimized:
    """Write the new folder, and the report before it appears."""
    output: Path = given.output
    folder = open_folder(given.model, given.file)
    needed = [path for path in (folder.path, given.dataset, given.report, given.failure) if path is not None]
    require_free(output, needed, replace=given.replace)
    if lies_in(output, folder.path):
        raise OptimizationError(
            "OptimizationFailed", f"{output} lies in {folder.path}. Give another --output."
        )
    refuse_links(folder)
    say(require_memory(graph_bytes(folder), available_bytes()))
    model = load_graph(folder)
    refuse_custom_operators(model)
    calibration, judging = split(samples_for(model, given.dataset))
    with new_folder(output) as made:
        context = StepContext(
            model, calibration, judging, given.max_accuracy_drop, given.threads, made.parent, say
        )
        optimized = optimize(recipe, context, judge_later=given.judge_later)
        write_folder(folder, optimized.model, made)
        if given.report is not None:
            write_json(given.report, as_document(optimized, recipe, folder.graph))
    return optimized


def lies_in(path: Path, folder: Path) -> bool:
    """Return whether `path` is `folder`, or is below it."""
    return path.resolve().is_relative_to(folder.resolve())


def require_free(output: Path, needed: Sequence[Path], *, replace: bool) -> None:
    """Raise where the output cannot be written without a loss.

    Parameters
    ----------
    output
        The folder that is written; what it holds is removed.
    needed
        What the run reads and writes beside it.
    replace
        Whether a model that is there may be removed.

    Raises
    ------
    OptimizationError
        OptimizationFailed, with another path to give.
    """
    inside = next((path for path in needed if lies_in(path, output)), None)
    if inside is not None:
        raise OptimizationError(
            "OptimizationFailed", f"{inside} lies in {output}, which is replaced. Give another --output."
        )
    if output.is_symlink():
        raise OptimizationError(
            "OptimizationFailed", f"{output} is a link. Give the folder itself as --output."
        )
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    if not replace:
        raise OptimizationError(
            "OptimizationFailed", f"{output} is there already. Give --replace to replace it."
        )
    if not is_model(output):
        raise OptimizationError(
            "OptimizationFailed",
            f"{output} is no folder of a model, so it is not replaced. Remove it yourself.",
        )


def failure_of(error: BaseException) -> OptimizationError:
    """Return an error as a failure with a sentence."""
    if isinstance(error, OptimizationError):
        return error
    if isinstance(error, MemoryError):
        return OptimizationError(
            "OptimizationOutOfMemory", "There is not enough memory. Give the optimization more memory."
        )
    if is_full(error):
        return OptimizationError(
            "VolumeFull", f"No space is left: {error}. Free some, or give a larger volume."
        )
    if isinstance(error, OSError):
        where = f" with {error.filename}" if error.filename is not None else ""
        return OptimizationError("OptimizationFailed", f"Not possible{where}: {error.strerror or error}.")
    said = ": ".join(filter(None, [type(error).__name__, " ".join(str(error).split())[:300]]))
    return OptimizationError(
        "OptimizationFailed",
        f"The optimizer met an error that it does not know ({said}). Try another recipe, and report it.",
    )


class Stopped(BaseException):
    """A signal asks the program to end. Whatever tools do about errors, none of them keeps this one."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise Stopped in the block where SIGTERM or SIGINT comes, so that the temporary folders go."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        del frame
        raise Stopped(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a new file whole or not at all.

    One that is there is overwritten in its place: a termination message is mounted, and cannot be renamed over.
    """
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    # Names of files need not be texts.
    content = text.encode(errors="replace")
    if path.exists():
        path.write_bytes(content)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


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
            optimized = work_on(given, recipe)
    except Stopped as stopped:
        sentence = f"The optimization was stopped by {stopped}. Start it again."
        return failed(OptimizationError("OptimizationFailed", sentence), given)
    except Exception as error:  # whatever it is, a failure without a reason helps nobody
        return failed(failure_of(error), given)
    show(as_markdown(optimized, recipe, given.model.resolve().name))
    return 0


def show(text: str) -> None:
    """Print the report. The folder is there, whether anybody reads it or not."""
    try:
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, errors="replace").decode(encoding), end="", flush=True)
    except OSError as error:
        say(f"The new folder is written, but the report could not be printed: {error.strerror}.")
        # Python would complain once more when it ends.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123


def failed(failure: OptimizationError, given: argparse.Namespace) -> int:
    """Say why there is no new folder."""
    say(f"{failure.reason}: {failure.sentence}")
    for path in (given.report, given.failure):
        if path is not None:
            try:
                write_json(path, failure_document(failure))
            except OSError as error:
                say(f"{path} was not written: {error.strerror}.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
