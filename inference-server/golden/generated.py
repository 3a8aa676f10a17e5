"""Inputs that the optimizer makes up for graphs, which the tests of src/agreement compare with.

    PYTHONPATH=../../optimizer python generated.py > generated.json

A test of the optimizer compares its rules with the same file. Numbers that are drawn are left out: both programs draw
from generators of their own. Their shapes, types and ranges are here, and all values that are not drawn.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from gantry_optimizer.folder import load_graph, open_folder
from gantry_optimizer.generated import PADDED, value_of
from gantry_optimizer.input_range import InputRange, input_ranges
from gantry_optimizer.input_shape import SHORTEST, first_run, has_past, later_run

ROOT = Path(__file__).parents[2]
LENGTH, PADDING = 16, 5
FILES = (
    "examples/customer-service/model/model.onnx",
    "examples/chest-xray/model/model.onnx",
    "examples/breast-cancer/model/model.onnx",
    *(
        f"inference-server/golden/models/{name}"
        for name in (
            "feature-extraction/model.onnx",
            "text-generation-llama/model.onnx",
            "translation-marian/encoder_model.onnx",
            "translation-marian/decoder_model_merged.onnx",
            "zero-shot-image-classification/model.onnx",
            "image-classification/model.onnx",
        )
    ),
    *(
        f"inference-server/golden/tabular/{name}.onnx"
        for name in ("sklearn-forest-numbers", "sklearn-pipeline-names", "xgboost-three")
    ),
)


def known(within: InputRange) -> dict[str, Any]:
    """Return what a graph says of an input."""
    said: dict[str, Any] = {}
    if within.rows is not None:
        said["rows"] = within.rows
    if within.texts is not None:
        said["texts"] = list(within.texts)
    if within.offset is not None and within.scale is not None:
        spread = np.broadcast_to(within.scale, within.offset.shape)
        said["features"] = [
            [float(f"{mean:.6g}"), float(f"{deviation:.6g}")]
            for mean, deviation in zip(within.offset, spread, strict=True)
        ]
    features = [feature for feature, values in (within.thresholds or {}).items() if np.any(values)]
    if features:
        said["thresholds"] = features
    return said


def case(path: str) -> dict[str, Any]:
    """Return shapes and fixed values of each input of a graph, in each kind of run."""
    model = load_graph(open_folder((ROOT / path).parent, Path(path).name))
    ranges = input_ranges(model)
    inputs = list(model.graph.input)
    texts = {"first": first_run(LENGTH), "padded": first_run(LENGTH, PADDING)}
    if has_past(inputs):
        texts["later"] = later_run(LENGTH)
    made: dict[str, Any] = {}
    for value in inputs:
        runs = {}
        for name, text in texts.items():
            one, other = (
                value_of(value, ranges[value.name], text, np.random.default_rng(seed)) for seed in (1, 2)
            )
            runs[name] = {"shape": list(one.shape)}
            if one.size and np.array_equal(one, other):
                runs[name]["values"] = [int(number) for number in one.reshape(-1)]
        made[value.name] = {"type": "str" if one.dtype.kind == "O" else str(one.dtype), "runs": runs}
        made[value.name] |= known(ranges[value.name])
    return made


def main() -> None:
    """Print all cases."""
    document = {
        "length": LENGTH,
        "padding": PADDING,
        "shortest": SHORTEST,
        "paddedShare": PADDED,
        "graphs": {path: case(path) for path in FILES},
    }
    json.dump(document, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
