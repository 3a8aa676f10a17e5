"""Blocks: layers that make neurons, layers that read them, and nothing between that mixes neurons."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto

from ..step import BlockKind
from .layers import Layer, name_of
from .layout import Layout


@dataclass(frozen=True)
class Consumer:
    """A layer that reads the neurons of a block from `value`."""

    layer: Layer
    value: str
    layout: Layout


@dataclass(frozen=True)
class Producer:
    """A layer that makes the neurons of a block; `owner` is the neuron that each of its outputs belongs to."""

    layer: Layer
    owner: NDArray[np.int64]


@dataclass(frozen=True)
class Reshaped:
    """A Reshape that may name the width at `place` of its shape, as a share of the places of `owner`."""

    node: NodeProto
    place: int
    owner: NDArray[np.int64]


@dataclass(frozen=True)
class Sliced:
    """A constant between: the input `place` of `node` has on its `axis` a number for each entry of `owner`."""

    node: NodeProto
    place: int
    axis: int
    owner: NDArray[np.int64]


@dataclass(frozen=True)
class NeuronBlock:
    """Layers that make the same neurons, and everything that has to become narrower with them.

    Parameters
    ----------
    width
        How many neurons there are.
    producers
        Layers that make neurons: one, or two where one gates the other.
    consumers
        Layers that read them.
    depthwise
        Convolutions of each channel alone, between.
    slices
        Constants between, with numbers for each neuron.
    reshapes
        Reshape nodes that may name the width.
    """

    width: int
    kind: BlockKind
    producers: tuple[Producer, ...]
    consumers: tuple[Consumer, ...]
    depthwise: tuple[Layer, ...]
    slices: tuple[Sliced, ...]
    reshapes: tuple[Reshaped, ...]

    @property
    def name(self) -> str:
        """Return what a report calls the block: its first producer."""
        return name_of(self.producers[0].layer.node)
