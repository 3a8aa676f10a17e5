"""The operators of ONNX that have a gradient, in torch. What they answer is compared with onnxruntime before use."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from onnx import TensorProto
from torch import Tensor
from torch.nn import functional

from .attributes import present
from .layered import AVERAGES, LAYERS
from .shaped import SHAPING

Attributes = Mapping[str, Any]
Inputs = Sequence[Tensor | None]
Operator = Callable[[Attributes, Inputs, int], Tensor | Sequence[Tensor]]
"""Takes attributes, inputs and the version of the standard operators."""


def single(function: Callable[[Tensor], Tensor]) -> Operator:
    """Return an operator of one input."""
    return lambda _attributes, inputs, _version: function(present(inputs[0]))


def several(function: Callable[[Tensor, Tensor], Tensor]) -> Operator:
    """Return an operator of two inputs or more, from left to right."""

    def folded(_attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
        value = present(inputs[0])
        for other in inputs[1:]:
            value = function(value, present(other))
        return value

    return folded


def gemm(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Return alpha * A * B + beta * C."""
    first, second = present(inputs[0]), present(inputs[1])
    first = first.T if attributes.get("transA", 0) else first
    second = second.T if attributes.get("transB", 0) else second
    value = attributes.get("alpha", 1.0) * (first @ second)
    third = inputs[2] if len(inputs) > 2 else None
    return value if third is None else value + attributes.get("beta", 1.0) * third


def gelu(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Take the exact one, or the one by tanh."""
    return functional.gelu(present(inputs[0]), approximate=attributes.get("approximate", "none"))


def clip(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Keep numbers between two limits, which are attributes up to version 10."""
    limits = [attributes.get("min"), attributes.get("max")]
    for place, value in enumerate(inputs[1:3]):
        limits[place] = None if value is None else value.item()
    low, high = limits
    return present(inputs[0]).clamp(
        min=-torch.inf if low is None else low, max=torch.inf if high is None else high
    )


def where(_attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Choose by a condition."""
    condition, first, second = (present(value) for value in inputs)
    return torch.where(condition, first, second)


def cast(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Turn floats into floats; others have no gradient."""
    kinds = {TensorProto.FLOAT: torch.float32, TensorProto.DOUBLE: torch.float64}
    return present(inputs[0]).to(kinds[attributes["to"]])


def softmax(attributes: Attributes, inputs: Inputs, version: int, logarithm: bool = False) -> Tensor:
    """Return shares of one whole; up to version 12 all axes from `axis` on are one."""
    value = present(inputs[0])
    function = functional.log_softmax if logarithm else functional.softmax
    if version >= 13:
        return function(value, dim=attributes.get("axis", -1))
    flat = value.flatten(attributes.get("axis", 1) % value.ndim)
    return function(flat, dim=-1).reshape(value.shape)


def log_softmax(attributes: Attributes, inputs: Inputs, version: int) -> Tensor:
    """Return the logarithm of softmax."""
    return softmax(attributes, inputs, version, logarithm=True)


def leaky(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Return relu with a slope below zero."""
    return functional.leaky_relu(present(inputs[0]), attributes.get("alpha", 0.01))


def elu(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Return an exponential below zero."""
    return functional.elu(present(inputs[0]), attributes.get("alpha", 1.0))


def hard_sigmoid(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Return a line between 0 and 1."""
    return (attributes.get("alpha", 0.2) * present(inputs[0]) + attributes.get("beta", 0.5)).clamp(0, 1)


def prelu(_attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Return relu whose slope below zero is a weight."""
    value, slope = present(inputs[0]), present(inputs[1])
    return torch.where(value < 0, value * slope, value)


def einsum(attributes: Attributes, inputs: Inputs, _version: int) -> Tensor:
    """Return sums of products by a formula."""
    return torch.einsum(attributes["equation"], *[present(value) for value in inputs])


OPERATORS: Mapping[str, Operator] = {
    **{
        name: single(function)
        for name, function in {
            "Relu": torch.relu,
            "Tanh": torch.tanh,
            "Sigmoid": torch.sigmoid,
            "Erf": torch.erf,
            "Exp": torch.exp,
            "Log": torch.log,
            "Sqrt": torch.sqrt,
            "Abs": torch.abs,
            "Neg": torch.neg,
            "Reciprocal": torch.reciprocal,
            "Identity": torch.clone,
            # A graph for serving does not drop anything.
            "Dropout": torch.clone,
            "Softplus": functional.softplus,
            "Softsign": functional.softsign,
            "Mish": functional.mish,
            "HardSwish": functional.hardswish,
        }.items()
    },
    **{
        name: several(function)
        for name, function in {
            "Add": torch.add,
            "Sub": torch.sub,
            "Mul": torch.mul,
            "Div": torch.div,
            "Pow": torch.pow,
            "Sum": torch.add,
            "Min": torch.minimum,
            "Max": torch.maximum,
            "MatMul": torch.matmul,
        }.items()
    },
    "Gemm": gemm,
    "Gelu": gelu,
    "Clip": clip,
    "Where": where,
    "Cast": cast,
    "Softmax": softmax,
    "LogSoftmax": log_softmax,
    "LeakyRelu": leaky,
    "Elu": elu,
    "HardSigmoid": hard_sigmoid,
    "PRelu": prelu,
    "Einsum": einsum,
    **LAYERS,
    **AVERAGES,
    **SHAPING,
}
