"""Trains the models of the tests of exports: `python build.py`, in an environment of requirements-trees.lock.

Data: tables that scikit-learn brings. Iris is classified by names, and a tenth of the measurements of breast cancer is
missing.
"""

import json
from pathlib import Path
from zipfile import ZIP_DEFLATED

import catboost
import lightgbm
import numpy as np
import skops.io
import xgboost
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
TREES = 6
SEED = 20261126

IRIS, SPECIES = load_iris(return_X_y=True)
NAMES = load_iris().target_names[SPECIES]
CANCER, BENIGN = load_breast_cancer(return_X_y=True)
SUGAR, PROGRESS = load_diabetes(return_X_y=True)
SPARSE = CANCER.copy()
SPARSE[np.random.default_rng(SEED).random(CANCER.shape) < 0.1] = np.nan


def scikit() -> None:
    """Write models of scikit-learn."""
    small = {"n_estimators": TREES, "max_depth": 4, "random_state": SEED}
    models = {
        "forest-names": RandomForestClassifier(**small).fit(IRIS, NAMES),
        "forest-missing": RandomForestClassifier(**small).fit(SPARSE, BENIGN),
        "boosted": GradientBoostingClassifier(n_estimators=TREES, random_state=SEED).fit(IRIS, SPECIES),
        "histogram": HistGradientBoostingClassifier(max_iter=TREES, random_state=SEED).fit(SPARSE, BENIGN),
        "histogram-value": HistGradientBoostingRegressor(max_iter=TREES, random_state=SEED).fit(
            SUGAR, PROGRESS
        ),
        "logistic": make_pipeline(StandardScaler(), LogisticRegression()).fit(IRIS, SPECIES),
        "ridge": Ridge().fit(SUGAR, PROGRESS),
        "neighbours": KNeighborsClassifier().fit(IRIS[::10], SPECIES[::10]),
    }
    for name, model in models.items():
        skops.io.dump(model, HERE / f"{name}.skops", compression=ZIP_DEFLATED)


def boosters() -> None:
    """Write models of the other libraries."""
    small = {"n_estimators": TREES, "max_depth": 4, "random_state": SEED}
    xgboost.XGBClassifier(**small).fit(SPARSE, BENIGN).save_model(HERE / "xgboost-missing.json")
    xgboost.XGBRegressor(**small).fit(SUGAR, PROGRESS).save_model(HERE / "xgboost-value.ubj")
    table = xgboost.DMatrix(IRIS, SPECIES, feature_names=["sepal length", "sepal width", "length", "width"])
    softmax = {"objective": "multi:softmax", "num_class": 3, "seed": SEED}
    xgboost.train(softmax, table, TREES).save_model(HERE / "xgboost-softmax.ubj")
    quiet = {**small, "verbose": -1}
    for name, kind, rows, answers in (
        ("missing", lightgbm.LGBMClassifier, SPARSE, BENIGN),
        ("value", lightgbm.LGBMRegressor, SUGAR, PROGRESS),
        ("classes", lightgbm.LGBMClassifier, IRIS, SPECIES),
    ):
        kind(**quiet).fit(rows, answers).booster_.save_model(HERE / f"lightgbm-{name}.txt")
    quiet = {"iterations": TREES, "depth": 4, "random_seed": SEED, "verbose": 0, "allow_writing_files": False}
    catboost.CatBoostClassifier(**quiet).fit(IRIS, NAMES).save_model(str(HERE / "catboost-names.cbm"))
    catboost.CatBoostRegressor(**quiet).fit(SUGAR, PROGRESS).save_model(str(HERE / "catboost-value.cbm"))
    kinds = np.column_stack([IRIS.astype(object), SPECIES.astype(str)])
    with_kinds = catboost.CatBoostClassifier(cat_features=[4], **quiet).fit(kinds, SPECIES)
    with_kinds.save_model(str(HERE / "catboost-categories.cbm"))


def rows() -> None:
    """Write rows of iris as a data set of the optimizer."""
    lines = [
        json.dumps({"features": row, "expected": int(label)})
        for row, label in zip(IRIS.tolist(), SPECIES, strict=True)
    ]
    (HERE / "iris.jsonl").write_text("\n".join(lines[::5]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    scikit()
    boosters()
    rows()
