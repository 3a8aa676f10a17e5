"""The steps of a recipe as one does them by hand, with the tools of onnxruntime and their defaults."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import ModelProto, TensorProto, numpy_helper

from bench.quantization import Subject, by_hand
from gantry_optimizer.recipe import Recipe


class NoToolError(Exception):
    """No tool of onnxruntime does it."""


def made_by_hand(subject: Subject, recipe: Recipe, folder: Path) -> ModelProto:
    """Return the model after the steps of the recipe.

    Raises
    ------
    NoToolError
        For structured pruning.
    """
    model = subject.model
    if recipe.graph != "none":
        model = extended(model, folder)
    if recipe.prune is not None:
        if recipe.prune.method == "structured":
            raise NoToolError("onnxruntime has no tool that prunes")
        model = without_smallest(model, recipe.prune.ratio)
    if recipe.quantize == "none":
        return model
    return by_hand(
        Subject(model, subject.calibration, subject.judging, subject.timed, subject.drop),
        recipe.quantize,
        folder,
    )


def extended(model: ModelProto, folder: Path) -> ModelProto:
    """Return the graph that onnxruntime writes at its level extended."""
    source, target = folder / "plain.onnx", folder / "extended.onnx"
    onnx.save(model, source)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    ort.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
    return onnx.load(target)


def without_smallest(model: ModelProto, ratio: float) -> ModelProto:
    """Return the model with the smallest weights of each matrix at zero, as torch's `l1_unstructured` does it."""
    made = ModelProto.FromString(model.SerializeToString())
    for tensor in made.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and len(tensor.dims) > 1:
            values = numpy_helper.to_array(tensor).copy()
            values[np.abs(values) < np.quantile(np.abs(values), ratio)] = 0
            tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    return made
