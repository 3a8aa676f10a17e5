import io
import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnx
import pytest

from gantry_optimizer.__main__ import main
from gantry_optimizer.export import torch_models
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.runtime import open_session, run

NEEDED = ("torch", "onnxscript", "transformers")
MISSING = [name for name in NEEDED if find_spec(name) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"exports of PyTorch need requirements-torch.lock: no {', '.join(MISSING)}"
)

GOLDEN = Path(__file__).parent / "golden-torch"
ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "contract/documents.schema.json").read_text(encoding="utf-8"))


def exported(path: Path, folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    report = folder / "report.json"
    code = main(["--export", str(path), "--output", str(folder / "model"), "--report", str(report), *options])
    return code, json.loads(report.read_text(encoding="utf-8"))


def require_sound(code: int, report: dict[str, Any], kinds: list[str]) -> None:
    assert code == 0, report
    jsonschema.validate(report, {"definitions": SCHEMA["definitions"], "$ref": "#/definitions/ExportReport"})
    assert [(one["inputs"], one["different"]) for one in report["parity"]] == [(kind, 0) for kind in kinds]
    assert report["opset"] == {"ai.onnx": 20}
    assert report["source"]["library"] == "torch"


def accuracy(folder: Path, feeds: dict[str, Any], labels: Any) -> float:
    answers = run(open_session(onnx.load_model(str(folder / "model/model.onnx"))), feeds)
    return float((next(iter(answers.values())).argmax(axis=1) == labels).mean())


def test_a_program_answers_as_pytorch_does_on_generated_inputs_and_on_those_of_a_data_set(
    tmp_path: Path,
) -> None:
    code, report = exported(GOLDEN / "digits-mlp.pt2", tmp_path, "--dataset", str(GOLDEN / "digits.npz"))
    require_sound(code, report, ["generated", "dataset"])
    assert report["inputs"] == [{"name": "pixels", "type": "float", "shape": ["batch", 64]}]
    assert report["outputs"] == [{"name": "output", "type": "float", "shape": ["batch", 10]}]
    digits = np.load(GOLDEN / "digits.npz")
    assert accuracy(tmp_path, {"pixels": digits["pixels"]}, digits["expected"]) > 0.9


def test_keys_of_a_dictionary_are_the_names_of_the_outputs(tmp_path: Path) -> None:
    code, report = exported(GOLDEN / "digits-cnn.pt2", tmp_path)
    require_sound(code, report, ["generated"])
    assert [one["name"] for one in report["outputs"]] == ["logits"]


def test_an_encoder_takes_any_number_of_rows_and_tokens(tmp_path: Path) -> None:
    code, report = exported(GOLDEN / "encoder.pt2", tmp_path)
    require_sound(code, report, ["generated"])
    assert [one["shape"] for one in report["inputs"]] == [["batch", "axis_1"]] * 2
    session = open_session(onnx.load_model(str(tmp_path / "model/model.onnx")))
    for rows, tokens in ((1, 3), (5, 64)):
        ids = np.ones((rows, tokens), dtype=np.int64)
        assert run(session, {"input_ids": ids, "attention_mask": ids})["output"].shape == (rows, 3)


def test_weights_with_a_class_become_the_same_graph(tmp_path: Path) -> None:
    options = ["--class", f"{GOLDEN / 'modules.py'}:DigitsMlp", "--dataset", str(GOLDEN / "digits.npz")]
    code, report = exported(GOLDEN / "digits-mlp.pt", tmp_path, *options)
    require_sound(code, report, ["generated", "dataset"])
    assert report["inputs"] == [{"name": "pixels", "type": "float", "shape": ["batch", 64]}]
    digits = np.load(GOLDEN / "digits.npz")
    assert accuracy(tmp_path, {"pixels": digits["pixels"]}, digits["expected"]) > 0.9


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DigitsCnn", "does not fit"),
        ("Nobody", "no class Nobody"),
        ("OneLength", "cannot follow"),
        ("torch", "no class torch"),
    ],
)
def test_a_class_that_does_not_fit_or_takes_one_number_of_rows_is_refused(
    name: str, said: str, tmp_path: Path
) -> None:
    options = ["--class", f"{GOLDEN / 'modules.py'}:{name}", "--dataset", str(GOLDEN / "digits.npz")]
    code, report = exported(GOLDEN / "digits-mlp.pt", tmp_path, *options)
    assert (code, report["reason"]) == (1, "OptimizationUnsupported")
    assert said in report["message"]


def test_a_folder_of_hugging_face_answers_as_transformers_does_and_keeps_its_tokenizer(
    tmp_path: Path,
) -> None:
    code, report = exported(GOLDEN / "bert", tmp_path)
    require_sound(code, report, ["generated"])
    names = ["input_ids", "attention_mask", "token_type_ids"]
    assert report["inputs"] == [
        {"name": name, "type": "int64", "shape": ["batch", "sequence"]} for name in names
    ]
    assert report["outputs"] == [{"name": "logits", "type": "float", "shape": ["batch", 3]}]
    made = tmp_path / "model"
    assert sorted(file.name for file in made.iterdir()) == [
        *("config.json", "model.onnx", "tokenizer.json", "tokenizer_config.json")
    ]
    assert (made / "config.json").read_bytes() == (GOLDEN / "bert/config.json").read_bytes()


def test_a_folder_that_lacks_the_weights_of_its_head_is_refused_since_they_would_be_made_up(
    tmp_path: Path,
) -> None:
    safetensors = pytest.importorskip("safetensors.numpy")
    folder = tmp_path / "bert"
    shutil.copytree(GOLDEN / "bert", folder)
    tensors = safetensors.load_file(folder / "model.safetensors")
    kept = {name: value for name, value in tensors.items() if not name.startswith("classifier")}
    safetensors.save_file(kept, folder / "model.safetensors", {"format": "pt"})
    code, report = exported(folder, tmp_path)
    assert code == 1
    assert "lacks 2 weights of its architecture, such as classifier." in report["message"]


def test_an_architecture_that_transformers_reads_as_another_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "bert"
    shutil.copytree(GOLDEN / "bert", folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "architectures": ["DistilBertModel"]}))
    code, report = exported(folder, tmp_path)
    assert code == 1
    assert "DistilBertModel as BertModel" in report["message"]


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Return a copy of a golden archive with another graph."""
    with zipfile.ZipFile(GOLDEN / "digits-mlp.pt2") as source, zipfile.ZipFile(path, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("models/model.json"):
                document = json.loads(content)
                change(document)
                content = json.dumps(document).encode()
            made.writestr(name, content)
    return path


def renamed(document: dict[str, Any], name: str) -> None:
    """Give the output of the first node another name, wherever it stands."""
    graph = document["graph_module"]["graph"]
    before = graph["nodes"][0]["outputs"][0]["as_tensor"]["name"]
    text = json.dumps(document).replace(json.dumps(before), json.dumps(name))
    document.clear()
    document.update(json.loads(text))


def test_operators_of_torchscript_have_no_kernel_and_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    assert not torch._C._dispatch_has_kernel("aten::save")
    assert torch._C._dispatch_has_kernel("aten::relu")
    monkeypatch.setattr(torch._C, "_dispatch_has_kernel", lambda name: name != "aten::relu")
    with pytest.raises(OptimizationError, match="aten::relu, which is none of tensors"):
        torch_models.program_source(GOLDEN / "digits-mlp.pt2")


def test_archives_that_run_code_in_pytorch_itself_run_none_here(tmp_path: Path) -> None:
    import torch

    marker = tmp_path / "ran"
    touch = f"__import__('pathlib').Path({str(marker)!r}).touch()"
    attacks: dict[str, Callable[[dict[str, Any]], None]] = {
        "shape": lambda document: document["graph_module"]["graph"]["tensor_values"]["pixels"].update(
            sizes=[{"as_expr": {"expr_str": touch, "hint": None}}, {"as_int": 64}]
        ),
        "name": lambda document: renamed(document, f"linear = {touch}; linear"),
    }
    ran = []
    for kind, attack in attacks.items():
        path = changed(tmp_path / f"{kind}.pt2", attack)
        with suppress(Exception):  # what it raises is not what is asked
            torch.export.load(io.BytesIO(path.read_bytes())).module()(torch.zeros(2, 64))
        if marker.exists():
            ran.append(kind)
            marker.unlink()
        with pytest.raises(OptimizationError):
            torch_models.program_source(path)
        assert not marker.exists()
    assert "shape" in ran, "PyTorch has become safe here; see whether the checks are still needed"
