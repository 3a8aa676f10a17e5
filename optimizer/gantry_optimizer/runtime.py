"""Runs models on onnxruntime as the server does."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime as ort
from onnx import ModelProto

from .failure import OptimizationError, lacks_memory
from .far import far_tensors
from .samples import Array, Feeds, Samples
from .weights import as_file, weights_bytes

Answers = Sequence[Mapping[str, Array]]
"""Outputs by name, of each sample; outputs that are no tensors are left out."""

LARGEST_IN_MEMORY = 1 << 30
"""Bytes of weights; protobuf writes no message of 2 GiB, and a large graph would be in memory three times."""


def session_options(threads: int = 1) -> ort.SessionOptions:
    """Return the options that the inference server gives to its sessions."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    # Errors come as exceptions; onnxruntime would print them, too.
    options.log_severity_level = 4
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return options


def open_session(
    model: ModelProto, threads: int = 1, options: ort.SessionOptions | None = None
) -> ort.InferenceSession:
    """Return a session of the CPU provider.

    Raises
    ------
    OptimizationError
        What onnxruntime says of a graph that it cannot load.
    """
    chosen = options or session_options(threads)
    try:
        return loaded(model, chosen)
    except OSError:
        raise
    except Exception as error:
        raise as_failure(error, "onnxruntime cannot load the graph") from error


def loaded(model: ModelProto, options: ort.SessionOptions) -> ort.InferenceSession:
    """Return a session; a large graph goes through a file, which a killed run leaves behind."""
    if weights_bytes(model) < LARGEST_IN_MEMORY and not any(far_tensors(model)):
        return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    with as_file(model) as path:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def as_failure(error: Exception, what: str) -> OptimizationError:
    """Return an error of onnxruntime as a failure; those of memory have their own reason."""
    if lacks_memory(error):
        return OptimizationError(
            "OptimizationOutOfMemory", f"{what}: there is not enough memory. Give the Job more memory."
        )
    said = " ".join(str(error).split())
    return OptimizationError("OptimizationUnsupported", f"{what}: {said[:500]}")


def run(session: ort.InferenceSession, feeds: Feeds) -> dict[str, Array]:
    """Return the outputs of one run by name, those that are tensors.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where the graph refuses the inputs; OptimizationUnsupported where it has no tensor to give.
    """
    wanted = [value.name for value in session.get_outputs() if value.type.startswith("tensor(")]
    if not wanted:
        raise OptimizationError(
            "OptimizationUnsupported",
            "The graph has no output that is a tensor, so that nothing can be compared.",
        )
    try:
        results = session.run(wanted, dict(feeds))
    except Exception as error:
        failure = as_failure(error, "the graph refuses a sample")
        if failure.reason == "OptimizationOutOfMemory":
            raise failure from error
        shapes = ", ".join(f"{name} {value.dtype}{list(value.shape)}" for name, value in feeds.items())
        raise OptimizationError(
            "CalibrationInvalid", f"{failure.sentence} The sample has {shapes}."
        ) from error
    return {name: np.asarray(value) for name, value in zip(wanted, results, strict=True)}


def answers(model: ModelProto, samples: Samples, threads: int = 1) -> Answers:
    """Return the outputs of each sample, run alone as one request is."""
    session = open_session(model, threads)
    return [run(session, feeds) for feeds in samples.requests]
