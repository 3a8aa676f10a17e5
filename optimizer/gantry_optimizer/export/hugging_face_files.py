"""What is read of a folder of Hugging Face: a configuration that names no code, and weights in safetensors."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .source import refused, said_by

Config = Mapping[str, Any]

CODE = frozenset(["auto_map", "custom_pipelines", "quantization_config", "use_kernels", "kernel_config"])
"""Keys of config.json that name code outside transformers."""

ELSEWHERE = ("attn_implementation", "experts_implementation")
"""Ends of keys whose values may be names of repositories with code."""

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"

COPIED = re.compile(r"[\w.-]+\.(json|txt|model|jinja)|\d+_\w+/(config\.json|model\.safetensors)")
"""Files that the server reads: of the tokenizer, of the processor of pictures, and the layers after an encoder."""

LEFT_OUT = re.compile(r".*\.index\.json|README.*|requirements.*|adapter_config\.json")


def checked_config(path: Path) -> Config:
    """Return config.json, once it was seen to name no code.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported, with the key that could bring code.
    """
    file = path / "config.json"
    if not file.is_file():
        raise refused(f"{path} has no config.json. Give a folder of Hugging Face, or a file.")
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
        require_own(config)
    except (ValueError, RecursionError) as error:
        raise refused(f"config.json of {path.name} cannot be read: {said_by(error)}") from error
    if not isinstance(config, dict):
        raise refused(f"config.json of {path.name} is no object.")
    return config


def require_own(value: Any) -> None:  # noqa: ANN401 - JSON
    """Raise where a configuration names code that is not of transformers itself."""
    for item in value if isinstance(value, list) else []:
        require_own(item)
    for key, item in value.items() if isinstance(value, dict) else []:
        is_elsewhere = key.endswith(ELSEWHERE) or key in ("backbone", "use_timm_backbone")
        if (key in CODE or is_elsewhere) and item not in (None, False):
            raise refused(
                f"config.json has {key}, which names code outside of transformers. None of it is run."
                " Export the model to .pt2 where you trust it: torch.export.save."
            )
        require_own(item)


def link_weights(path: Path, seen: Path) -> None:
    """Put the weights into a folder in which nothing else can be found.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where there are none in safetensors, or the index names a file elsewhere.
    """
    names = [WEIGHTS]
    if not (path / WEIGHTS).is_file():
        names = parts_of(path)
        shutil.copyfile(path / INDEX, seen / INDEX)
    for name in names:
        (seen / name).symlink_to((path / name).resolve())


def parts_of(path: Path) -> list[str]:
    """Return the files that an index of weights names."""
    index = path / INDEX
    if not index.is_file():
        raise refused(
            f"{path.name} has neither {WEIGHTS} nor {INDEX}. Pickles (.bin) are not read: save the model again with"
            " model.save_pretrained(folder)."
        )
    try:
        names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refused(f"{INDEX} cannot be read: {said_by(error)}") from error
    for name in names:
        if not isinstance(name, str) or re.fullmatch(r"[\w.-]+\.safetensors", name) is None:
            raise refused(f"{INDEX} names {str(name)[:80]}, which is no .safetensors file of the folder.")
        if not (path / name).is_file():
            raise refused(f"{path.name} lacks {name}, which {INDEX} names.")
    return names


def copied_files(path: Path) -> Mapping[str, Path]:
    """Return the files that the server reads beside the graph, by their paths in the folder."""
    files: dict[str, Path] = {}
    for file in sorted(path.glob("*")) + sorted(path.glob("*/*")):
        name = file.relative_to(path).as_posix()
        if file.is_file() and COPIED.fullmatch(name) and not LEFT_OUT.fullmatch(name):
            files[name] = file
    return files
