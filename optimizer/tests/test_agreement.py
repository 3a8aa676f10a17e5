import numpy as np
import pytest

from gantry_optimizer.accuracy import accuracy, paired_interval
from gantry_optimizer.agreement import agreement, is_rounding
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.latency import median_interval
from gantry_optimizer.samples import Array, Samples
from gantry_optimizer.verdict import verdict


def scores(*rows: list[float]) -> list[dict[str, Array]]:
    return [{"logits": np.array([row], dtype=np.float32)} for row in rows]


def samples(count: int, **options: object) -> Samples:
    return Samples([{"x": np.zeros((1, 1), np.float32)}] * count, **options)  # type: ignore[arg-type]


def test_answers_are_the_places_of_the_largest_scores() -> None:
    before, after = scores([1, 2], [2, 1], [1, 2], [1, 2]), scores([1, 3], [1, 2], [1, 2], [1, 2])
    compared = agreement(before, after, samples(4))
    assert compared.same_answers == 0.75
    assert compared.largest_difference == 1
    assert compared.mean_difference == pytest.approx(3 / 8)


def test_a_model_that_answers_with_nan_agrees_with_nothing() -> None:
    compared = agreement(scores([1, 2]), scores([float("nan"), 2]), samples(1))
    assert compared.same_answers == 0
    assert compared.largest_difference == 0
    assert not verdict(scores([1, 2]), scores([float("nan"), 2]), samples(1), 0.01).passed


def test_inputs_with_one_answer_do_not_approve_a_model_that_has_forgotten_all_others() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (20, 3)).astype(np.float32)
    before = scores(*(noise + np.array([0, 9, 0])).tolist())
    forgetful, rounded = (
        scores(*[[0.0, 9.0, 0.0]] * 20),
        scores(*(noise * 1.01 + np.array([0, 9, 0])).tolist()),
    )
    judged = verdict(before, forgetful, samples(20, generated=True), 0.01)
    assert not judged.passed
    assert "Nearly all generated inputs have one answer" in judged.sentence
    assert verdict(before, rounded, samples(20, generated=True), 0.01).passed
    assert verdict(before, before, samples(20), 0.0).passed


def test_padding_is_not_compared() -> None:
    feeds = [{"attention_mask": np.array([[1, 1, 0]])}]
    before = [{"logits": np.array([[[1, 2], [1, 2], [1, 2]]], dtype=np.float32)}]
    after = [{"logits": np.array([[[1, 2], [1, 2], [9, 2]]], dtype=np.float32)}]
    assert agreement(before, after, Samples(feeds)).same_answers == 1
    assert agreement(before, after, samples(1)).same_answers == pytest.approx(2 / 3)


def test_vectors_are_compared_by_their_direction_and_numbers_by_their_size() -> None:
    vector = np.array([[1.0, 1.0]], dtype=np.float32)
    turned = np.array([[1.001, 1.0]], dtype=np.float32)
    name = "sentence_embedding"
    assert agreement([{name: vector}], [{name: turned}], samples(1)).same_answers == 1
    assert agreement([{name: vector}], [{name: -vector}], samples(1)).same_answers == 0
    prices = [{"price": np.array([[value]], dtype=np.float32)} for value in (100.0, 200.0)]
    near = [{"price": np.array([[value]], dtype=np.float32)} for value in (100.5, 230.0)]
    assert agreement(prices, near, samples(2)).same_answers == 0.5


def test_accuracy_counts_labelled_samples_only_and_has_an_interval() -> None:
    labelled = samples(4, expected=np.array([1, 0, 1, -1]), class_output="logits")
    measured = accuracy(
        scores([1, 2], [2, 1], [1, 2], [1, 2]), scores([1, 2], [1, 2], [1, 2], [2, 1]), labelled
    )
    assert measured is not None
    assert (measured.before, measured.samples) == (1, 3)
    assert measured.after == pytest.approx(2 / 3)
    assert measured.interval[0] <= measured.difference <= measured.interval[1] <= 0


def test_answers_of_one_value_are_compared_with_the_label_itself() -> None:
    labelled = samples(2, expected=np.array([3, 4]), class_output="label", answer="value")
    before = [{"label": np.array([value])} for value in (3, 4)]
    after = [{"label": np.array([value])} for value in (3, 5)]
    measured = accuracy(before, after, labelled)
    assert measured is not None
    assert (measured.before, measured.after) == (1, 0.5)


def test_three_labelled_samples_do_not_outvote_the_answers_that_changed() -> None:
    labels = np.full(20, -1)
    labels[:3] = 1
    before, after = scores(*[[1.0, 2.0]] * 10, *[[2.0, 1.0]] * 10), scores(*[[1.0, 2.0]] * 20)
    few = samples(20, expected=labels, class_output="logits")
    judged = verdict(before, after, few, 0.1)
    assert (judged.passed, judged.basis) == (False, "samples")
    assert "Only 3 labelled samples judge; accuracy decides from 8 on" in judged.sentence
    labels[:8] = 1
    judged = verdict(before, after, samples(20, expected=labels, class_output="logits"), 0.1)
    assert (judged.passed, judged.basis) == (True, "labels")


def test_a_verdict_has_its_interval_and_says_what_so_few_samples_do_not_exclude() -> None:
    labelled = samples(20, expected=np.zeros(20, np.int64), class_output="logits")
    right, wrong = [2.0, 1.0], [1.0, 2.0]
    judged = verdict(scores(*[right] * 20), scores(*[right] * 20), labelled, 0.01)
    assert judged.passed
    assert "interval of the loss is 0.0000 to 0.0000. These samples do not exclude a loss of 0.1500." in (
        judged.sentence
    )
    judged = verdict(scores(*[right] * 20), scores(wrong, *[right] * 19), labelled, 0.01)
    assert not judged.passed
    assert "interval of the loss is 0.0000 to 0.1500. These samples do not exclude a loss within" in (
        judged.sentence
    )


def test_without_labels_the_share_of_same_answers_decides() -> None:
    rows = [[1.0, 2.0], [2.0, 1.0]] * 50
    before, after = scores(*rows), scores([2, 1], *rows[1:])
    assert verdict(before, after, samples(100), 0.01).passed
    refused = verdict(before, after, samples(100, generated=True), 0.005)
    assert not refused.passed
    assert refused.sentence == "0.9900 of the answers are the same on 100 generated inputs; 0.005 may differ."


def test_the_bootstrap_interval_is_that_of_the_normal_law_where_there_are_many_samples() -> None:
    differences = np.array([1] * 100 + [-1] * 60 + [0] * 840)
    low, high = paired_interval(differences)
    error = 1.96 * differences.std() / np.sqrt(1000)
    assert low == pytest.approx(0.04 - error, abs=0.004)
    assert high == pytest.approx(0.04 + error, abs=0.004)


def test_the_interval_of_a_median_holds_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(1000):
        low, high = median_interval(rng.standard_exponential(30))
        held += low <= np.log(2) <= high
    assert 0.93 <= held / 1000 <= 0.99


def test_three_rounds_decide_nothing() -> None:
    assert median_interval(np.array([0.5, 0.6, 0.7])) == (0, float("inf"))


def test_rounding_is_told_from_other_answers() -> None:
    assert is_rounding(scores([100.0, 0.0]), scores([100.001, 0.001]))
    assert not is_rounding(scores([100.0, 0.0]), scores([100.1, 0.0]))
    assert not is_rounding([{"y": np.array([1])}], [{"y": np.array([2])}])
    assert not is_rounding(scores([1, float("inf")]), scores([1, 2]))


def boxes(rows: int) -> list[dict[str, Array]]:
    return [{"boxes": np.ones((rows, 4), np.float32)}] * 4


def test_answers_without_a_row_to_compare_prove_nothing() -> None:
    for nothing in (boxes(0), [dict[str, Array]()] * 4):
        with pytest.raises(OptimizationError, match="nothing to compare"):
            agreement(nothing, nothing, samples(4))


def test_rows_where_there_were_none_are_another_answer() -> None:
    assert agreement(boxes(0), boxes(2), samples(4)).same_answers == 0


def test_a_whole_number_in_another_shape_is_another_answer_whatever_it_is() -> None:
    one = [{"label": np.full((1,), -1, np.int64)}] * 4
    two = [{"label": np.full((2,), -1, np.int64)}] * 4
    assert agreement(one, two, samples(4)).same_answers == 0
