"""Ranges of the values of a graph, as samples show them."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from onnx import ModelProto
from onnxruntime.quantization.calibrate import (
    CalibrationDataReader,
    CalibrationMethod,
    TensorsData,
    create_calibrator,
)

from ..failure import OptimizationError
from ..runtime import as_failure
from ..samples import Array, Samples
from ..step import StepContext
from ..weights import LARGEST_FILE, save_model, weights_bytes
from .budget import Budget
from .quiet import quiet

METHODS: Mapping[str, CalibrationMethod] = {
    "MinMax": CalibrationMethod.MinMax,
    "Percentile": CalibrationMethod.Percentile,
    "Entropy": CalibrationMethod.Entropy,
}
"""Ways to take a range: all that was seen; all but the outermost of 100,000; what keeps most information."""

MOST_SAMPLES = 128
"""Ranges hardly change after a hundred samples, and each is run once for every method."""


class CalibrationTimeError(OptimizationError):
    """The budget has ended before the ranges were known."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(
            "OptimizationUnsupported",
            f"The graph did not show the ranges of its numbers within {budget.says()}."
            " Choose int8-dynamic, which needs none.",
        )


class OneSample(CalibrationDataReader):  # type: ignore[misc]
    """Reads one sample: the tool keeps all values of the samples of a reader in memory at once."""

    def __init__(self, feeds: Mapping[str, Array]) -> None:
        self.waiting = [dict(feeds)]

    def get_next(self) -> dict[str, Array] | None:
        """Return the sample, then None."""
        return self.waiting.pop() if self.waiting else None


def ranges(
    model: ModelProto,
    samples: Samples,
    method: str,
    operators: frozenset[str],
    context: StepContext,
    budget: Budget,
) -> TensorsData:
    """Return the ranges of what the nodes of the given operators read and make.

    Samples are taken one by one: their lengths differ, and memory stays that of one sample.

    Raises
    ------
    OptimizationError
        CalibrationInvalid where a sample does not fit the graph, or shows no finite range.
    CalibrationTimeError
        The budget ends before.
    """
    context.say(f"calibrating with {method} …")
    with tempfile.TemporaryDirectory(dir=context.work, prefix="calibration-") as folder, quiet():
        path = Path(folder) / "model.onnx"
        save_model(model, path)
        try:
            calibrator = create_calibrator(
                path,
                sorted(operators),
                augmented_model_path=str(Path(folder) / "augmented.onnx"),
                calibrate_method=METHODS[method],
                use_external_data_format=weights_bytes(model) >= LARGEST_FILE,
                providers=["CPUExecutionProvider"],
                extra_options={"symmetric": False} if method == "MinMax" else {},
            )
            for feeds in samples.requests[:MOST_SAMPLES]:
                require_time(budget)
                calibrator.collect_data(OneSample(feeds))
            bound_entropy(calibrator, budget)
            found: TensorsData = calibrator.compute_data()
        except (OSError, CalibrationTimeError):
            raise
        except Exception as error:
            failure = as_failure(error, "the samples cannot be used for calibration")
            if failure.reason == "OptimizationOutOfMemory":
                raise failure from error
            raise OptimizationError("CalibrationInvalid", failure.sentence) from error
    for name, data in found.data.items():
        if not all(np.isfinite(value).all() for value in data.range_value):
            raise OptimizationError(
                "CalibrationInvalid", f"The value {name} of the graph is NaN or infinite for the samples."
            )
    return found


def require_time(budget: Budget) -> None:
    """Raise CalibrationTimeError where a budget has ended."""
    if budget.is_over():
        raise CalibrationTimeError(budget)


def bound_entropy(calibrator: object, budget: Budget) -> None:
    """Look at the time before the range of each value: Entropy takes about half a second for one."""
    collector = getattr(calibrator, "collector", None)
    if collector is None:
        return
    threshold_of = collector.get_entropy_threshold

    def bounded(*given: object) -> object:
        require_time(budget)
        return threshold_of(*given)

    collector.get_entropy_threshold = bounded
