"""The folder of an exported model, and the report."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto

from ..release import VERSION
from ..weights import save_model, size_bytes
from .parity import Parity
from .source import Source
from .tidy import opsets

FILE_BLOCK = 1 << 20
"""Bytes that are read at a time."""

Document = dict[str, Any]


def write_folder(source: Source, made: Path) -> None:
    """Write the graph, and what the server reads beside it: the names of classes and features."""
    save_model(source.model, made / "model.onnx")
    config = config_of(source)
    if config:
        write(made / "config.json", config)
    if source.classes is not None:
        write(made / "labels.json", list(source.classes))
    for name, file in source.copied.items():
        (made / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(file, made / name)


def config_of(source: Source) -> Document:
    """Return config.json; empty where the source names neither classes nor features."""
    config: Document = {}
    if source.classes is not None:
        config["model_type"] = "tabular-classification"
        config["id2label"] = {str(place): name for place, name in enumerate(source.classes)}
        config["label2id"] = {name: place for place, name in enumerate(source.classes)}
    if source.features is not None:
        config["feature_names"] = list(source.features)
    return config


def write(path: Path, document: object) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def as_document(source: Source, path: Path, measured: Sequence[Parity]) -> Document:
    """Return an ExportReport. `path`: the file that was read."""
    return {
        "outcome": "exported",
        "source": {
            "file": path.name,
            "sha256": sha256_of(path),
            "library": source.library,
            "version": source.version,
        },
        "model": "model.onnx",
        "sizeBytes": size_bytes(source.model),
        "opset": opsets(source.model),
        "inputs": [value_document(value) for value in source.model.graph.input],
        "outputs": [value_document(value) for value in source.model.graph.output],
        "parity": [
            {
                "inputs": one.kind,
                "samples": one.samples,
                "different": one.different,
                "largestDifference": one.largest_difference,
                "meanDifference": one.mean_difference,
            }
            for one in measured
        ],
        "remarks": list(source.remarks),
        "versions": {
            "gantry-optimizer": VERSION,
            **{name: version(name) for name in ("onnx", "onnxruntime", "numpy")},
        },
    }


def value_document(value: onnx.ValueInfoProto) -> Document:
    """Return name, type and shape; axes of any length have a name."""
    tensor = value.type.tensor_type
    return {
        "name": value.name,
        "type": TensorProto.DataType.Name(tensor.elem_type).lower(),
        "shape": [dim.dim_value or dim.dim_param or "any" for dim in tensor.shape.dim],
    }


def sha256_of(path: Path) -> str:
    """Return the digest of a file; of a folder that of the names and digests of its files."""
    digest = hashlib.sha256()
    if path.is_dir():
        for part in sorted(path.iterdir()):
            if part.is_file():
                digest.update(f"{sha256_of(part)} {part.name}\n".encode(errors="surrogateescape"))
        return digest.hexdigest()
    with path.open("rb") as file:
        while block := file.read(FILE_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def as_markdown(report: Document) -> str:
    """Return the report for people."""
    source, model = report["source"], report["model"]
    lines = [
        f"# {source['file']} as ONNX",
        "",
        f"Written by {source['library']}, read with {source['version']}. {model}: {report['sizeBytes']} bytes, opsets"
        f" {', '.join(f'{domain} {number}' for domain, number in report['opset'].items())}.",
        "",
        *(f"- in: {named(value)}" for value in report["inputs"]),
        *(f"- out: {named(value)}" for value in report["outputs"]),
        "",
        "| inputs | samples | different answers | largest difference |",
        "| --- | --- | --- | --- |",
        *(
            f"| {one['inputs']} | {one['samples']} | {one['different']} | {one['largestDifference']:.2g} |"
            for one in report["parity"]
        ),
        *([""] if report["remarks"] else []),
        *report["remarks"],
    ]
    return "\n".join(lines) + "\n"


def named(value: Document) -> str:
    """Return name, type and shape of a value."""
    return f"`{value['name']}` {value['type']} [{', '.join(map(str, value['shape']))}]"
