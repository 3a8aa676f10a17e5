"""Convolutions, pooling, normalization and sums over axes, in torch."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from .attributes import padding, present, spread

Attributes = Mapping[str, Any]
Inputs = Sequence[Tensor | None]


def padded(value: Tensor, pairs: Sequence[tuple[int, int]], fill: float) -> Tensor:
    """Return a tensor with numbers around its last axes."""
    if not any(map(any, pairs)):
        return value
    return functional.pad(value, [side for pair in reversed(pairs) for side in pair], value=fill)


def convolution(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Convolve along one to three axes."""
    value, weight, bias = present(inputs[0]), present(inputs[1]), inputs[2] if len(inputs) > 2 else None
    axes = value.ndim - 2
    dilations = attributes.get("dilations") or [1] * axes
    pairs = padding(dict(attributes), value.shape[2:], spread(weight.shape[2:], dilations))
    function = (functional.conv1d, functional.conv2d, functional.conv3d)[axes - 1]
    return function(
        padded(value, pairs, 0.0),
        weight,
        bias,
        stride=attributes.get("strides") or [1] * axes,
        dilation=dilations,
        groups=attributes.get("group", 1),
    )


def max_pool(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Take the largest number under the kernel."""
    value = present(inputs[0])
    kernel = attributes["kernel_shape"]
    dilations = attributes.get("dilations") or [1] * len(kernel)
    pairs = padding(dict(attributes), value.shape[2:], spread(kernel, dilations))
    function = (functional.max_pool1d, functional.max_pool2d, functional.max_pool3d)[len(kernel) - 1]
    return function(
        padded(value, pairs, -torch.inf),
        kernel,
        stride=attributes.get("strides") or [1] * len(kernel),
        dilation=dilations,
        ceil_mode=bool(attributes.get("ceil_mode", 0)),
    )


def average_pool(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Take the mean under the kernel; what pads counts only where the graph says so."""
    value = present(inputs[0])
    kernel = attributes["kernel_shape"]
    pairs = padding(dict(attributes), value.shape[2:], kernel)
    function = (functional.avg_pool1d, functional.avg_pool2d, functional.avg_pool3d)[len(kernel) - 1]
    options = {
        "stride": attributes.get("strides") or [1] * len(kernel),
        "ceil_mode": bool(attributes.get("ceil_mode", 0)),
    }
    mean = function(padded(value, pairs, 0.0), kernel, **options)
    if not any(map(any, pairs)) or attributes.get("count_include_pad", 0):
        return mean
    return mean / function(padded(torch.ones_like(value), pairs, 0.0), kernel, **options)


def whole_picture(function: Callable[..., Tensor]) -> Callable[[Attributes, Inputs, int], Tensor]:
    """Return a pooling of all places of a channel."""

    def pooled(_attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
        value = present(inputs[0])
        return function(value, dim=tuple(range(2, value.ndim)), keepdim=True)

    return pooled


def layer_normalization(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Give each row the mean 0 and the deviation 1."""
    value, scale, bias = present(inputs[0]), present(inputs[1]), inputs[2] if len(inputs) > 2 else None
    axes = tuple(value.shape[attributes.get("axis", -1) % value.ndim :])
    shift = None if bias is None else bias.expand(axes)
    return functional.layer_norm(value, axes, scale.expand(axes), shift, attributes.get("epsilon", 1e-5))


def batch_normalization(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Normalize by mean and variance of the data that the teacher was trained on, which stay."""
    value, scale, bias, mean, variance = map(present, inputs[:5])
    return functional.batch_norm(
        value, mean, variance, scale, bias, training=False, eps=attributes.get("epsilon", 1e-5)
    )


def instance_normalization(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Give each channel the mean 0 and the deviation 1."""
    value, scale, bias = map(present, inputs[:3])
    return functional.instance_norm(
        value, weight=scale, bias=bias, use_input_stats=True, eps=attributes.get("epsilon", 1e-5)
    )


LAYERS = {
    "Conv": convolution,
    "MaxPool": max_pool,
    "AveragePool": average_pool,
    "GlobalAveragePool": whole_picture(torch.mean),
    "GlobalMaxPool": whole_picture(torch.amax),
    "LayerNormalization": layer_normalization,
    "BatchNormalization": batch_normalization,
    "InstanceNormalization": instance_normalization,
}


def reduction(function: Callable[..., Tensor]) -> Callable[[Attributes, Inputs, int], Tensor]:
    """Return an operator over axes, which are an input or, in older versions, an attribute."""

    def reduced(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
        value = present(inputs[0])
        given = inputs[1].tolist() if len(inputs) > 1 and inputs[1] is not None else attributes.get("axes")
        if not given:
            if attributes.get("noop_with_empty_axes", 0):
                return value
            given = list(range(value.ndim))
        return function(value, dim=tuple(given), keepdim=bool(attributes.get("keepdims", 1)))

    return reduced


AVERAGES = {
    "ReduceMean": reduction(torch.mean),
    "ReduceSum": reduction(torch.sum),
    "ReduceMax": reduction(torch.amax),
    "ReduceMin": reduction(torch.amin),
    "ReduceL2": reduction(torch.linalg.vector_norm),
    "ReduceSumSquare": reduction(lambda value, dim, keepdim: (value * value).sum(dim, keepdim)),
}
