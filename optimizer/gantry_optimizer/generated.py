"""Inputs made up from what a graph says of them, for models without a data set."""

import math
from collections.abc import Mapping

import numpy as np
from onnx import ModelProto, ValueInfoProto, helper

from .failure import OptimizationError
from .free_memory import readable
from .input_range import InputRange, input_ranges
from .input_shape import SHORTEST, Text, first_run, has_past, later_run, shape_of
from .labels import invalid
from .runtime import open_session, run
from .samples import Array, Samples, takes_stacked
from .weights import weights_bytes

SAMPLES = 256
"""Half of them judge: one other answer is 0.8 %, less than the drop that is allowed by default."""

SAMPLES_OF_LARGE = 64
LARGE = 1 << 30
"""Bytes of weights from which a run takes seconds."""

FEWEST = 16
LARGEST_TOGETHER = 1 << 30
"""Bytes of all inputs and answers, which are in memory together: there are fewer where each has many."""

LONGEST = (64, 32, 16)
"""Most tokens of a text; the first length is taken that the graph has places for."""

PADDED = 0.25
"""Share of texts that end with padding."""

Generator = np.random.Generator


def generated_samples(model: ModelProto, seed: int = 0) -> Samples:
    """Return inputs that the graph takes.

    Raises
    ------
    OptimizationError
        CalibrationInvalid, with the input of which the graph does not say what it may be.
    """
    rng = np.random.default_rng(seed)
    constants = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in constants]
    ranges = input_ranges(model)
    require_small(inputs)
    longest, size, goes_on = longest_text(model, inputs, ranges)
    most = SAMPLES if weights_bytes(model) < LARGE else SAMPLES_OF_LARGE
    count = max(FEWEST, min(most, LARGEST_TOGETHER // max(size, 1)))
    requests = [request(inputs, ranges, longest, rng, later=goes_on and at % 2 == 1) for at in range(count)]
    return Samples(requests, generated=True, stackable=takes_stacked(model))


def require_small(inputs: list[ValueInfoProto]) -> None:
    """Raise where inputs have a shape of which not even FEWEST samples are small enough."""
    total = 0
    for value in inputs:
        tensor = value.type.tensor_type
        if not value.type.HasField("tensor_type") or not tensor.HasField("shape"):
            continue
        shapes = [shape_of(value, text) for text in (first_run(LONGEST[-1]), later_run(LONGEST[-1]))]
        if any(length < 0 for length in shapes[0]):
            raise invalid(
                f"The graph says that {value.name} has the shape {list(shapes[0])}. Export it again."
            )
        # Numbers are drawn as float64.
        size = 8 * max(map(math.prod, shapes))
        total += size
        if total * FEWEST > LARGEST_TOGETHER:
            raise invalid(
                f"The graph takes {readable(size)} as {value.name}, too much to generate. Give --dataset."
            )


def longest_text(
    model: ModelProto, inputs: list[ValueInfoProto], ranges: Mapping[str, InputRange]
) -> tuple[int, int, bool]:
    """Return the most tokens that the graph takes, the bytes of a run, and whether it goes on from a past.

    The tables of places may end early.

    Raises
    ------
    OptimizationError
        CalibrationInvalid with what onnxruntime says where it takes none.
    """
    session = open_session(model)

    def bytes_of(text: Text) -> int:
        rng = np.random.default_rng(0)
        values = {value.name: value_of(value, ranges[value.name], text, rng) for value in inputs}
        made = run(session, values)
        return sum(value.nbytes for value in [*values.values(), *made.values()])

    refusal = ""
    for longest in LONGEST:
        try:
            size = bytes_of(first_run(longest))
        except OptimizationError as error:
            if error.reason != "CalibrationInvalid":
                raise
            refusal = error.sentence
            continue
        if not has_past(inputs):
            return longest, size, False
        try:
            return longest, max(size, bytes_of(later_run(longest))), True
        except OptimizationError as error:
            if error.reason != "CalibrationInvalid":
                raise
            # The axes have names that do not say which grow.
            return longest, size, False
    raise invalid(f"No inputs can be generated for this graph. Give --dataset. {refusal}")


def request(
    inputs: list[ValueInfoProto],
    ranges: Mapping[str, InputRange],
    longest: int,
    rng: Generator,
    *,
    later: bool = False,
) -> dict[str, Array]:
    """Return the inputs of one sample."""
    length = int(rng.integers(SHORTEST, longest + 1))
    padding = int(rng.integers(1, length // 2)) if rng.random() < PADDED else 0
    text = later_run(length) if later else first_run(length, padding)
    return {value.name: value_of(value, ranges[value.name], text, rng) for value in inputs}


def value_of(value: ValueInfoProto, within: InputRange, text: Text, rng: Generator) -> Array:
    """Return one input of a sample."""
    tensor = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not tensor.HasField("shape"):
        raise invalid(f"The graph does not say which shape {value.name} has. Give --dataset.")
    shape = shape_of(value, text)
    dtype = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    if dtype == np.dtype(object):
        if within.texts is None:
            raise invalid(f"The graph takes texts as {value.name}, and does not say which. Give --dataset.")
        return np.asarray(rng.choice(within.texts, size=shape), dtype=object)
    if dtype.kind == "b":
        # The one input of this type that exporters write chooses between a first step and a later one.
        return np.full(shape, text.past > 0)
    if dtype.kind == "f":
        return numbers(shape, within, rng).astype(dtype)
    if dtype.kind in "iu":
        whole = integers(value.name, shape, within, text, rng)
        return (np.abs(whole) if dtype.kind == "u" else whole).astype(dtype)
    raise invalid(f"No values of the type {dtype} can be generated for {value.name}. Give --dataset.")


def numbers(shape: tuple[int, ...], within: InputRange, rng: Generator) -> Array:
    """Return float64 of `shape`: around the thresholds of trees where there are some, else normal."""
    values = rng.standard_normal(shape)
    if within.offset is not None and within.scale is not None:
        values = within.offset + values * within.scale
    for feature, thresholds in (within.thresholds or {}).items():
        # Trees that only ask whether a number is missing compare it with infinity.
        finite = thresholds[np.isfinite(thresholds)]
        if shape and feature < shape[-1] and len(finite):
            picked = rng.choice(finite, size=shape[:-1])
            near = np.abs(picked) * 0.1 + 1e-3
            values[..., feature] = picked + rng.standard_normal(shape[:-1]) * near
    return values


def integers(name: str, shape: tuple[int, ...], within: InputRange, text: Text, rng: Generator) -> Array:
    """Return int64 of `shape`: rows of the table that they index, masks, or places."""
    if "mask" in name:
        mask = np.ones(shape, dtype=np.int64)
        # An axis of another length, as that of an encoder, keeps half of its tokens.
        padding = min(text.padding, shape[-1] // 2) if len(shape) > 1 else 0
        if padding:
            mask[..., -padding:] = 0
        return mask
    if "position" in name:
        return np.broadcast_to(text.past + np.arange(shape[-1] if shape else 1), shape).copy()
    if within.rows is not None:
        return rng.integers(0, within.rows, size=shape)
    if within.thresholds is not None or within.is_number:
        return np.rint(numbers(shape, within, rng)).astype(np.int64)
    raise invalid(f"The graph does not say which whole numbers {name} may have. Give --dataset.")
