"""The report as Markdown, for people."""

from collections.abc import Mapping

from .free_memory import readable
from .pipeline import Measured, Optimized, StepReport
from .plain import counted, plain_name
from .recipe import Distill, Recipe
from .step import Choice

WIDEST_LIST = 12
"""Entries of a list; a large graph has hundreds of nodes that stayed as they were."""


def as_markdown(optimized: Optimized, recipe: Recipe, name: str) -> str:
    """Return the report; `name` is that of the model."""
    rows = [row(report.name, report.measured) for report in optimized.steps]
    if len(rows) > 1:
        rows.append(row("all", optimized.total))
    lines = [
        f"# {name}: {described(recipe)}",
        "",
        "| step | size | speed | same answers | largest difference | accuracy |",
        "| --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        optimized.verdict.sentence,
        *([inputs_remark] if optimized.total.agreement.generated else []),
        latency_remark(optimized.total),
    ]
    for report in optimized.steps:
        lines += ["", *step_lines(report)]
    return "\n".join(lines) + "\n"


inputs_remark = (
    "The inputs were generated from the shapes of the graph, which proves less than samples of a data set do."
)


def latency_remark(total: Measured) -> str:
    """Return on what the speed was measured."""
    measured = total.latency
    return (
        f"Speed is the median time before by that after, {counted(measured.rows, 'row')} at a time on "
        f"{counted(measured.threads, 'thread')}: "
        f"{measured.before_ms:.2f} ms before, {measured.after_ms:.2f} ms after."
    )


def described(recipe: Recipe) -> str:
    """Return a recipe in words."""
    parts = []
    if recipe.distill is not None:
        parts.append(student(recipe.distill))
    if recipe.graph != "none":
        parts.append(f"graph {recipe.graph}")
    if recipe.prune is not None:
        parts.append(f"prune {recipe.prune.method} {recipe.prune.ratio:g}")
    if recipe.quantize != "none":
        parts.append(f"quantize {recipe.quantize}")
    return ", ".join(parts)


def student(how: Distill) -> str:
    """Return how small a student is, in words."""
    shares = (("layers", how.layers), ("width", how.width))
    return "distill " + " and ".join(f"{part} {share:g}" for part, share in shares if share < 1)


def row(name: str, measured: Measured) -> str:
    """Return a row of the table."""
    sizes, agreed, labelled = measured.sizes, measured.agreement, measured.accuracy
    size = f"{readable_size(sizes.before)} → {readable_size(sizes.after)}"
    if sizes.compressed_before is not None and sizes.compressed_after is not None:
        size += f" (gzip {readable_size(sizes.compressed_before)} → {readable_size(sizes.compressed_after)})"
    speed = f"{measured.latency.speedup:.2f}x ± {measured.latency.spread:.2f}"
    correct = "no labels"
    if labelled is not None:
        low, high = labelled.interval
        correct = f"{labelled.before:.4f} → {labelled.after:.4f} ({low:+.4f} to {high:+.4f})"
    return f"| {name} | {size} | {speed} | {agreed.same_answers:.4f} | {agreed.largest_difference:.2g} | {correct} |"


def readable_size(count: int) -> str:
    """Return bytes for people; small graphs in KiB, and a digit behind the point, since a step may save little."""
    if count < 1 << 20:
        return f"{count / 1024:.1f} KiB"
    return f"{count / (1 << 20):.1f} MiB" if count < 1 << 30 else readable(count)


def step_lines(report: StepReport) -> list[str]:
    """Return what a step did, in lines."""
    result = report.result
    lines = [f"## {report.name}", "", f"{result.tool}. Nodes: {changed_nodes(report)}."]
    lines += [f"- {remark}" for remark in result.remarks]
    lines += listed(
        [
            f"- {plain_name(block.node)}: {block.kind}, {block.start} → {block.end}"
            f"{', refitted' if block.refitted else ''}"
            for block in result.blocks
        ]
    )
    lines += listed(
        [
            f"- {plain_name(kept.node)} ({plain_name(kept.operator)}) stays as it is: {kept.reason}"
            for kept in result.kept
        ]
    )
    lines += [choice_line(choice) for choice in result.choices]
    return lines


def choice_line(choice: Choice) -> str:
    """Return one way that was tried, with what was measured of it."""
    parts = [choice.name]
    if choice.speedup is not None:
        parts.append(f"{choice.speedup:.2f}x")
    if choice.accuracy is not None:
        parts.append(f"accuracy {choice.accuracy:.4f} on the calibration samples")
    if choice.same_answers is not None:
        parts.append(f"{choice.same_answers:.4f} of the answers the same")
    if choice.message is not None:
        parts.append(choice.message)
    return f"- {'taken' if choice.chosen else 'tried'}: {', '.join(parts)}"


def listed(lines: list[str]) -> list[str]:
    """Return the first lines and how many more there are."""
    more = len(lines) - WIDEST_LIST
    return lines if more <= 0 else [*lines[:WIDEST_LIST], f"- and {more} more"]


def changed_nodes(report: StepReport) -> str:
    """Return what operators became more or fewer."""
    before, after = report.nodes_before, report.nodes_after
    changes = [
        f"{name} {before.get(name, 0)} → {after.get(name, 0)}"
        for name in sorted({*before, *after})
        if before.get(name, 0) != after.get(name, 0)
    ]
    return f"{total(before)} → {total(after)}" + (f" ({', '.join(changes)})" if changes else "")


def total(nodes: Mapping[str, int]) -> int:
    """Return how many nodes there are."""
    return sum(nodes.values())
