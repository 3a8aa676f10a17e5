"""The folder that a run writes: it appears whole or not at all."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .failure import OptimizationError


@contextmanager
def new_folder(output: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `output` that becomes `output` when the block ends well.

    All temporary files are made in it meanwhile. A run that was killed leaves it, and the next with the same output
    removes it.

    Raises
    ------
    OptimizationError
        OptimizationFailed where another run writes the same output.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = output.with_name(f".{output.name}.optimizing")
    temporary.mkdir(exist_ok=True)
    lock = os.open(temporary, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OptimizationError("OptimizationFailed", f"Another run writes {output}.") from error
        try:
            clear(temporary)
            made = temporary / "model"
            made.mkdir()
            with temporary_files_in(temporary):
                yield made
            synced(made)
            put(made, output, temporary / "replaced")
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    finally:
        os.close(lock)


@contextmanager
def temporary_files_in(folder: Path) -> Iterator[None]:
    """Let this program make its temporary files in a folder."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def put(made: Path, output: Path, replaced: Path) -> None:
    """Rename `made` to `output`. What is there goes to `replaced`, and comes back where that fails."""
    was_there = output.exists()
    if was_there:
        output.rename(replaced)
    try:
        made.rename(output)
    except OSError:
        if was_there:
            replaced.rename(output)
        raise


def clear(folder: Path) -> None:
    """Remove what a folder holds."""
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def synced(folder: Path) -> None:
    """Wait until a folder and all it holds are on the disk."""
    for entry in [folder, *folder.rglob("*")]:
        opened = os.open(entry, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
