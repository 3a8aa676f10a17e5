"""Which library wrote a model, by what a folder or an archive holds, else by the name of a file."""

from collections.abc import Callable, Mapping
from pathlib import Path

from .archives import names_in
from .boosters import lightgbm_source, xgboost_source
from .catboost import catboost_source
from .hugging_face import folder_source
from .pickles import refuse_pickle
from .scikit import scikit_source
from .source import Source, refused
from .torch_models import program_source, weights_source

TABLES: Mapping[str, Callable[[Path], Source]] = {
    ".skops": scikit_source,
    ".json": xgboost_source,
    ".ubj": xgboost_source,
    ".txt": lightgbm_source,
    ".cbm": catboost_source,
}
"""Readers of models of tables by the ends of file names."""

TORCH = (".pt2", ".safetensors", ".pt", ".pth", ".bin")
"""Ends of the names of files of PyTorch."""


def source_of(path: Path, class_name: str | None = None, dataset: Path | None = None) -> Source:
    """Read and convert a model.

    Parameters
    ----------
    class_name
        FILE.py:NAME, for weights of PyTorch.
    dataset
        Samples of the inputs, for weights of PyTorch.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with what to do instead: a pickle, a graph that is ONNX already, an unknown format.
    """
    if path.is_dir():
        refuse_class(path, class_name)
        return folder_source(path)
    names = names_in(path)
    suffix = path.suffix.lower()
    if any(name.startswith("models/") for name in names):
        refuse_class(path, class_name)
        return program_source(path)
    if "data.pkl" in names or suffix == ".safetensors":
        return weights_source(path, class_name, dataset)
    refuse_pickle(path)
    refuse_class(path, class_name)
    if suffix == ".onnx":
        raise refused(f"{path.name} is ONNX already. Give its folder as --model to optimize it.")
    reader = TABLES.get(suffix)
    if reader is None:
        raise refused(
            f"{path.name} is no archive of PyTorch."
            if suffix in TORCH
            else f"{path.name} ends with none of {', '.join([*TABLES, *TORCH])}, and is no folder of Hugging Face."
        )
    return reader(path)


def refuse_class(path: Path, class_name: str | None) -> None:
    """Raise where a class is named for a model that says itself what it is."""
    if class_name is not None:
        raise refused(f"--class is for weights without a model; {path.name} is none.")
