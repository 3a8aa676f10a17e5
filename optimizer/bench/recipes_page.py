"""Writes the table of docs/optimizer-recipes.md from the rows that were measured."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "optimizer-recipes.md"

COLUMNS = (
    *("recipe", "made", "times smaller", "gzipped", "times faster", "at 1 row", "same answers"),
    *("mean difference", "accuracy", "notes"),
)

NAMES = {
    "graph": "`graph: all`",
    "l1": "`prune: l1-unstructured 0.3`",
    "structured": "`prune: structured 0.4`",
    "int8-dynamic": "`int8-dynamic`",
    "int8-static": "`int8-static`",
    "int4": "`int4`",
    "fp16": "`fp16`",
    "graph+int8": "`graph: all`, `int8-dynamic`",
    "structured+int8": "`structured 0.4`, `int8-dynamic`",
}

BUSY = "\\*"

Row = dict[str, Any]


def write_page(work: Path, models: Sequence[str], recipes: Sequence[str]) -> None:
    """Replace what stands between the marks of the page."""
    lines: list[str] = []
    for model in models:
        rows = [
            json.loads(path.read_text(encoding="utf-8"))
            for recipe in recipes
            if (path := work / f"{model}--{recipe}.json").exists()
        ]
        if rows:
            lines += section(model, rows)
    text = "\n".join(["<!-- measured -->", *lines, "<!-- /measured -->"])
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        re.sub(r"<!-- measured -->.*<!-- /measured -->", lambda _: text, page, flags=re.S), encoding="utf-8"
    )


def section(model: str, rows: Sequence[Row]) -> list[str]:
    """Return the lines of one model."""
    judged = next((made for row in rows for made in row["made"].values() if "samples" in made), None)
    on = f", judged on {judged['samples']} {judged_by(judged)}" if judged else ""
    machines = sorted({row["machine"] for row in rows})
    head = [f"### {model}", "", f"{'; '.join(machines)}{on}.", ""]
    table = [f"| {' | '.join(COLUMNS)} |", f"|{' --- |' * len(COLUMNS)}"]
    return [*head, *table, *(line(row, who) for row in rows for who in ("Gantry", "by hand")), ""]


def judged_by(made: Row) -> str:
    """Return what kind of inputs judge."""
    return "generated inputs" if made["inputs"] == "generated" else "samples"


def line(row: Row, who: str) -> str:
    """Return a line of the table."""
    made, name = row["made"][who], NAMES[row["recipe"]]
    if "refused" in made:
        return f"| {name} | {who} | | | | | | | | {made['refused']}: {cell(made['note'])} |"
    right = " → ".join(f"{value:.4f}" for value in made.get("accuracy", []))
    busy = BUSY if row["busy"] else ""
    fast, alone = f"{made['faster']:.2f}{busy}", f"{made['alone']:.2f}{busy}" if "alone" in made else ""
    return (
        f"| {name} | {who} | {made['smaller']:.2f} | {made['gzipped']:.2f} | {fast} | {alone} | {made['same']:.3f} |"
        f" {made['difference']:.2g} | {right} | {cell(made['note'])} |"
    )


def cell(text: str) -> str:
    """Return a text that fits into a cell: its first sentence, without bars."""
    first = text.split(". ")[0].replace("|", "/").replace("<", "&lt;")
    return first if len(first) <= 160 else f"{first[:159]}…"
