import numpy as np
import onnx
import pytest
from onnx import ModelProto, numpy_helper

from gantry_optimizer.distillation import class_output
from gantry_optimizer.distillation.flow import flow_of
from gantry_optimizer.distillation.layers import repeated_layers, without
from gantry_optimizer.distillation.student import student_of
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.graph import Graph, copied
from gantry_optimizer.recipe import Distill
from gantry_optimizer.samples import Samples

from ..pruning.networks import model_of, normal, statements
from ..small_graphs import EXAMPLES
from .students import context_of, residual_pictures, scores, teacher_of, text_encoder, texts


def pictures(count: int) -> Samples:
    return Samples([{"x": normal(1, 1, 6, 6, seed=at)} for at in range(count)])


def silenced(model: ModelProto, *names: str) -> ModelProto:
    """Return a model some of whose weights are zero."""
    graph = Graph(copied(model))
    for name in names:
        graph.set(name, np.zeros_like(graph.value(name)))
    return graph.model


def student(model: ModelProto, samples: Samples, how: Distill, output: str = "logits") -> ModelProto:
    return student_of(model, teacher_of(model, output), samples, how, context_of(model, samples)).model


def test_layers_that_repeat_are_found_in_encoders_and_in_pictures_and_none_where_nothing_goes_past() -> None:
    found = [
        (text_encoder(4), "logits", 4),
        (residual_pictures(3), "y", 3),
        (onnx.load(EXAMPLES / "customer-service/model/model.onnx"), "logits", 2),
        (onnx.load(EXAMPLES / "chest-xray/model/model.onnx"), "logits", 0),
    ]
    assert [len(repeated_layers(Graph(model), output)) for model, output, _ in found] == [
        n for *_, n in found
    ]


def test_an_encoder_without_layers_answers_as_one_that_was_written_with_the_others() -> None:
    model = text_encoder(4)
    layers = repeated_layers(Graph(model), "logits")
    shorter = without(model, [layers[0], layers[2]])
    written = Graph(text_encoder(2))
    for name in [name for name in written.constants if name.endswith((".weight", ".bias"))]:
        source = name.replace("layer.1.", "layer.3.").replace("layer.0.", "layer.1.")
        written.set(name, Graph(model).value(source))
    assert np.allclose(scores(shorter, texts(6)), scores(written.model, texts(6)), atol=1e-5)
    assert not any(
        "layer.0." in tensor.name or "layer.2." in tensor.name for tensor in shorter.graph.initializer
    )


def test_the_layers_go_without_which_the_answers_change_least() -> None:
    model = text_encoder(4)
    for at in (1, 2):
        model = silenced(
            model,
            *(
                f"layer.{at}.{part}.{kind}"
                for part in ("outer", "attention.output")
                for kind in ("weight", "bias")
            ),
        )
    left = student(model, texts(40), Distill(layers=0.5))
    kept = {
        name.split(".")[1] for name in (t.name for t in left.graph.initializer) if name.startswith("layer.")
    }
    assert kept == {"0", "3"}


def test_a_student_of_pictures_has_fewer_layers_and_narrower_ones_and_takes_and_answers_the_same_shapes() -> (
    None
):
    model = residual_pictures(4)
    made = student_of(
        model,
        teacher_of(model, "y"),
        pictures(64),
        Distill(layers=0.5, width=0.5),
        context_of(model, pictures(64)),
    )
    assert made.layers == (4, 2)
    assert {(block.start, block.end) for block in made.blocks} == {(4, 2)}
    assert scores(made.model, pictures(3), "y").shape == (3, 3)
    assert made.model.graph.input[0] == model.graph.input[0]
    assert made.model.opset_import[0].version == model.opset_import[0].version


def test_the_model_that_is_learned_from_stays_as_it_is() -> None:
    model = text_encoder(4)
    before = model.SerializeToString()
    student(model, texts(40), Distill(layers=0.5, width=0.5))
    assert model.SerializeToString() == before


@pytest.mark.parametrize(
    ("model", "how", "reason", "says"),
    [
        (
            onnx.load(EXAMPLES / "chest-xray/model/model.onnx"),
            Distill(layers=0.5),
            "NothingToOptimize",
            "no layers",
        ),
        (
            text_encoder(2),
            Distill(layers=0.9),
            "NothingToOptimize",
            "2 layers that repeat, of which the share 0.9",
        ),
    ],
)
def test_layers_that_cannot_go_are_refused_with_what_to_do(
    model: ModelProto, how: Distill, reason: str, says: str
) -> None:
    with pytest.raises(OptimizationError, match=says) as failure:
        student(model, texts(4), how)
    assert failure.value.reason == reason
    assert "Give it a width alone." in failure.value.sentence


def test_a_graph_is_refused_that_chooses_by_numbers_that_would_be_learned() -> None:
    model = model_of(
        statements(
            "h = Gemm (x, w, b)\nk = ArgMax <axis = 1, keepdims = 0> (h)\ng = Gather (t, k)\ny = Add (g, h)"
        ),
        {"w": normal(6, 4), "b": normal(4), "t": normal(4, 4)},
    )
    with pytest.raises(OptimizationError, match=r"k \(ArgMax\) has no gradient"):
        flow_of(Graph(model), "y")


def test_masks_shapes_and_numbers_of_one_value_are_no_weights() -> None:
    flow = flow_of(Graph(text_encoder(1)), "logits")
    assert {"mask", "embeddings.places", "input_ids"} == set(flow.fixed)
    assert not {"half", "one", "root_of_two", "split_heads"} & set(flow.weights)
    assert {"embeddings.words", "layer.0.norm.weight", "classifier.bias"} <= set(flow.weights)


def test_only_classifiers_have_students() -> None:
    numbers = model_of(statements("y = Gemm (x, w, b)"), {"w": normal(6, 1), "b": normal(1)})
    rows = Samples([{"x": normal(1, 6)}])
    with pytest.raises(OptimizationError, match=r"students of classifiers.*This graph has y \[1, 1\]"):
        class_output(numbers, rows)
    classes = model_of(statements("y = Gemm (x, w, b)"), {"w": normal(6, 3), "b": normal(3)})
    assert class_output(classes, rows) == "y"
    with pytest.raises(OptimizationError, match="with a batch axis of any length"):
        class_output(classes, Samples(rows.requests, stackable=False))


def test_the_shipped_classifier_loses_a_layer_with_its_weights() -> None:
    model = onnx.load(EXAMPLES / "customer-service/model/model.onnx")
    layers = repeated_layers(Graph(model), "logits")
    lost = {t.name for t in model.graph.initializer} - {
        t.name for t in without(model, layers[1:]).graph.initializer
    }
    assert {name for name in lost if ".layer." in name} == {
        t.name for t in model.graph.initializer if ".layer.1." in t.name
    }
    assert sum(numpy_helper.to_array(t).size for t in model.graph.initializer if t.name in lost) > 130_000
