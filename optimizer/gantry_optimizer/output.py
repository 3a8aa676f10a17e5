"""What a run writes: where its folder may be, its documents, and what it prints."""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .failure import OptimizationError
from .folder import is_model
from .plain import plain, plain_lines


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


def say(line: str) -> None:
    """Print a line of progress; nobody need read it."""
    with suppress(OSError):
        print(plain(line), file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Print the report. The folder is there, whether anybody reads it or not."""
    try:
        encoding = sys.stdout.encoding or "utf-8"
        print(plain_lines(text).encode(encoding, errors="replace").decode(encoding), end="", flush=True)
    except OSError as error:
        say(f"The new folder is written, but the report could not be printed: {error.strerror}.")
        # Python would complain once more when it ends.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
