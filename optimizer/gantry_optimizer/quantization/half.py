"""float16 inside, float32 at the inputs and outputs."""

from collections.abc import Mapping

import numpy as np
import onnxruntime as ort
from onnx import ModelProto, TensorProto, numpy_helper, shape_inference
from onnx.helper import tensor_dtype_to_np_dtype
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16

from ..failure import OptimizationError
from ..far import array_of, far_tensors
from ..step import KeptNode, StepContext, StepResult
from .casts import settle_casts
from .checks import nothing, prepared, refuse_large
from .quiet import quiet
from .search import halves, search
from .weighted import all_nodes, constants_of, give_names, graphs_of

LARGEST = float(np.finfo(np.float16).max)
"""65504; larger numbers are infinite in float16."""

SMALLEST = 5.96e-8
"""Smaller weights become this one, with their sign, as in onnxruntime's tool: none becomes zero."""

MASKS_ARE_AT_LEAST = 1e30
"""Constants from here on stand for infinity, in masks, and may be cut to LARGEST."""


def fp16(model: ModelProto, context: StepContext) -> StepResult:
    """Return the model in float16, but for its inputs and outputs and the nodes that lose too much.

    Raises
    ------
    OptimizationError
        See `prepared`; NothingToOptimize without float32 weights; AgreementTooLow.
    """
    base = prepared(model)
    refuse_large("float16", base, far=True)
    if not any(tensor.data_type == TensorProto.FLOAT for tensor in constants_of(base).values()):
        raise nothing("float16", base)
    refuse_passed_on(base)
    overflowing = overflows(base)
    nodes = {
        node.name: node.op_type
        for node in base.graph.node
        if node.op_type not in {*DEFAULT_OP_BLOCK_LIST, "Constant"} and node.name not in overflowing
    }

    def build(names: frozenset[str]) -> ModelProto:
        return in_float16(base, frozenset(nodes) - names | frozenset(overflowing))

    result = search(list(nodes), build, halves(context), context)
    operators = {node.name: node.op_type for node in all_nodes(base)}
    kept = {**result.kept, **overflowing}
    kept |= {
        name: "onnxruntime has no float16 form of this operator."
        for name, operator in operators.items()
        if operator in DEFAULT_OP_BLOCK_LIST
    }
    return StepResult(
        result.model,
        f"onnxruntime {ort.__version__}",
        kept=tuple(KeptNode(name, operators[name], reason) for name, reason in kept.items()),
        remarks=(
            "float16 is for size on processors, which compute in float32 and spend time to convert; GPUs are faster"
            " with it. Inputs and outputs stay float32.",
        ),
    )


def refuse_passed_on(model: ModelProto) -> None:
    """Refuse outputs that no node makes, or that are there twice: a cast to float32 would have nothing to read."""
    made = [name for node in model.graph.node for name in node.output]
    outputs = [value.name for value in model.graph.output]
    wrong = next((name for name in outputs if name not in made or outputs.count(name) > 1), None)
    if wrong is not None:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The output {wrong} is an input, a constant or another output, too, and onnxruntime cannot write such a"
            " graph in float16. Export the model without this output, or choose another format.",
        )


def overflows(model: ModelProto) -> dict[str, str]:
    """Return the nodes that read a constant over 65504, and why they stay in float32."""
    large: dict[str, float] = {}
    for name, tensor in constants_of(model).items():
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = np.abs(np.asarray(array_of(tensor)))
        finite = values[values < MASKS_ARE_AT_LEAST]
        if finite.max(initial=0.0) > LARGEST:
            large[name] = float(finite.max())
    return {
        node.name: f"Its constant {name} reaches {large[name]:g}, and float16 ends at {LARGEST:g}."
        for node in model.graph.node
        for name in node.input
        if name in large
    }


def taken_out(model: ModelProto) -> dict[str, TensorProto]:
    """Take the far weights of a model out, in place, and return them: onnxruntime's tool would read all of them."""
    far = {}
    for tensor in far_tensors(model):
        far[tensor.name] = TensorProto.FromString(tensor.SerializeToString())
        empty = numpy_helper.from_array(np.zeros(0, tensor_dtype_to_np_dtype(tensor.data_type)), tensor.name)
        tensor.CopyFrom(empty)
    return far


def put_back(model: ModelProto, far: Mapping[str, TensorProto]) -> None:
    """Give a converted model its far weights, in place: those that became float16 are converted one by one."""
    for tensor in model.graph.initializer:
        if tensor.name not in far:
            continue
        to_half = tensor.data_type == TensorProto.FLOAT16 != far[tensor.name].data_type
        tensor.CopyFrom(far[tensor.name])
        if to_half:
            values = array_of(tensor)
            smallest, negative = np.abs(values) < SMALLEST, np.signbit(values)
            values = np.where(smallest & (values != 0), np.where(negative, -SMALLEST, SMALLEST), values)
            finite = np.isfinite(values)
            np.clip(values, -LARGEST, LARGEST, out=values, where=finite)
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), tensor.name))


def in_float16(model: ModelProto, stay: frozenset[str]) -> ModelProto:
    """Return a copy of `model` in float16, but for the nodes in `stay`.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported with what the tool says of the graph.
    """
    try:
        with quiet():
            typed = shape_inference.infer_shapes(model)
            far = taken_out(typed)
            made: ModelProto = convert_float_to_float16(
                typed, keep_io_types=True, disable_shape_infer=True, node_block_list=sorted(stay)
            )
        put_back(made, far)
        settle_casts(made)
    except Exception as error:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise OptimizationError(
            "OptimizationUnsupported", f"onnxruntime cannot write the graph in float16: {said}"
        ) from error
    # The tool's casts have names that are there, and it leaves types that are true no longer.
    give_names(made)
    for graph in graphs_of(made.graph):
        del graph.value_info[:]
    return made
