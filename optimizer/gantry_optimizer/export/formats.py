"""Which library wrote a file, by its name; nothing is opened to find out."""

from collections.abc import Callable, Mapping
from pathlib import Path

from .boosters import lightgbm_source, xgboost_source
from .catboost import catboost_source
from .pickles import refuse_pickle
from .scikit import scikit_source
from .source import Source, refused

TABLES: Mapping[str, Callable[[Path], Source]] = {
    ".skops": scikit_source,
    ".json": xgboost_source,
    ".ubj": xgboost_source,
    ".txt": lightgbm_source,
    ".cbm": catboost_source,
}
"""Readers of models of tables by the ends of file names."""


def table_source(path: Path) -> Source:
    """Read and convert a model of a table.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with what to do instead: a pickle, a graph that is ONNX already, an unknown format.
    """
    refuse_pickle(path)
    suffix = path.suffix.lower()
    if suffix == ".onnx":
        raise refused(f"{path.name} is ONNX already. Give its folder as --model to optimize it.")
    reader = TABLES.get(suffix)
    if reader is None:
        raise refused(f"{path.name} ends with none of {', '.join(TABLES)}.")
    return reader(path)
