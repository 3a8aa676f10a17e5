"""Models of CatBoost, which writes ONNX itself."""

import tempfile
from pathlib import Path

import numpy as np
import onnx

from ..samples import Array, Feeds
from .source import Source, library, refused, said_by
from .tidy import INPUT, LABEL, PREDICTION, PROBABILITIES, tidied

MAGIC = b"CBM1"
"""First bytes of a .cbm file."""

CLASSIFYING = frozenset(["Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll"])
"""Losses of classifiers."""


def catboost_source(path: Path) -> Source:
    """Read a .cbm file and have CatBoost write it as ONNX.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where it is none, or has features that ONNX cannot express.
    """
    catboost = library("catboost", "trees")
    if not path.read_bytes()[:4] == MAGIC:
        raise refused(f"{path.name} is no .cbm file of CatBoost.")
    trained = catboost.CatBoost()
    try:
        trained.load_model(str(path))
        graph = written(trained)
    except catboost.CatBoostError as error:
        raise refused(f"CatBoost cannot write {path.name} as ONNX: {said_by(error)}") from error
    loss = str(trained.get_all_params().get("loss_function", "")).split(":")[0]
    features = len(trained.feature_names_)
    classes = [str(name) for name in trained.classes_] if loss in CLASSIFYING else None

    def reference(feeds: Feeds) -> dict[str, Array]:
        rows = feeds[INPUT]
        if classes is None:
            numbers = trained.predict(rows, prediction_type="RawFormulaVal")
            return {PREDICTION: np.asarray(numbers).reshape(len(rows), -1)}
        labels = np.asarray(trained.predict(rows, prediction_type="Class")).reshape(-1)
        return {
            LABEL: labels,
            PROBABILITIES: np.asarray(trained.predict(rows, prediction_type="Probability")),
        }

    names = [str(name) for name in trained.feature_names_]
    return Source(
        tidied(graph, features, None if classes is None else len(classes)),
        reference,
        "catboost",
        classes,
        None if names == [str(place) for place in range(features)] else names,
    )


def written(trained: object) -> onnx.ModelProto:
    """Return the graph that CatBoost writes."""
    with tempfile.TemporaryDirectory(prefix="gantry-export-") as folder:
        path = Path(folder) / "model.onnx"
        trained.save_model(str(path), format="onnx")  # type: ignore[attr-defined]
        return onnx.load_model(str(path))
