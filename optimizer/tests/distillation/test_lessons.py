from pathlib import Path

import numpy as np
import pytest

from gantry_optimizer import distillation
from gantry_optimizer.distillation import distill, lessons
from gantry_optimizer.distillation.lessons import batches, halves, variation_of, varied
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.options import parser, recipe_of
from gantry_optimizer.recipe import Distill
from gantry_optimizer.samples import Samples

from ..pruning.networks import normal
from .students import CLS, SEP, context_of, residual_pictures, teacher_of, text_encoder, texts


def refusal(samples: Samples, how: Distill | None = None) -> OptimizationError:
    model = text_encoder()
    with pytest.raises(OptimizationError) as failure:
        distill(model, context_of(model, samples), how or Distill(layers=0.5))
    return failure.value


def test_generated_inputs_and_too_few_samples_are_refused_with_how_many_are_needed() -> None:
    made_up = Samples(texts(200).requests, generated=True)
    assert refusal(made_up).reason == "CalibrationInvalid"
    assert "Give a data set." in refusal(made_up).sentence
    few = refusal(texts(lessons.FEWEST - 1))
    assert few.reason == "CalibrationInvalid"
    assert (
        f"distill has {lessons.FEWEST - 1} samples, and at least {lessons.FEWEST} are needed" in few.sentence
    )


def test_without_torch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distillation, "find_spec", lambda _: None)
    missing = refusal(texts(lessons.FEWEST))
    assert missing.reason == "OptimizationUnsupported"
    assert "requirements-torch.lock" in missing.sentence


def test_no_sample_is_learned_from_and_held_out_and_requests_of_one_sample_stay_together() -> None:
    numbers = np.repeat(np.arange(150), 2)
    samples = Samples(texts(300).requests, expected=numbers, numbers=numbers)
    learned, held = halves(samples, 3)
    assert learned.numbers is not None
    assert held.numbers is not None
    assert set(learned.numbers) | set(held.numbers) == set(range(150))
    assert not set(learned.numbers) & set(held.numbers)
    assert len(held) == 60
    again = halves(samples, 3)[1].numbers
    assert again is not None
    assert np.array_equal(again, held.numbers)


def test_tokens_are_replaced_by_tokens_of_other_texts_and_those_of_all_texts_stay() -> None:
    samples = texts(80)
    how = variation_of(text_encoder(), samples)
    assert how.tokens == "input_ids"
    assert set(how.kept) == {CLS, SEP}
    draw = np.random.default_rng(0)
    for feeds, _ in batches(samples, 16, draw):
        made, chosen = varied(feeds, how, draw)
        before, after = feeds["input_ids"], made["input_ids"]
        assert np.array_equal(before[~chosen], after[~chosen])
        assert np.array_equal(before[:, [0, -1]], after[:, [0, -1]])
        assert np.isin(after[:, 1:-1], how.vocabulary).all()
        assert (before != after).mean() < lessons.REPLACED
        assert made["attention_mask"] is feeds["attention_mask"]


def test_the_teacher_answers_what_the_student_is_given_and_labels_of_varied_samples_are_left_out() -> None:
    model = residual_pictures()
    samples = Samples(
        [{"x": normal(1, 1, 6, 6, seed=at)} for at in range(40)], np.arange(40) % 3, class_output="y"
    )
    teacher = teacher_of(model, "y")
    how = variation_of(model, samples)
    assert how.mixed == ("x",)
    known = 0
    for lesson in lessons.lessons(teacher, samples, 16, how, np.random.default_rng(0)):
        assert np.allclose(lesson.answers, teacher.answers(lesson.feeds))
        for picture, label in zip(lesson.feeds["x"], lesson.labels, strict=True):
            is_whole = any(np.array_equal(picture[None], request["x"]) for request in samples.requests)
            assert is_whole == (label >= 0)
            known += label >= 0
    assert 0 < known < 40


def test_probabilities_are_learned_from_as_logarithms() -> None:
    shares = np.array([[0.5, 0.25, 0.25], [1, 0, 0]], dtype=np.float32)
    logits = lessons.as_logits(shares)
    assert np.allclose(np.exp(logits), shares, atol=1e-6)
    assert np.isfinite(logits).all()
    assert np.array_equal(lessons.as_logits(shares - 1), shares - 1)


def options_of(*words: str) -> Distill | None:
    given = ["--model", "m", "--output", "o", "--dataset", "d.npz", *words]
    options = parser()
    return recipe_of(options.parse_args(given), options).distill


def test_the_command_says_how_small_a_student_is_and_how_long_it_learns() -> None:
    assert options_of("--distill", "layers,width:0.25") == Distill(layers=0.5, width=0.25)
    assert options_of("--distill", "width", "--distill-epochs", "3", "--distill-seed", "7") == Distill(
        width=0.5, epochs=3, seed=7
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--distill", "depth:0.5"],
        ["--distill", "layers:0"],
        ["--distill", "layers:1"],
        ["--distill", "layers:nan"],
        ["--distill", "layers:0.5,layers:0.4"],
        ["--distill", ""],
        ["--distill", "width", "--distill-seconds", "0"],
        ["--distill", "width", "--distill-seed", "-1"],
        ["--distill-epochs", "3", "--graph", "basic"],
    ],
)
def test_options_that_contradict_themselves_end_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options_of(*words)
    assert ended.value.code == 2


def test_a_student_without_a_data_set_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    options = parser()
    given = options.parse_args(["--model", str(tmp_path), "--output", "o", "--distill", "width"])
    with pytest.raises(SystemExit) as ended:
        recipe_of(given, options)
    assert ended.value.code == 2
