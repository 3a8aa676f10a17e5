"""Tools that rewrite graphs. None of them changes the graph that it is given."""

import contextlib
import io
import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import onnx
import onnxruntime as ort
import onnxslim
from onnx import ModelProto, helper

from ..graph import copied
from ..runtime import LARGEST_IN_MEMORY, session_options
from ..step import StepContext
from ..weights import INLINE_BELOW, save_model, weights_bytes

Rewrite = Callable[[ModelProto, StepContext], ModelProto]


def slimmed(model: ModelProto, context: StepContext) -> ModelProto:
    """Return the graph without what onnxslim finds to be unneeded."""
    del context
    with quiet():
        made: ModelProto = onnxslim.slim(copied(model))
    return made


def offline(level: Literal["basic", "extended"]) -> Rewrite:
    """Return a way that writes what onnxruntime makes of a graph when it loads it.

    The levels above would write layouts of this processor.
    """
    levels = {
        "basic": ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
        "extended": ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    }

    def rewrite(model: ModelProto, context: StepContext) -> ModelProto:
        with tempfile.TemporaryDirectory(dir=context.work) as folder:
            source, target = Path(folder) / "source.onnx", Path(folder) / "target.onnx"
            save_model(model, source)
            options = session_options(context.threads)
            options.graph_optimization_level = levels[level]
            options.optimized_model_filepath = str(target)
            if weights_bytes(model) >= LARGEST_IN_MEMORY:
                prefix = "session.optimized_model_external_initializers"
                options.add_session_config_entry(f"{prefix}_file_name", f"{target.name}_data")
                options.add_session_config_entry(f"{prefix}_min_size_in_bytes", str(INLINE_BELOW))
            ort.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
            return onnx.load_model(str(target))

    return rewrite


def transformer_fusions(kind: str) -> Rewrite:
    """Return a way that merges the nodes of attention and its neighbours, in networks built as `kind` is."""

    def rewrite(model: ModelProto, context: StepContext) -> ModelProto:
        # The import takes a second, which other steps need not wait for.
        from onnxruntime.transformers.optimizer import optimize_model

        del context
        with quiet():
            made: ModelProto = optimize_model(copied(model), model_type=kind, opt_level=0).model
        if "com.microsoft" not in {entry.domain for entry in made.opset_import}:
            # The tool leaves it out for some of its operators.
            made.opset_import.append(helper.make_opsetid("com.microsoft", 1))
        return made

    return rewrite


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what a tool prints from the output of the command."""
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(logging.NOTSET)
