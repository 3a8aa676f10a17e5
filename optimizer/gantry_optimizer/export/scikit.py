"""Models of scikit-learn, in files of skops."""

import copy
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..samples import Array, Feeds
from .missing import express_missing_values
from .source import ML_OPSET, OPSET, Source, library, refused, said_by
from .thresholds import rounded_down
from .tidy import INPUT, LABEL, PREDICTION, PROBABILITIES, tidied

TRUSTED = (
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    "sklearn.tree._tree.Tree",
)
"""Types that are read beside those that skops trusts itself. They hold numbers. Trees are looked at before they are
used, since scikit-learn follows the numbers of their nodes without a look."""

LARGEST = 4 << 30
"""Bytes that a file may unpack to."""

Converted = Any
"""An estimator of scikit-learn, which has no types."""


def scikit_source(path: Path) -> Source:
    """Read a .skops file and convert the estimator.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported: types that are not trusted, by name; an estimator that ONNX cannot express.
    """
    estimator = read_estimator(path)
    features = getattr(estimator, "n_features_in_", None)
    if not isinstance(features, int) or not hasattr(estimator, "predict"):
        raise refused(f"{path.name} holds {type(estimator).__name__}, which is no fitted model of a table.")
    for tree in trees_in(estimator):
        require_sound_tree(tree, features)
    classes = classes_of(estimator)
    names = getattr(estimator, "feature_names_in_", None)
    model = tidied(
        converted(estimator, features, classes), features, None if classes is None else len(classes)
    )
    return Source(
        model,
        reference_of(estimator, classes is not None),
        "scikit-learn",
        None if classes is None else [str(name) for name in classes],
        None if names is None else [str(name) for name in names],
    )


def read_estimator(path: Path) -> Converted:
    """Return the object of a .skops file, none of whose types is unknown."""
    skops = library("skops.io", "trees")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > LARGEST:
            raise refused(f"{path.name} unpacks to {unpacked >> 20} MiB, and {LARGEST >> 20} are read.")
        unknown = sorted(set(map(str, skops.get_untrusted_types(file=path))) - set(TRUSTED))
        if unknown:
            raise refused(
                f"{path.name} has types that are not trusted: {', '.join(unknown[:8])}."
                " Where you trust the file, convert the model yourself with skl2onnx."
            )
        return skops.load(path, trusted=list(TRUSTED))
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError, ImportError) as error:
        raise refused(f"{path.name} is no file of skops that can be read: {said_by(error)}") from error


def trees_in(estimator: Converted) -> list[Converted]:
    """Return the trees of an estimator, wherever they are in it."""
    found: dict[int, Converted] = {}
    seen: set[int] = set()
    todo = [estimator]
    while todo:
        value = todo.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if f"{type(value).__module__}.{type(value).__qualname__}" in (TRUSTED[0], TRUSTED[3]):
            found[id(value)] = value
        elif isinstance(value, list | tuple | set | frozenset):
            todo.extend(value)
        elif isinstance(value, dict):
            todo.extend(value.values())
        elif isinstance(value, np.ndarray) and value.dtype == object:
            todo.extend(value.ravel().tolist())
        elif hasattr(value, "__dict__"):
            todo.extend(vars(value).values())
    return list(found.values())


def require_sound_tree(tree: Converted, features: int) -> None:
    """Raise where a node of a tree leads to no later node of it, or asks for a feature that is not there."""
    if hasattr(tree, "nodes"):
        nodes = tree.nodes
        inner = nodes["is_leaf"] == 0
        left, right, asked = nodes["left"], nodes["right"], nodes["feature_idx"]
        if bool(np.any(nodes["is_categorical"][inner])):
            raise refused("The model asks for categories, which ONNX cannot express. Encode them before.")
    else:
        left, right, asked = tree.children_left, tree.children_right, tree.feature
        inner = left != -1
    places = np.arange(len(left))
    sound = all(
        bool(np.all(child[inner] > places[inner]) and np.all(child[inner] < len(left)))
        for child in (left.astype(np.int64), right.astype(np.int64))
    )
    known = bool(np.all(asked[inner] >= 0) and np.all(asked[inner] < features))
    if len(left) == 0 or not sound or not known:
        raise refused("A tree of the model leads to nodes or features that it does not have.")


def classes_of(estimator: Converted) -> Array | None:
    """Return the classes of a classifier that gives probabilities; None of a regression."""
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        return None
    if not isinstance(classes, np.ndarray) or classes.ndim != 1:
        raise refused("The model has several targets. Export one classifier for each.")
    if not hasattr(estimator, "predict_proba"):
        raise refused(
            f"{type(estimator).__name__} gives no probabilities. Train it with probabilities,"
            " such as in a CalibratedClassifierCV."
        )
    return classes


def converted(estimator: Converted, features: int, classes: Array | None) -> Any:  # noqa: ANN401 - ModelProto
    """Return the graph that skl2onnx writes."""
    skl2onnx = library("skl2onnx", "trees")
    types = library("skl2onnx.common.data_types", "trees")
    express_missing_values()
    options = {} if classes is None else {"zipmap": False}
    try:
        return skl2onnx.to_onnx(
            with_rounded_thresholds(estimator),
            initial_types=[(INPUT, types.FloatTensorType([None, features]))],
            options=options,
            target_opset={"": OPSET, "ai.onnx.ml": ML_OPSET},
        )
    except Exception as error:  # the converter raises whatever its many converters raise
        raise refused(f"skl2onnx cannot convert {type(estimator).__name__}: {said_by(error)}") from error


def with_rounded_thresholds(estimator: Converted) -> Converted:
    """Return a copy whose histogram trees have thresholds of float32; skl2onnx does so for other trees itself."""
    made = copy.deepcopy(estimator)
    for tree in trees_in(made):
        if hasattr(tree, "nodes"):
            tree.nodes["num_threshold"] = rounded_down(tree.nodes["num_threshold"])
    return made


def reference_of(estimator: Converted, is_classifier: bool) -> Callable[[Feeds], dict[str, Array]]:
    """Return what scikit-learn answers."""

    def answers(feeds: Feeds) -> dict[str, Array]:
        rows = feeds[INPUT]
        if not is_classifier:
            return {PREDICTION: np.asarray(estimator.predict(rows)).reshape(len(rows), -1)}
        return {LABEL: estimator.predict(rows), PROBABILITIES: estimator.predict_proba(rows)}

    return answers
