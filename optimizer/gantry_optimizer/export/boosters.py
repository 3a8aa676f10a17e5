"""Boosted trees of XGBoost and LightGBM, converted by onnxmltools."""

import json
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto

from ..samples import Array, Feeds
from .source import OPSET, Source, library, refused, said_by
from .thresholds import rounded_down
from .tidy import INPUT, LABEL, PREDICTION, PROBABILITIES, tidied

CONVERTER_OPSET = 15
"""The newest that onnxmltools knows; the operators of trees are the same ones since."""

Booster = Any
"""A model of either library; neither has types."""


def xgboost_source(path: Path) -> Source:
    """Read a .json or .ubj file of XGBoost and convert it.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where it is none, or has an objective that ONNX cannot express.
    """
    xgboost = library("xgboost", "trees")
    booster = xgboost.Booster()
    try:
        booster.load_model(path)
        config = json.loads(booster.save_config())["learner"]
    except (xgboost.core.XGBoostError, ValueError, KeyError) as error:
        raise refused(f"{path.name} is no model of XGBoost: {said_by(error)}") from error
    objective = str(config["objective"]["name"])
    names = booster.feature_names
    # The converter understands only the names f0, f1, …; the real ones go to config.json.
    booster.feature_names = None
    columns = None
    if objective.startswith(("binary:", "multi:")):
        columns = max(2, int(config["learner_model_param"]["num_class"]))
    if objective == "multi:softmax":
        booster.set_param({"objective": "multi:softprob"})
    model = converted("xgboost", booster, booster.num_features(), columns, objective)

    def predict(rows: Array) -> Array:
        return np.asarray(booster.predict(xgboost.DMatrix(rows)))

    return Source(model, reference_of(predict, columns), package_of_xgboost(), numbered(columns), names)


def package_of_xgboost() -> str:
    """Return the name of the package that is installed: the one without GPUs has another name."""
    return next(iter(packages_distributions().get("xgboost", ["xgboost"])))


def lightgbm_source(path: Path) -> Source:
    """Read a .txt file of LightGBM and convert it.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where it is none, or has an objective that ONNX cannot express.
    """
    lightgbm = library("lightgbm", "trees")
    if not path.read_bytes()[:5].startswith(b"tree"):
        raise refused(f"{path.name} is no model of LightGBM: its first line is not `tree`.")
    try:
        booster = lightgbm.Booster(model_file=str(path))
        dumped = booster.dump_model()
    except (lightgbm.basic.LightGBMError, ValueError) as error:
        raise refused(f"{path.name} is no model of LightGBM: {said_by(error)}") from error
    objective = str(dumped.get("objective", "custom"))
    columns = None
    if objective.startswith(("binary", "multiclass")):
        columns = max(2, int(dumped["num_class"]))
    dump = booster.dump_model
    booster.dump_model = lambda *given, **named: with_rounded_thresholds(dump(*given, **named))
    # Without this mark onnxmltools asks the C library for the dump, and the thresholds would not be those of here.
    booster.is_mock = True
    model = converted("lightgbm", booster, booster.num_feature(), columns, objective)
    return Source(
        model,
        reference_of(lambda rows: np.asarray(booster.predict(rows)), columns),
        "lightgbm",
        numbered(columns),
        feature_names(booster.feature_name()),
    )


def with_rounded_thresholds(dumped: dict[str, Any]) -> dict[str, Any]:
    """Return a dumped model whose thresholds are of float32; onnxmltools would round them to the nearest."""
    todo = [tree["tree_structure"] for tree in dumped["tree_info"]]
    while todo:
        node = todo.pop()
        if node.get("decision_type") == "<=":
            node["threshold"] = float(rounded_down(node["threshold"]))
        todo.extend(node[side] for side in ("left_child", "right_child") if side in node)
    return dumped


def feature_names(names: list[str]) -> list[str] | None:
    """Return the names of columns; None where LightGBM made them up."""
    return None if all(name == f"Column_{place}" for place, name in enumerate(names)) else names


def numbered(columns: int | None) -> list[str] | None:
    """Return the names of the classes, which both libraries count from 0."""
    return None if columns is None else [str(number) for number in range(columns)]


def converted(kind: str, booster: Booster, features: int, columns: int | None, objective: str) -> ModelProto:
    """Return the graph that onnxmltools writes."""
    onnxmltools = library("onnxmltools.convert", "trees")
    types = library("onnxmltools.convert.common.data_types", "trees")
    convert = {"xgboost": onnxmltools.convert_xgboost, "lightgbm": onnxmltools.convert_lightgbm}[kind]
    options = {"zipmap": False} if kind == "lightgbm" else {}
    try:
        model: ModelProto = convert(
            booster,
            initial_types=[(INPUT, types.FloatTensorType([None, features]))],
            target_opset=min(OPSET, CONVERTER_OPSET),
            **options,
        )
    except Exception as error:  # the converters raise whatever they stumble over
        raise refused(f"onnxmltools cannot convert the objective {objective}: {said_by(error)}") from error
    return tidied(model, features, columns)


def reference_of(
    predict: Callable[[Array], Array], columns: int | None
) -> Callable[[Feeds], dict[str, Array]]:
    """Return what the library answers; `predict` gives [rows] or [rows, classes], of two classes the second alone."""

    def answers(feeds: Feeds) -> dict[str, Array]:
        rows = feeds[INPUT]
        numbers = predict(rows)
        if columns is None:
            return {PREDICTION: numbers.reshape(len(rows), -1)}
        if numbers.ndim == 1:
            numbers = np.stack([1 - numbers, numbers], axis=1)
        return {LABEL: np.argmax(numbers, axis=1), PROBABILITIES: numbers}

    return answers
