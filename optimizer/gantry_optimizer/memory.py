"""How much memory an optimization needs, said before it begins."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnx import ModelProto

from .activations import Activations, activations
from .failure import OptimizationError
from .free_memory import readable
from .graph import Graph, copied
from .pruning.finding import find_blocks, known_dims
from .pruning.moments import feature_count
from .pruning.structured import MOMENT_BYTES, moment_bytes
from .quantization.search import MOST_SAMPLES as MOST_SEARCHED
from .recipe import Quantize, Recipe
from .runtime import LARGEST_IN_MEMORY
from .samples import Samples
from .weights import weights_bytes

ALWAYS = 250 << 20
"""Bytes for Python and the libraries."""

PER_WEIGHT = 8
"""Times the bytes of the weights: original, changed copies, messages to onnxruntime, sessions."""

PER_FAR_WEIGHT: Mapping[Quantize, float] = {"int8-dynamic": 2.2, "int4": 2, "fp16": 3.3}
"""The same of weights that stay in files (far.py), by the format that needs no step which reads all of them."""

DATASET_COPIES = {".safetensors": 2, ".npz": 2, ".jsonl": 4, ".ndjson": 4}
"""Times the bytes of a data set while it is read; texts become lists of Python, then arrays of 8 bytes a number."""

SESSIONS = 3
"""Times the values of a run: two sessions are compared, and what onnxruntime has once taken it keeps."""

CALIBRATING = 1.5
"""Times all values of a sample: onnxruntime gives each of them out, and its tool for histograms copies them."""

PYTORCH = 400 << 20
"""Bytes of the library. How much training takes is said before it begins, by a sample."""

REFITTING = 8
"""Matrices of float64 that the refit of a block has at one time: moments, spreads, inverses, solutions."""


@dataclass(frozen=True)
class Needed:
    """Bytes by what they are for."""

    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return all of them."""
        return sum(self.parts.values())

    @property
    def sentence(self) -> str:
        """Return the total and its larger parts."""
        large = [
            f"{readable(count)} for {name}" for name, count in self.parts.items() if count >= self.total / 20
        ]
        return f"about {readable(self.total)} of memory ({', '.join(large)})"


def weights_need(count: int, recipe: Recipe) -> int:
    """Return what is needed for weights of `count` bytes."""
    streams = recipe.graph == "none" and recipe.prune is None and recipe.distill is None
    if count < LARGEST_IN_MEMORY or not streams:
        return PER_WEIGHT * count
    return int(PER_FAR_WEIGHT.get(recipe.quantize, PER_WEIGHT) * count)


def needed_to_read(graph_bytes: int, dataset: Path | None, recipe: Recipe) -> Needed:
    """Return what is needed by the files alone, before one is read."""
    parts = {"the program": ALWAYS, "weights": weights_need(graph_bytes, recipe)}
    if dataset is not None and dataset.is_file():
        parts["samples"] = DATASET_COPIES.get(dataset.suffix.lower(), 2) * unpacked_bytes(dataset)
    return Needed(parts)


def unpacked_bytes(dataset: Path) -> int:
    """Return the bytes of a data set, after they are unpacked where they are packed."""
    try:
        if zipfile.is_zipfile(dataset):
            with zipfile.ZipFile(dataset) as file:
                return sum(entry.file_size for entry in file.infolist())
    except (OSError, zipfile.BadZipFile):
        pass
    return dataset.stat().st_size


def needed_to_run(model: ModelProto, recipe: Recipe, calibration: Samples, judging: Samples) -> Needed:
    """Return what the steps of a recipe need, by the values of the longest samples.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where the graph refuses a sample.
    """
    run = activations(model, judging)
    parts = {
        "the program": ALWAYS,
        "weights": weights_need(weights_bytes(model), recipe),
        "samples": bytes_of(calibration) + bytes_of(judging),
        "answers": answers_bytes(run, calibration, judging),
        "runs": SESSIONS * run.alive,
    }
    if recipe.quantize == "int8-static":
        longest = max((sample_bytes(feeds) for feeds in calibration.requests), default=0)
        parts["calibration"] = int(CALIBRATING * run.total * longest / max(run.inputs, 1))
    if recipe.prune is not None and recipe.prune.method == "structured":
        parts["refits"] = refit_bytes(model, run, heads=recipe.prune.heads)
    if recipe.distill is not None:
        parts["PyTorch"] = PYTORCH
    if recipe.distill is not None and recipe.distill.width < 1:
        parts["refits"] = refit_bytes(model, run, heads=True)
    return Needed(parts)


def sample_bytes(feeds: Mapping[str, np.ndarray]) -> int:
    """Return the bytes of one request."""
    return sum(value.nbytes for value in feeds.values())


def bytes_of(samples: Samples) -> int:
    """Return the bytes of all requests."""
    return sum(map(sample_bytes, samples.requests))


def answers_bytes(run: Activations, calibration: Samples, judging: Samples) -> int:
    """Return the bytes of the answers that are kept: of three graphs to the judging samples, of two to the others.

    Outputs grow with their inputs.
    """
    searched = min(1.0, MOST_SEARCHED / max(len(calibration), 1)) * bytes_of(calibration)
    kept = 3 * bytes_of(judging) + 2 * searched
    return int(run.outputs * kept / max(run.inputs, 1))


def refit_bytes(model: ModelProto, run: Activations, *, heads: bool) -> int:
    """Return the bytes of the sums that structured pruning makes, of the largest refit, and of what it looks at."""
    graph = Graph(copied(model))
    blocks, _ = find_blocks(graph, known_dims(graph.model), heads)
    fitting = [block for block in blocks if moment_bytes(block) <= MOMENT_BYTES]
    consumers = [consumer for block in fitting for consumer in block.consumers]
    sums = min(MOMENT_BYTES, sum(map(moment_bytes, fitting)))
    widest = max((feature_count(consumer) for consumer in consumers), default=0)
    seen = [run.values.get(consumer.value, 0) for consumer in consumers]
    patches = [
        size * consumer.layer.taps * (consumer.layer.taps > 1)
        for size, consumer in zip(seen, consumers, strict=True)
    ]
    return sums + REFITTING * 8 * (widest + 1) ** 2 + sum(seen) + 3 * max([*seen, *patches], default=0)


def require_memory(needed: Needed, available: int | None) -> str:
    """Return a sentence with what is needed.

    Raises
    ------
    OptimizationError
        OptimizationOutOfMemory where less is there.
    """
    there = "" if available is None else f", and {readable(available)} are free"
    sentence = f"needs {needed.sentence}{there}"
    if available is not None and available < needed.total:
        raise OptimizationError(
            "OptimizationOutOfMemory",
            f"The optimization {sentence}. Give it more memory: spec.optimize.resources on a cluster"
            f"{advice(needed)}.",
        )
    return sentence


def advice(needed: Needed) -> str:
    """Return what else helps, by the largest part."""
    largest = max(needed.parts, key=lambda name: needed.parts[name])
    return (
        ", or take fewer or shorter samples"
        if largest in ("samples", "answers", "runs", "calibration")
        else ""
    )
