"""Samples: what the server would send to the model, sample by sample."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto

Array = NDArray[Any]
Feeds = Mapping[str, Array]
"""Inputs of one run by name; axis 0 is the batch where an input has one."""

Answer = Literal["argmax", "value"]


@dataclass(frozen=True)
class Samples:
    """Inputs of requests of one sample each.

    Parameters
    ----------
    requests
        Each with every input of the graph; lengths differ between samples.
    expected
        int64 [N], the right answer in `class_output`, -1 where none is known; or None.
    class_output
        Name of the output that answers; or None.
    answer
        `argmax`: the place of the largest value is the answer. `value`: the one value is.
    stackable
        Whether the graph takes several requests in one run: every input has a first axis of any length.
    numbers
        int64 [N]: the sample that a request belongs to; some need several. None: each is one.
    total
        Samples of the data set of which these are a part; None: they are all of it.
    generated
        True where the inputs were made up from the graph's input shapes, which proves less.
    """

    requests: Sequence[Feeds]
    expected: NDArray[np.int64] | None = None
    class_output: str | None = None
    generated: bool = False
    digest: str | None = None
    answer: Answer = "argmax"
    stackable: bool = True
    numbers: NDArray[np.int64] | None = None
    total: int | None = None

    @property
    def distinct(self) -> int:
        """Return how many samples there are, where some make several requests."""
        return len(self) if self.numbers is None else len(np.unique(self.numbers))

    def __len__(self) -> int:
        """Return how many requests there are."""
        return len(self.requests)

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> "Samples":
        """Return the samples at `places`, in that order."""
        at = np.asarray(places, dtype=np.int64)
        return replace(
            self,
            requests=[self.requests[place] for place in places],
            expected=None if self.expected is None else self.expected[at],
            numbers=None if self.numbers is None else self.numbers[at],
        )

    def batches(self, rows: int = 8) -> Iterator[Feeds]:
        """Yield runs of up to `rows` samples; only samples whose shapes are equal share one.

        Samples without a batch axis of length 1 in every input are yielded alone.
        """
        waiting: dict[tuple[tuple[str, tuple[int, ...]], ...], list[Feeds]] = {}
        for feeds in self.requests:
            shapes = tuple(sorted((name, value.shape) for name, value in feeds.items()))
            if not self.stackable or not all(shape and shape[0] == 1 for _, shape in shapes):
                yield feeds
                continue
            group = waiting.setdefault(shapes, [])
            group.append(feeds)
            if len(group) == rows:
                yield stacked(group)
                group.clear()
        for group in waiting.values():
            if group:
                yield stacked(group)


def takes_stacked(model: ModelProto) -> bool:
    """Return whether the first axis of every input may have any length."""
    constants = {tensor.name for tensor in model.graph.initializer}
    axes = [value.type.tensor_type.shape.dim for value in model.graph.input if value.name not in constants]
    return all(len(dims) > 0 and not dims[0].HasField("dim_value") for dims in axes)


def stacked(requests: Sequence[Feeds]) -> dict[str, Array]:
    """Return one run of all `requests`, joined along axis 0."""
    return {name: np.concatenate([feeds[name] for feeds in requests]) for name in requests[0]}


def halves_of(samples: Samples) -> tuple[Samples, Samples]:
    """Return (calibration, judging): no step is judged by what it learned from.

    Requests of one sample stay together. The hash of a sample's number decides, so that the inference server, which
    looks at the result once more, takes the same halves.
    """
    numbers = np.arange(len(samples)) if samples.numbers is None else samples.numbers
    order = sorted(
        (int(number) for number in np.unique(numbers)),
        key=lambda number: hashlib.sha256(str(number).encode()).digest(),
    )
    calibrates = np.isin(numbers, order[: len(order) // 2])
    return samples.part(np.flatnonzero(calibrates)), samples.part(np.flatnonzero(~calibrates))
