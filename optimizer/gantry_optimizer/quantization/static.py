"""int8 with ranges from calibration: QuantizeLinear and DequantizeLinear around operators that have integer forms."""

from collections.abc import Collection

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, shape_inference
from onnxruntime.quantization import QuantType
from onnxruntime.quantization.calibrate import TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from ..dataset import too_few
from ..failure import OptimizationError
from ..far import bring_near
from ..graph import Graph, copied
from ..plain import counted
from ..step import Choice, KeptNode, StepContext, StepResult
from .budget import BUILD_SECONDS, CALIBRATION_SECONDS, budget_of, within
from .calibration import METHODS, CalibrationTimeError, ranges
from .checks import FEWEST_SAMPLES, nothing, prepared, refuse_large
from .choosing import chosen_of
from .integers import adds_in_32_bits
from .quiet import quiet
from .rows import in_8_bits
from .search import Half, choice, half_of, search, spread
from .weighted import constants_of, give_names, weighted_nodes

PRODUCTS = frozenset(["Conv", "MatMul", "Gemm"])
"""Operators with weights that onnxruntime computes in integers."""

BETWEEN = frozenset(
    [
        *("Relu", "Clip", "LeakyRelu", "MaxPool", "AveragePool", "GlobalAveragePool", "Add", "Concat", "Pad"),
        *("Reshape", "Transpose", "Squeeze", "Unsqueeze", "Flatten", "Resize", "Split"),
    ]
)
"""Operators that pass integers on between convolutions. Texts lose more by them than they gain."""


def int8_static(model: ModelProto, context: StepContext) -> StepResult:
    """Return the model in int8, with the ranges that the calibration samples show.

    A half of the samples shows the ranges, a quarter chooses the method and the nodes, a quarter confirms.

    Raises
    ------
    OptimizationError
        CalibrationInvalid without samples of a data set, or too few; see `prepared`; NothingToOptimize;
        AgreementTooLow.
    """
    require_samples(context)
    base = prepared(model)
    refuse_large("int8-static", base)
    bring_near(base)
    nodes = candidates(base)
    if not nodes:
        raise nothing("int8-static", base)
    showing, *rest = spread(context, (2, 1, 1))
    parts = (half_of(context, rest[0]), half_of(context, rest[1]))
    inferred = shape_inference.infer_shapes(base)
    kinds = frozenset(nodes.values())
    found, late = ranges_by_method(inferred, context, showing, kinds)
    reduce_range = not adds_in_32_bits()

    def made(method: str, names: frozenset[str]) -> ModelProto:
        with within(BUILD_SECONDS, too_slow(len(names))):
            return in_integers(inferred, found[method], names, reduce_range)

    whole = {method: made(method, frozenset(nodes)) for method in found}
    choices = chosen_of(
        [choice(method, model, parts[0], context.threads) for method, model in whole.items()], context
    )
    method = next(each.name for each in choices if each.chosen)
    first = whole[method]
    del whole

    def build(names: frozenset[str]) -> ModelProto:
        return first if names == frozenset(nodes) else made(method, names)

    result = search(list(nodes), build, parts, context)
    return StepResult(
        result.model,
        f"onnxruntime {ort.__version__}",
        kept=tuple(KeptNode(name, nodes[name], reason) for name, reason in result.kept.items()),
        choices=(*choices, *late),
        remarks=remarks(parts, reduce_range),
    )


def too_slow(nodes: int) -> OptimizationError:
    """Return the refusal of a graph with more nodes than onnxruntime's tool writes in time."""
    return OptimizationError(
        "OptimizationUnsupported",
        f"onnxruntime did not write {counted(nodes, 'node')} in integers within {BUILD_SECONDS / 60:.0f} minutes."
        " Choose int8-dynamic.",
    )


def ranges_by_method(
    model: ModelProto, context: StepContext, showing: NDArray[np.int64], operators: frozenset[str]
) -> tuple[dict[str, TensorsData], list[Choice]]:
    """Return the ranges of each method that ends in time, and the others with the reason.

    Raises
    ------
    OptimizationError
        See `ranges`; OptimizationUnsupported where none ends in time.
    """
    budget = budget_of(CALIBRATION_SECONDS)
    samples = context.calibration.part(showing)
    found: dict[str, TensorsData] = {}
    late = []
    for method in METHODS:
        try:
            found[method] = ranges(model, samples, method, operators, context, budget)
        except CalibrationTimeError as error:
            if not found:
                raise
            context.say(f"{method} takes too long; going on without it.")
            late.append(Choice(method, chosen=False, message=error.sentence))
    return found, late


def require_samples(context: StepContext) -> None:
    """Refuse generated inputs and a handful of samples: ranges of them cut off what is served."""
    count = context.calibration.distinct
    given = count + context.judging.distinct
    if context.calibration.generated:
        raise OptimizationError(
            "CalibrationInvalid",
            "int8-static takes the ranges of numbers from a data set, and there is none; generated inputs show"
            " others. Name a data set, or choose int8-dynamic, which needs none.",
        )
    if count < FEWEST_SAMPLES:
        raise OptimizationError(
            "CalibrationInvalid",
            f"int8-static is calibrated on half of the samples and judged on the others. There are"
            f" {too_few(given, context.calibration.total, 2 * FEWEST_SAMPLES)}; 200 are good."
            " Give more samples, or choose int8-dynamic, which needs none.",
        )


def candidates(model: ModelProto) -> dict[str, str]:
    """Return the operator of each node of the main graph that can be in integers, by name."""
    constants = constants_of(model)
    weighted = {
        node.name
        for node in model.graph.node
        if node.op_type in PRODUCTS
        and node.domain in ("", "ai.onnx")
        and node.input[1] in constants
        and constants[node.input[1]].data_type == TensorProto.FLOAT
    }
    pictures = any(node.op_type == "Conv" and node.name in weighted for node in model.graph.node)
    between = frozenset[str]() if pictures else cut_off_between(model, weighted)
    return {
        node.name: node.op_type
        for node in model.graph.node
        if node.name in weighted or node.name in between or (pictures and node.op_type in BETWEEN)
    }


def cut_off_between(model: ModelProto, weighted: Collection[str]) -> frozenset[str]:
    """Return the names of Relu and Clip between two products: the range of bytes cuts off what they do, for nothing."""
    graph = Graph(model)
    return frozenset(
        node.name
        for node in model.graph.node
        if node.op_type in ("Relu", "Clip")
        and node.input[0] in graph.producer
        and graph.producer[node.input[0]].name in weighted
        and node.output[0] not in graph.outputs
        and all(user.name in weighted for user in graph.users[node.output[0]])
    )


def in_integers(
    model: ModelProto, found: TensorsData, names: frozenset[str], reduce_range: bool
) -> ModelProto:
    """Return a copy of `model` with the given nodes in uint8 by int8 per channel, and tables in 8 bits.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported with what onnxruntime's tool says of the graph.
    """
    operators = sorted({node.op_type for node in model.graph.node if node.name in names})
    made = copied(model)
    if names:
        try:
            with quiet():
                quantizer = QDQQuantizer(
                    made,
                    True,
                    reduce_range,
                    QuantType.QInt8,
                    QuantType.QUInt8,
                    found,
                    sorted(names),
                    [],
                    operators,
                    {"WeightSymmetric": True, "ActivationSymmetric": False},
                )
                quantizer.quantize_model()
                quantizer.model.topological_sort()
                made = quantizer.model.model
        except Exception as error:
            said = " ".join(str(error).split())[:300] or type(error).__name__
            raise OptimizationError(
                "OptimizationUnsupported", f"onnxruntime cannot quantize the graph: {said}"
            ) from error
    give_names(made)
    tables = [use for use in weighted_nodes(made).nodes if use.kind == "table"]
    made = in_8_bits(made, tables, tables_in_4_bits=False, pairs_fit=False)
    del made.graph.value_info[:]
    return made


def remarks(parts: tuple[Half, Half], reduce_range: bool) -> tuple[str, ...]:
    """Return what a user should know of this model."""
    said = ["Scales are constants: rows stay apart. Numbers beyond what the samples showed are cut off."]
    if reduce_range:
        said.append("This processor adds products of bytes in 16 bits (no VNNI), so weights have 7 bits.")
    if min(len(part.samples) for part in parts) < FEWEST_SAMPLES:
        said.append("The choice rests on fewer than 16 samples; more samples choose better.")
    return tuple(said)
