"""A model of another library, and the graph that was made of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from onnx import ModelProto

from ..failure import OptimizationError
from ..samples import Array, Feeds

Reference = Callable[[Feeds], Mapping[str, Array]]
"""What the library itself answers: outputs by the names of the graph; axis 0 is the batch."""

OPSET = 18
"""Opset of the default domain; the server's onnxruntime runs it, and so does every one since 1.14."""

ML_OPSET = 3
"""Opset of ai.onnx.ml; the converters write no newer operator of trees."""

EXTRAS = {"trees": "requirements-trees.lock", "torch": "requirements-torch.lock"}
"""Extras of pyproject.toml with their lock files."""


@dataclass(frozen=True)
class Source:
    """A graph beside the model that it was made of.

    Parameters
    ----------
    model
        The graph.
    reference
        The model in its own library.
    library
        Name of the package that wrote the file.
    classes
        Names of the classes in the order of the columns of probabilities; None where there are none.
    features
        Names of the columns of the input; None where the file has none.
    remarks
        Sentences for the report.
    rows
        What it is compared on: rows of a table around thresholds, or tensors.
    copied
        Files that the server reads beside the graph, by their paths in the folder that is written.
    """

    model: ModelProto
    reference: Reference
    library: str
    classes: Sequence[str] | None = None
    features: Sequence[str] | None = None
    remarks: tuple[str, ...] = ()
    rows: Literal["table", "tensors"] = "table"
    copied: Mapping[str, Path] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Return the version of the library that is installed."""
        return version(self.library)


def refused(sentence: str) -> OptimizationError:
    """Return a failure that says what cannot be exported, and what to do instead."""
    return OptimizationError("OptimizationUnsupported", sentence)


def library(name: str, extra: str) -> Any:  # noqa: ANN401 - a module of a package without types
    """Return a module of an extra.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where the extra is not installed.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise refused(
            f"This file needs the extra {extra}, which is not installed ({error})."
            f" Install it: pip install --no-deps --require-hashes --requirement {EXTRAS[extra]}."
            f" For a cluster, build the image with REQUIREMENTS=requirements-exporter.lock (docs/install.md)."
        ) from error


def said_by(error: BaseException) -> str:
    """Return the message of an error on one line, cut."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
