"""Second moments of what consumers read, over the calibration samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorShapeProto, ValueInfoProto, helper

from ..failure import OptimizationError
from ..graph import Graph, copied
from ..runtime import open_session, run
from ..samples import Array, Feeds, Samples
from .blocks import Consumer
from .layers import Layer, attribute, integers

FOLDS = 2
"""Runs are counted in turns into this many sums, so that what one has taught is judged by the other."""

ROWS_AT_LEAST = 16_384
ROWS_PER_FEATURE = 8
"""Rows that are looked at: more change a refit little, and time grows with them."""

SEED = 20_261_126
"""Seed of the choice of rows where a run has more than are looked at."""


@dataclass(frozen=True)
class Moments:
    """Sums over rows of `a aᵀ` with a = [features, 1].

    Parameters
    ----------
    sums
        float64 [FOLDS, features + 1, features + 1]; the last entry counts the rows. Features are in the order of
        the neurons: all places and taps of neuron 0 first.
    """

    sums: NDArray[np.float64]

    @property
    def rows(self) -> int:
        """Return how many rows were seen."""
        return int(self.sums[:, -1, -1].sum())

    def mean(self, fold: int | None = None) -> NDArray[np.float64]:
        """Return the mean of `a aᵀ`, of one fold or of all; float64 [features + 1, features + 1]."""
        total = self.sums.sum(0) if fold is None else self.sums[fold]
        return np.asarray(total / max(float(total[-1, -1]), 1.0))


def feature_count(consumer: Consumer) -> int:
    """Return how many features a consumer has: places of neurons times taps of its kernel."""
    return consumer.layout.width * consumer.layer.taps


ROWS_OF_A_RUN = 8
"""Samples of a run where the graph takes several."""


def moments_of(
    model: ModelProto, consumers: Sequence[Consumer], samples: Samples, threads: int
) -> list[Moments]:
    """Run the samples once and return the moments of each consumer."""
    free = all(axes and not axes[0].HasField("dim_value") for axes in map(axes_of_input, inputs_of(model)))
    if free:
        try:
            return moments_in_runs(model, consumers, samples, threads, ROWS_OF_A_RUN)
        except OptimizationError:  # a shape within the graph is fixed; a bad sample fails again, alone
            pass
    return moments_in_runs(model, consumers, samples, threads, 1)


def inputs_of(model: ModelProto) -> list[ValueInfoProto]:
    """Return the inputs that a caller gives."""
    names = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in names]


def axes_of_input(value: ValueInfoProto) -> list[TensorShapeProto.Dimension]:
    """Return the axes that an input is declared with."""
    return list(value.type.tensor_type.shape.dim)


def moments_in_runs(
    model: ModelProto, consumers: Sequence[Consumer], samples: Samples, threads: int, rows: int
) -> list[Moments]:
    """Run the samples, up to `rows` at a time, and return the moments of each consumer."""
    probe = copied(model)
    names = list(dict.fromkeys(consumer.value for consumer in consumers))
    outputs = {value.name for value in probe.graph.output}
    probe.graph.output.extend(helper.make_empty_tensor_value_info(n) for n in names if n not in outputs)
    session = open_session(probe, threads)
    kernels = [kernel_of(Graph(probe), consumer.layer) for consumer in consumers]
    sums = [np.zeros((FOLDS, feature_count(c) + 1, feature_count(c) + 1)) for c in consumers]
    draw = np.random.default_rng(SEED)
    for number, feeds in enumerate(samples.batches(rows)):
        made = run(session, feeds)
        share = batch_rows(feeds) / max(len(samples), 1)
        for consumer, kernel, total in zip(consumers, kernels, sums, strict=True):
            features = features_of(made[consumer.value], consumer, kernel, feeds)
            add_rows(total, features, number, share, draw)
    return [Moments(total) for total in sums]


def batch_rows(feeds: Feeds) -> int:
    """Return how many samples a run has."""
    return max((value.shape[0] for value in feeds.values() if value.ndim), default=1)


def add_rows(
    total: NDArray[np.float64], features: Array, number: int, share: float, draw: np.random.Generator
) -> None:
    """Add the rows of run `number`, which has `share` of all samples; some of them where it has very many."""
    quota = int(np.ceil(max(ROWS_AT_LEAST, ROWS_PER_FEATURE * len(total[0])) * share))
    if len(features) > quota:
        features = features[draw.choice(len(features), quota, replace=False)]
    if share >= 1:  # a single run: its rows are shared out
        parts = np.array_split(features, FOLDS)
    else:
        parts = [features if fold == number % FOLDS else features[:0] for fold in range(FOLDS)]
    for fold, part in enumerate(parts):
        if len(part):
            a = np.concatenate([part.astype(np.float64), np.ones((len(part), 1))], axis=1)
            total[fold] += a.T @ a


@dataclass(frozen=True)
class Kernel:
    """How a convolution moves over a picture; one entry for each spatial axis."""

    shape: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    pads: tuple[int, ...] | None
    auto: str


def kernel_of(graph: Graph, layer: Layer) -> Kernel | None:
    """Return the kernel of a convolution; None for linear layers."""
    if layer.kind == "linear":
        return None
    shape = tuple(int(size) for size in graph.constants[layer.node.input[1]].dims[2:])
    auto = attribute(layer.node, "auto_pad", b"NOTSET")
    ones = [1] * len(shape)
    return Kernel(
        shape,
        tuple(integers(layer.node, "strides") or ones),
        tuple(integers(layer.node, "dilations") or ones),
        tuple(integers(layer.node, "pads") or [0] * (2 * len(shape))),
        auto.decode() if isinstance(auto, bytes) else str(auto),
    )


def paddings(kernel: Kernel, sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Return the zeros before and after each spatial axis."""
    count = len(kernel.shape)
    if kernel.auto in ("NOTSET", ""):
        pads = kernel.pads or (0,) * (2 * count)
        return [(pads[axis], pads[axis + count]) for axis in range(count)]
    if kernel.auto == "VALID":
        return [(0, 0)] * count
    result = []
    for size, width, stride, dilation in zip(
        sizes, kernel.shape, kernel.strides, kernel.dilations, strict=True
    ):
        reach = (width - 1) * dilation + 1
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        small, large = total // 2, total - total // 2
        result.append((small, large) if kernel.auto == "SAME_UPPER" else (large, small))
    return result


def patches(pictures: Array, kernel: Kernel) -> Array:
    """Return what a kernel sees at each of its places: [rows, channels, taps] of pictures [batch, channels, …]."""
    count = len(kernel.shape)
    pads = paddings(kernel, pictures.shape[2:])
    padded = np.pad(pictures, [(0, 0), (0, 0), *pads])
    reaches = [(w - 1) * d + 1 for w, d in zip(kernel.shape, kernel.dilations, strict=True)]
    axes = tuple(range(2, 2 + count))
    windows = np.lib.stride_tricks.sliding_window_view(padded, reaches, axes)
    steps = tuple(slice(None, None, step) for step in kernel.strides)
    holes = tuple(slice(None, None, hole) for hole in kernel.dilations)
    seen = windows[(slice(None), slice(None), *steps, *holes)]
    moved = np.moveaxis(seen, 1, 1 + count)
    return np.asarray(moved.reshape(-1, pictures.shape[1], int(np.prod(kernel.shape))))


def features_of(value: Array, consumer: Consumer, kernel: Kernel | None, feeds: Feeds) -> Array:
    """Return [rows, features] of a consumer's input, padded positions left out, ordered by neuron."""
    order = np.argsort(consumer.layout.owner, kind="stable")
    if kernel is not None:
        return patches(value, kernel)[:, order].reshape(-1, feature_count(consumer))
    moved = np.moveaxis(value, consumer.layout.axis, -1)
    flat = moved.reshape(-1, moved.shape[-1])[:, order]
    keep = unpadded(moved.shape[:-1], feeds)
    return flat if keep is None else flat[keep]


def unpadded(shape: tuple[int, ...], feeds: Mapping[str, Array]) -> NDArray[np.bool_] | None:
    """Return which rows are not padding; None where no attention mask has the rows' shape."""
    count = int(np.prod(shape))
    masks = [value for name, value in feeds.items() if "attention_mask" in name and value.ndim == 2]
    fitting = [m for m in masks if m.shape == shape[:2]] or [
        m for m in masks if len(shape) == 1 and m.size == count
    ]
    if len(fitting) != 1 or not fitting[0].any() or fitting[0].size != count:
        return None
    return np.asarray(fitting[0].reshape(-1) != 0)
