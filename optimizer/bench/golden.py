"""Writes small quantized models, and what Python's onnxruntime answers, for the tests of the inference server.

Run in `optimizer/`: python -m bench.golden
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto

from gantry_optimizer.quantization import quantize
from gantry_optimizer.recipe import Quantize
from gantry_optimizer.runtime import open_session, run
from gantry_optimizer.samples import Samples
from gantry_optimizer.step import StepContext
from tests.networks.encoder import TINY, encoder
from tests.quantization.contexts import digits, network, texts

FOLDER = Path(__file__).parents[2] / "inference-server" / "golden" / "quantized"
FORMATS: tuple[Quantize, ...] = ("int8-dynamic", "int8-static", "int4", "fp16")
ANY_LOSS = 1.0
"""The files compare two builds of onnxruntime; what a format loses is not their subject."""


def write(name: str, model: ModelProto, samples: Samples, rows: Samples) -> dict[str, object]:
    """Write a model in each format, and return its inputs and answers."""
    feeds = {key: np.concatenate([each[key] for each in rows.requests]) for key in rows.requests[0]}
    answers: dict[str, object] = {}
    for fmt in FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            context = StepContext(model, samples, samples, ANY_LOSS, 1, Path(folder), lambda _: None)
            made = quantize(model, context, fmt).model
        onnx.save(made, FOLDER / f"{name}-{fmt}.onnx")
        output = run(open_session(made), feeds)["logits"]
        answers[fmt] = [round(float(value), 6) for value in output.reshape(-1)]
    inputs = {
        key: {
            "type": str(value.dtype),
            "dims": list(value.shape),
            "values": [float(each) for each in value.reshape(-1)],
        }
        for key, value in feeds.items()
    }
    return {"inputs": inputs, "answers": answers}


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    of_one_length = Samples([each for each in texts(200).requests if each["input_ids"].shape[1] == 16][:3])
    golden = {
        "digits-32": write(
            "digits-32", network("digits-32"), digits("digits-32", count=64), digits("digits-32", "judge", 3)
        ),
        "digits-cnn": write(
            "digits-cnn",
            network("digits-cnn"),
            digits("digits-cnn", count=64),
            digits("digits-cnn", "judge", 3),
        ),
        "encoder": write("encoder", encoder(TINY), texts(64), of_one_length),
    }
    (FOLDER / "golden.json").write_text(f"{json.dumps(golden)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
