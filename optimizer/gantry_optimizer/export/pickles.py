"""Finds pickles by their content. Reading a pickle runs the code that it names, so none is ever read."""

import bz2
import gzip
import lzma
import zlib
from contextlib import suppress
from pathlib import Path

from .source import refused

PICKLE_SUFFIXES = frozenset([".pkl", ".pickle", ".p", ".joblib", ".sav", ".dill", ".cloudpickle"])
"""Names that libraries give to pickles."""

FIRST_BYTES = 64
"""A pickle says its protocol in the first two bytes."""


def beginning(path: Path) -> bytes:
    """Return the first bytes of a file."""
    with path.open("rb") as file:
        return file.read(FIRST_BYTES)


def unpacked_beginnings(path: Path) -> list[bytes]:
    """Return the first bytes of a file as it is, and as joblib packs: gzip, zlib, bz2, xz and lzma."""
    head = beginning(path)
    found = [head]
    for opener in (gzip.open, bz2.open, lzma.open):
        try:
            with opener(path, "rb") as file:
                found.append(bytes(file.read(FIRST_BYTES)))
        except (OSError, EOFError, lzma.LZMAError):
            continue
    with path.open("rb") as raw, suppress(zlib.error):
        found.append(zlib.decompressobj().decompress(raw.read(1 << 16), FIRST_BYTES))
    return found


def is_pickle(path: Path) -> bool:
    """Return whether a file is a pickle of protocol 2 to 5, whatever its name, packed or not.

    Protocols 0 and 1 have no mark. They are texts that no format which is read here begins with.
    """
    return any(head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05" for head in unpacked_beginnings(path))


def refuse_pickle(path: Path) -> None:
    """Raise where a file is a pickle by its name or by its content.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the format to save the model in instead.
    """
    if path.suffix.lower() in PICKLE_SUFFIXES or is_pickle(path):
        raise refused(
            f"{path.name} is a pickle. Reading one runs the code that it names, so it is not read."
            " Where you trust the file, load it yourself and save the model again: scikit-learn with skops"
            " (.skops), XGBoost .json or .ubj, LightGBM .txt, CatBoost .cbm, PyTorch .safetensors or .pt2."
        )
