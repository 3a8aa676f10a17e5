"""The options of the command `gantry-optimize`."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from .defaults import MAX_ACCURACY_DROP, PRUNE_RATIOS
from .recipe import Distill, Prune, Recipe

STUDENT_PARTS = ("layers", "width")
STUDENT_SHARE = 0.5
"""Share of layers or of widths that stays where none is given."""


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
    options.add_argument(
        "--distill", type=distill_option, metavar="PART:SHARE", help="such as layers:0.5,width:0.5"
    )
    options.add_argument("--distill-epochs", type=whole_number(1, 10_000), metavar="N")
    options.add_argument("--distill-seconds", type=whole_number(1, 604_800), metavar="N")
    options.add_argument("--distill-seed", type=whole_number(0, 2**31 - 1), metavar="N")
    options.add_argument("--graph", choices=["none", "basic", "all"], default="none", help="merge nodes")
    options.add_argument(
        "--quantize", choices=["none", "int8-dynamic", "int8-static", "int4", "fp16"], default="none"
    )
    options.add_argument(
        "--prune", type=prune_option, metavar="METHOD[:RATIO]", help="such as structured:0.4"
    )
    options.add_argument("--prune-heads", action="store_true", help="structured pruning may take heads, too")
    options.add_argument("--dataset", type=Path, metavar="FILE", help=".safetensors, .npz or .jsonl")
    options.add_argument("--dataset-name", metavar="TEXT", help="what messages call the data set")
    options.add_argument("--max-accuracy-drop", type=share, default=MAX_ACCURACY_DROP, metavar="SHARE")
    options.add_argument(
        "--threads", type=whole_number(1, 256), default=1, metavar="N", help="threads of a run"
    )
    options.add_argument("--report", type=Path, metavar="FILE", help="the report, as JSON")
    options.add_argument("--failure", type=Path, metavar="FILE", help="a failure goes here, too, as JSON")
    options.add_argument(
        "--judge-later", action="store_true", help="a drop beyond --max-accuracy-drop is only reported"
    )
    options.add_argument("--replace", action="store_true", help="the output may be there already")
    options.add_argument(
        "--judge",
        action="append",
        metavar="WORD",
        help="a word of the command that judges the new folder before it appears (judging.py)",
    )
    options.add_argument(
        "--check-only", action="store_true", help="only say whether the options and paths will do"
    )
    return options


def prune_option(text: str) -> Prune:
    """Read METHOD or METHOD:RATIO."""
    method, _, ratio = text.partition(":")
    if method not in PRUNE_RATIOS:
        raise argparse.ArgumentTypeError(f"{method} is none of {', '.join(PRUNE_RATIOS)}")
    value = share(ratio) if ratio else PRUNE_RATIOS[method]
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


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text} is no number from {least} to {most}")
        return int(text)

    return read


def distill_option(text: str) -> Distill:
    """Read PART:SHARE or PART, several of them with commas between; the share that stays is a half by default."""
    given: dict[str, float] = {}
    for one in text.split(","):
        part, _, number = one.partition(":")
        if part not in STUDENT_PARTS or part in given:
            raise argparse.ArgumentTypeError(f"{one} is none of {', '.join(STUDENT_PARTS)}, each once")
        given[part] = share(number) if number else STUDENT_SHARE
        if not 0 < given[part] < 1:
            raise argparse.ArgumentTypeError(
                f"the share of {part} is {given[part]:g}, and must lie between 0 and 1"
            )
    return Distill(layers=given.get("layers", 1.0), width=given.get("width", 1.0))


def student_of(given: argparse.Namespace, options: argparse.ArgumentParser) -> Distill | None:
    """Return how a student is made; ends with 2 where only its training is given."""
    training = {"epochs": given.distill_epochs, "seconds": given.distill_seconds, "seed": given.distill_seed}
    known = {name: value for name, value in training.items() if value is not None}
    student: Distill | None = given.distill
    if student is None:
        if known:
            options.error(f"--distill-{next(iter(known))} needs --distill")
        return None
    if given.dataset is None and not given.check_only:
        options.error("--distill needs --dataset: generated inputs teach a student nothing")
    return replace(student, **known)


def recipe_of(given: argparse.Namespace, options: argparse.ArgumentParser) -> Recipe:
    """Return the recipe; ends with 2 where it does nothing or contradicts itself."""
    how: Prune | None = given.prune
    if given.prune_heads:
        if how is None or how.method != "structured":
            options.error("--prune-heads needs --prune structured")
        how = Prune(how.method, how.ratio, heads=True)
    recipe = Recipe(given.graph, how, given.quantize, student_of(given, options))
    if not recipe.as_json():
        options.error("the recipe does nothing: give --graph, --prune, --quantize or --distill")
    return recipe
