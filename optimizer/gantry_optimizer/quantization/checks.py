"""What is looked at before any number changes: models that cannot, or need not, be quantized."""

import numpy as np
import onnx
from onnx import ModelProto, TensorProto, inliner, version_converter

from ..failure import OptimizationError
from ..far import array_of, is_far
from ..graph import copied, opset_of
from ..weights import LARGEST_FILE, tensor_bytes, tensors_of
from .weighted import all_nodes, constants_of, give_names, graphs_of

QUANTIZED = frozenset(
    [
        *("QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "ConvInteger"),
        *(
            "MatMulIntegerToFloat",
            "DynamicQuantizeMatMul",
            "QGemm",
            "QAttention",
            "QMoE",
            "DynamicQuantizeLSTM",
        ),
        *("QEmbedLayerNormalization", "MatMulNBits", "MatMulBnb4", "MatMulFpQ4", "GatherBlockQuantized"),
    ]
)
"""Operators that only quantized models have; those that begin with QLinear are others."""

OLDEST_OPSET = 13
"""The first with a scale for each channel, DequantizeLinear's `axis`."""

CONVERTED_TO = 17
"""The first with LayerNormalization, and the last whose reductions have their axes as attributes."""

FEWEST_SAMPLES = 16
"""Below, one sample is more than 6 % of all, and a range that it does not show is cut off."""


def prepared(model: ModelProto) -> ModelProto:
    """Return a copy that the formats can work on: functions in line, names for all nodes, opset 13 or newer.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported for models that are quantized, weights that are no numbers, and old operators.
    """
    refuse_quantized(model)
    made = copied(model)
    if made.functions:
        made = inliner.inline_local_functions(made)
    if made.ir_version < 4:
        constants_are_constant(made)
    if opset_of(made) < OLDEST_OPSET:
        made = converted(made)
    # Tools compare these with what they infer, and exporters write some that are wrong.
    for graph in graphs_of(made.graph):
        del graph.value_info[:]
    give_names(made)
    refuse_no_numbers(made)
    return made


def refuse_quantized(model: ModelProto) -> None:
    """Refuse a model that has integer products already."""
    found = sorted(
        {
            node.op_type
            for node in all_nodes(model)
            if node.op_type in QUANTIZED or node.op_type.startswith("QLinear")
        }
    )
    if found:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The model is already quantized: it has {', '.join(found)}. Quantize the float32 model"
            " that it was made from, or leave `quantize` out.",
        )


def constants_are_constant(model: ModelProto) -> None:
    """Take weights out of the inputs, where files before IR version 4 list them, in place."""
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)
    model.ir_version = 8


def converted(model: ModelProto) -> ModelProto:
    """Return the model in opset CONVERTED_TO.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where onnx has no rule for one of its operators.
    """
    try:
        made = version_converter.convert_version(model, CONVERTED_TO)
        onnx.checker.check_model(made)
    except Exception as error:
        said = " ".join(str(error).split())[:300]
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The model has opset {opset_of(model)}; formats of numbers need {OLDEST_OPSET}, and onnx cannot"
            f" convert it: {said}. Export it again with opset {CONVERTED_TO} or newer.",
        ) from error
    made.ir_version = max(made.ir_version, 8)
    return made


def refuse_no_numbers(model: ModelProto) -> None:
    """Refuse weights that are NaN or infinite: a scale of them is none. Masks may be infinite."""
    readers = {
        name: node
        for node in all_nodes(model)
        if node.op_type in ("MatMul", "Gemm", "Conv", "ConvTranspose", "Gather", "Attention")
        for name in node.input
    }
    for name, tensor in constants_of(model).items():
        if name not in readers or tensor.data_type not in (TensorProto.FLOAT, TensorProto.DOUBLE):
            continue
        values = array_of(tensor)
        wrong = int(values.size - np.count_nonzero(np.isfinite(values)))
        if wrong:
            raise OptimizationError(
                "OptimizationUnsupported",
                f"{wrong} of the {values.size} weights {name} of node {readers[name].name} are NaN or infinite."
                " The model cannot answer well with them; train or export it again.",
            )


def refuse_large(fmt: str, model: ModelProto, *, far: bool = False) -> None:
    """Refuse a model whose types the tools cannot infer: they need it in one message of protobuf.

    Parameters
    ----------
    far
        Whether weights that lie in files of this run may stay there.
    """
    needed = sum(tensor_bytes(tensor) for tensor in tensors_of(model.graph) if not (far and is_far(tensor)))
    if needed >= LARGEST_FILE:
        raise OptimizationError(
            "OptimizationUnsupported",
            f"The weights take {needed / 2**30:.1f} GiB, and the tools for {fmt} end at 2 GiB."
            " Choose int8-dynamic or int4.",
        )


def nothing(fmt: str, model: ModelProto) -> OptimizationError:
    """Return the refusal of a model that has no weights for the format, with what it has instead."""
    kinds = sorted({node.op_type for node in all_nodes(model) if node.op_type != "Constant"})
    shown = ", ".join(kinds[:12]) + (", …" if len(kinds) > 12 else "")
    others = fmt in ("int8-dynamic", "int4") and "Conv" in kinds
    advice = "int8-static (with samples) and fp16 take convolutions." if others else "Leave `quantize` out."
    return OptimizationError(
        "NothingToOptimize",
        f"No node of the model can be in {fmt}: its operators are {shown}. {advice}",
    )
