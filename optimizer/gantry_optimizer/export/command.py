"""The command `gantry-optimize --export`."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..check import full_check
from ..dataset import read_samples
from ..ending import Stopped, failed, failure_of, stoppable
from ..failure import OptimizationError
from ..generated import generated_samples
from ..new_folder import new_folder
from ..options import Usage
from ..output import require_free, say, show, write_json
from ..samples import Samples
from .formats import source_of
from .parity import Kind, Parity, parity, require_parity, tables
from .sampling import sampled_by
from .source import Source, refused
from .writing import Document, as_document, as_markdown, write_folder


def parser() -> argparse.ArgumentParser:
    """Return the options."""
    options = Usage(
        prog="gantry-optimize --export",
        description="Exports a model of another library to ONNX, and proves that its answers stay the same.",
        allow_abbrev=False,
    )
    options.add_argument(
        "--export", type=Path, required=True, metavar="PATH", help="the model, a file or a folder"
    )
    options.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder that is written")
    options.add_argument(
        "--class", dest="class_name", metavar="FILE.py:NAME", help="the module that takes weights of PyTorch"
    )
    options.add_argument("--dataset", type=Path, metavar="FILE", help=".safetensors, .npz or .jsonl")
    options.add_argument("--dataset-name", metavar="TEXT", help="what messages call the data set")
    options.add_argument(
        "--sampler",
        action="append",
        metavar="WORD",
        help="a word of the command that makes samples for the new graph (export/sampling.py)",
    )
    options.add_argument(
        "--no-missing-values", action="store_true", help="rows never have missing numbers (NaN)"
    )
    options.add_argument("--report", type=Path, metavar="FILE", help="the report, as JSON")
    options.add_argument("--failure", type=Path, metavar="FILE", help="a failure goes here, too, as JSON")
    options.add_argument("--replace", action="store_true", help="the output may be there already")
    return options


def is_export(arguments: Sequence[str]) -> bool:
    """Return whether a command line asks for an export."""
    return any(one == "--export" or one.startswith("--export=") for one in arguments)


def generated_of(source: Source, *, has_dataset: bool) -> Iterator[tuple[Kind, Samples]]:
    """Yield inputs that are made up from the graph; none where it does not say which, and a data set stands in."""
    try:
        generated = generated_samples(source.model)
    except OptimizationError as error:
        if not has_dataset or error.reason != "CalibrationInvalid":
            raise
        say(f"no inputs are generated: {error.sentence}")
        return
    if source.rows == "table":
        yield from tables(source, generated)
    else:
        yield "generated", generated


def compared_on(source: Source, given: argparse.Namespace, made: Path) -> Iterator[tuple[Kind, Samples]]:
    """Yield the samples on which the graph in a folder has to answer as the library does."""
    has_dataset = given.dataset is not None or given.sampler is not None
    for kind, samples in generated_of(source, has_dataset=has_dataset):
        if kind != "missing" or not given.no_missing_values:
            yield kind, samples
    if has_dataset:
        dataset = sampled_by(given.sampler, made) if given.sampler else given.dataset
        yield "dataset", replace(read_samples(dataset, source.model, given.dataset_name), generated=False)


def export(given: argparse.Namespace) -> Document:
    """Write the new folder, and the report before it appears.

    Raises
    ------
    OptimizationError
        Why there is no graph, or that it answers otherwise than the library.
    """
    output: Path = given.output
    if not given.export.exists():
        raise refused(f"There is no {given.export}.")
    needed = [path for path in (given.export, given.dataset, given.report, given.failure) if path is not None]
    require_free(output, needed, replace=given.replace)
    say(f"reading {given.export.name}, and exporting it …")
    source = source_of(given.export, given.class_name, given.dataset)
    unsound = full_check(source.model)
    if unsound is not None:
        raise OptimizationError("OptimizationFailed", f"The converter made an unsound graph: {unsound}")
    measured: list[Parity] = []
    with new_folder(output) as made:
        write_folder(source, made)
        for kind, samples in compared_on(source, given, made):
            say(f"comparing on {len(samples)} {kind} inputs …")
            measured.append(parity(source, samples, kind))
            require_parity(measured[-1])
        report = as_document(source, given.export, measured)
        if given.report is not None:
            write_json(given.report, report)
    return report


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns
    -------
    int
        0 with a new folder; 1 without one, and the reason on standard error; 2 where the options are wrong.
    """
    given = parser().parse_args(arguments)
    try:
        with stoppable():
            report = export(given)
    except Stopped as stopped:
        sentence = f"The export was stopped by {stopped}. Start it again."
        return failed(OptimizationError("OptimizationFailed", sentence), given)
    except Exception as error:  # whatever it is, a failure without a reason helps nobody
        return failed(failure_of(error), given)
    show(as_markdown(report))
    return 0
