import json
from pathlib import Path
from typing import Any

import pytest

from gantry_optimizer.export.formats import source_of
from gantry_optimizer.export.hugging_face import task_of
from gantry_optimizer.export.hugging_face_files import checked_config, copied_files, parts_of
from gantry_optimizer.failure import OptimizationError

CONFIG = {"architectures": ["BertForSequenceClassification"], "model_type": "bert", "vocab_size": 24}


def folder(path: Path, config: Any = CONFIG, files: dict[str, str] | None = None) -> Path:
    path.mkdir()
    for name, content in {"config.json": json.dumps(config), **(files or {})}.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text(content)
    return path


@pytest.mark.parametrize(
    "more",
    [
        {"auto_map": {"AutoModel": "modeling_evil.Evil"}},
        {"attn_implementation": "evil/kernel"},
        {"_attn_implementation": "evil/kernel"},
        {"text_config": {"auto_map": {"AutoConfig": "evil--repo.Evil"}}},
        {"quantization_config": {"quant_method": "evil"}},
        {"custom_pipelines": {"a": {"impl": "evil.Evil"}}},
        {"backbone": "evil/repo"},
        {"use_timm_backbone": True},
        {"layers": [{"experts_implementation": "evil/kernel"}]},
    ],
)
def test_a_folder_that_names_code_is_refused_by_the_key_before_anything_is_loaded(
    more: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(OptimizationError, match="names code outside of transformers"):
        source_of(folder(tmp_path / "a", {**CONFIG, **more}))


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (
            {**CONFIG, "architectures": ["T5ForConditionalGeneration"]},
            r"T5ForConditionalGeneration writes texts.* --task text-generation-with-past",
        ),
        ({**CONFIG, "architectures": ["../evil"]}, "is not exported here"),
        ({**CONFIG, "architectures": []}, "`architectures` with one name"),
        ({"model_type": "bert"}, "`architectures` with one name"),
        ({"architectures": ["ViTModel"]}, "is not exported here"),
    ],
)
def test_architectures_of_other_tasks_are_refused_by_name(config: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match=said):
        task_of(checked_config(folder(tmp_path / "a", config)))


@pytest.mark.parametrize("text", ["[]", "{", "[" * 9000, "1", '"a"'])
def test_a_configuration_that_is_no_object_is_refused(text: str, tmp_path: Path) -> None:
    path = folder(tmp_path / "a", files={"config.json": text})
    with pytest.raises(OptimizationError, match=r"config\.json"):
        checked_config(path)


def test_pickled_weights_of_a_folder_are_never_looked_for(tmp_path: Path) -> None:
    path = folder(tmp_path / "a", files={"pytorch_model.bin": "x"})
    with pytest.raises(OptimizationError, match=r"Pickles \(\.bin\) are not read"):
        source_of(path)


@pytest.mark.parametrize(
    "name", ["../secret.safetensors", "/etc/a.safetensors", "a.bin", "a/b.safetensors", "none.safetensors", 1]
)
def test_an_index_that_names_files_elsewhere_is_refused(name: Any, tmp_path: Path) -> None:
    index = {"model.safetensors.index.json": json.dumps({"weight_map": {"a": name}})}
    (tmp_path / "secret.safetensors").write_text("x")
    with pytest.raises(OptimizationError, match=r"names|lacks"):
        parts_of(folder(tmp_path / "a", files=index))


def test_tokenizers_processors_and_layers_after_the_encoder_are_copied_and_no_code_nor_weights(
    tmp_path: Path,
) -> None:
    kept = [
        "config.json",
        "tokenizer.json",
        "vocab.txt",
        "modules.json",
        "1_Pooling/config.json",
        "2_Dense/model.safetensors",
    ]
    others = [
        *(
            "modeling.py",
            "model.safetensors",
            "pytorch_model.bin",
            "README.md",
            "model.safetensors.index.json",
        ),
        *("2_Dense/pytorch_model.bin", "1_Pooling/evil.py", "adapter_config.json", ".env"),
    ]
    path = folder(tmp_path / "a", files={name: "{}" for name in [*kept[1:], *others]})
    assert sorted(copied_files(path)) == sorted(kept)
