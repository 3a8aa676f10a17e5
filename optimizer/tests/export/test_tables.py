import json
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnx
import pytest

from gantry_optimizer.__main__ import main
from gantry_optimizer.export import boosters, scikit
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.runtime import open_session, run

NEEDED = ("catboost", "lightgbm", "onnxmltools", "skl2onnx", "skops", "xgboost")
MISSING = [name for name in NEEDED if find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"exports of tables need requirements-trees.lock: no {', '.join(MISSING)}"
)

GOLDEN = Path(__file__).parent / "golden"

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "contract/documents.schema.json").read_text(encoding="utf-8"))
SPECIES = ["setosa", "versicolor", "virginica"]
MODELS: dict[str, tuple[int, list[str] | None]] = {
    "boosted.skops": (4, ["0", "1", "2"]),
    "catboost-names.cbm": (4, SPECIES),
    "catboost-value.cbm": (10, None),
    "forest-missing.skops": (30, ["0", "1"]),
    "forest-names.skops": (4, SPECIES),
    "histogram-value.skops": (10, None),
    "histogram.skops": (30, ["0", "1"]),
    "lightgbm-classes.txt": (4, ["0", "1", "2"]),
    "lightgbm-missing.txt": (30, ["0", "1"]),
    "lightgbm-value.txt": (10, None),
    "logistic.skops": (4, ["0", "1", "2"]),
    "ridge.skops": (10, None),
    "xgboost-missing.json": (30, ["0", "1"]),
    "xgboost-softmax.ubj": (4, ["0", "1", "2"]),
    "xgboost-value.ubj": (10, None),
}


def exported(path: Path, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    report = folder / "report.json"
    code = main(["--export", str(path), "--output", str(folder / "model"), "--report", str(report), *options])
    return code, json.loads(report.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", MODELS)
def test_a_graph_answers_as_its_library_does_on_thresholds_and_where_numbers_are_missing(
    name: str, tmp_path: Path
) -> None:
    features, classes = MODELS[name]
    code, report = exported(GOLDEN / name, tmp_path)
    assert code == 0, report
    jsonschema.validate(report, {"definitions": SCHEMA["definitions"], "$ref": "#/definitions/ExportReport"})
    assert [one["different"] for one in report["parity"]] == [0] * len(report["parity"])
    kinds = {one["inputs"] for one in report["parity"]}
    assert kinds >= ({"generated"} if name[:5] in ("logis", "ridge") else {"generated", "thresholds"})
    assert ("missing" in kinds) == (name not in ("logistic.skops", "ridge.skops", "boosted.skops"))
    assert report["inputs"] == [{"name": "features", "type": "float", "shape": ["batch", features]}]
    outputs = [(value["name"], value["shape"]) for value in report["outputs"]]
    wanted = [("label", ["batch"]), ("probabilities", ["batch", len(classes or [])])]
    assert outputs == (wanted if classes else [("prediction", ["batch", 1])])
    model = onnx.load_model(str(tmp_path / "model/model.onnx"))
    domains = [entry.domain for entry in model.opset_import]
    assert len(domains) == len(set(domains))
    assert not [node for node in model.graph.node if node.op_type == "ZipMap"]
    for rows in (1, 3):
        answers = run(open_session(model), {"features": np.zeros((rows, features), dtype=np.float32)})
        assert {len(value) for value in answers.values()} == {rows}


def test_names_of_classes_and_features_are_written_for_the_server(tmp_path: Path) -> None:
    exported(GOLDEN / "xgboost-softmax.ubj", tmp_path)
    config = json.loads((tmp_path / "model/config.json").read_text(encoding="utf-8"))
    assert config["feature_names"] == ["sepal length", "sepal width", "length", "width"]
    assert config["id2label"] == {"0": "0", "1": "1", "2": "2"}
    exported(GOLDEN / "forest-names.skops", tmp_path, "--replace")
    assert json.loads((tmp_path / "model/labels.json").read_text(encoding="utf-8")) == SPECIES
    assert not (tmp_path / "model/report.json").exists()


def test_the_rows_of_a_data_set_are_compared_too(tmp_path: Path) -> None:
    code, report = exported(
        GOLDEN / "lightgbm-classes.txt", tmp_path, "--dataset", str(GOLDEN / "iris.jsonl")
    )
    assert code == 0
    assert report["parity"][-1]["inputs"] == "dataset"
    assert report["parity"][-1]["samples"] == 30


@pytest.mark.parametrize(
    ("name", "module"), [("lightgbm-value.txt", boosters), ("histogram-value.skops", scikit)]
)
def test_thresholds_that_are_rounded_to_the_nearest_are_found_and_refused(
    name: str, module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "rounded_down", lambda values: np.asarray(values).astype(np.float32))
    code, report = exported(GOLDEN / name, tmp_path)
    assert code == 1
    assert report["reason"] == "AgreementTooLow"
    assert "thresholds inputs differ" in report["message"]
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("neighbours.skops", "sklearn.neighbors._kd_tree.KDTree"),
        ("catboost-categories.cbm", "categorical features"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_name(name: str, said: str, tmp_path: Path) -> None:
    code, report = exported(GOLDEN / name, tmp_path)
    assert code == 1
    assert report["reason"] == "OptimizationUnsupported"
    assert said in report["message"]


def test_a_skops_file_that_names_a_function_of_the_system_is_refused_and_does_not_run_it(
    tmp_path: Path,
) -> None:
    marker = tmp_path / "ran"
    evil = tmp_path / "evil.skops"
    node = {
        "__class__": "system",
        "__module__": "posix",
        "__loader__": "FunctionNode",
        "__id__": 1,
        "content": f"touch {marker}",
    }
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("schema.json", json.dumps({**node, "protocol": 2, "_skops_version": "0.16.0"}))
    code, report = exported(evil, tmp_path)
    assert code == 1
    assert "posix.system" in report["message"]
    assert not marker.exists()


def test_a_tree_that_leads_out_of_its_nodes_is_refused_before_it_is_followed() -> None:
    estimator = scikit.read_estimator(GOLDEN / "forest-names.skops")
    tree = scikit.trees_in(estimator)[0]
    tree.children_left[0] = 10**6
    with pytest.raises(OptimizationError, match="nodes or features that it does not have"):
        scikit.require_sound_tree(tree, 4)


def test_trees_that_ask_for_a_feature_beyond_the_table_are_refused() -> None:
    estimator = scikit.read_estimator(GOLDEN / "histogram.skops")
    tree = next(tree for tree in scikit.trees_in(estimator) if len(tree.nodes) > 1)
    with pytest.raises(OptimizationError, match="nodes or features that it does not have"):
        scikit.require_sound_tree(tree, int(tree.nodes["feature_idx"].max()))


@pytest.mark.parametrize("suffix", [".skops", ".json", ".ubj", ".txt", ".cbm"])
def test_files_of_noise_are_refused_with_a_sentence(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"noise{suffix}"
    path.write_bytes(b"\x00noise" * 40)
    code, report = exported(path, tmp_path)
    assert code == 1
    assert report["reason"] == "OptimizationUnsupported"
