"""Missing numbers in trees of scikit-learn, which skl2onnx does not express: it sends them all to the right."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .source import library

ALIASES = tuple(
    f"Sklearn{family}{kind}"
    for family in (
        "DecisionTree",
        "ExtraTree",
        "RandomForest",
        "ExtraTrees",
        "GradientBoosting",
        "HistGradientBoosting",
    )
    for kind in ("Classifier", "Regressor")
)
"""Converters of skl2onnx that write trees."""

Convert = Callable[[object, Any, Any], None]


def express_missing_values() -> None:
    """Have the converters of trees write where missing numbers go. A second call changes nothing."""
    registry = library("skl2onnx.common._registration", "trees")
    library("skl2onnx.operator_converters", "trees")
    for alias in ALIASES:
        convert = registry._converter_pool.get(alias)
        if convert is not None and not getattr(convert._fct, "expresses_missing", False):
            options = convert.get_allowed_options()
            registry.register_converter(alias, expressing(convert._fct), overwrite=True, options=options)


def expressing(convert: Convert) -> Convert:
    """Return a converter whose trees say where missing numbers go."""

    def written(scope: object, operator: Any, container: Any) -> None:  # noqa: ANN401 - skl2onnx has no types
        add = container.add_node

        def add_node(kind: str, *names: object, **attributes: Any) -> None:  # noqa: ANN401 - as above
            if kind.startswith("TreeEnsemble"):
                key = "nodes_missing_value_tracks_true"
                attributes[key] = [int(way) for way in ways(operator.raw_operator, attributes)]
            add(kind, *names, **attributes)

        container.add_node = add_node
        try:
            convert(scope, operator, container)
        finally:
            container.add_node = add

    written.expresses_missing = True  # type: ignore[attr-defined]
    return written


def ways(estimator: Any, attributes: dict[str, Any]) -> list[bool]:  # noqa: ANN401 - scikit-learn has no types
    """Return for each node whether missing numbers take its first branch; the graph counts nodes as the trees do."""
    if hasattr(estimator, "_predictors"):
        return list(attributes["nodes_missing_value_tracks_true"])
    trees = [tree.tree_ for tree in np.ravel(getattr(estimator, "estimators_", [estimator]))]
    return [
        bool(trees[tree].missing_go_to_left[node])
        for tree, node in zip(attributes["nodes_treeids"], attributes["nodes_nodeids"], strict=True)
    ]
