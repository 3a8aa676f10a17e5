"""Archives of PyTorch: zip files of one folder, whose files are not compressed."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .source import refused


@dataclass(frozen=True)
class Archive:
    """What an archive holds.

    Parameters
    ----------
    folder
        The one folder in which all files lie.
    files
        Contents by path below that folder.
    """

    folder: str
    files: Mapping[str, bytes]


def names_in(path: Path) -> frozenset[str]:
    """Return the paths below the first folder of a zip file; nothing where a file is none."""
    if not zipfile.is_zipfile(path):
        return frozenset()
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(name.partition("/")[2] for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return frozenset()


def read_archive(path: Path) -> Archive:
    """Read an archive of PyTorch.

    PyTorch compresses nothing, so an archive is never larger than its file. One that says so is made to fill
    the memory.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where it is none, is compressed, or has files that overlap or share a name.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            compressed = next((one for one in entries if one.compress_type != zipfile.ZIP_STORED), None)
            if compressed is not None:
                raise refused(
                    f"{path.name} is compressed ({compressed.filename[:80]}). PyTorch saves nothing so."
                )
            if sum(one.file_size for one in entries) > path.stat().st_size:
                raise refused(f"{path.name} says that it holds more bytes than it has.")
            names = [one.filename for one in entries]
            if len(set(names)) != len(names):
                raise refused(f"{path.name} has two files of one name.")
            folders = {name.partition("/")[0] for name in names}
            if len(folders) != 1 or ".." in folders or "" in folders:
                raise refused(
                    f"{path.name} is no archive of PyTorch: its files lie in {len(folders)} folders."
                )
            return Archive(
                folders.pop(), {one.filename.partition("/")[2]: archive.read(one) for one in entries}
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError) as error:
        raise refused(f"{path.name} is no archive of PyTorch: {error}") from error


def written_archive(archive: Archive) -> io.BytesIO:
    """Return an archive in memory, for a reader that is to see nothing but what was checked."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        for name, content in archive.files.items():
            target.writestr(f"{archive.folder}/{name}", content)
    made.seek(0)
    return made
