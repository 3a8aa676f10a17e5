"""Scores over the tokens of a text have as many places as the text has tokens."""

import numpy as np

from gantry_optimizer.agreement import agreement
from gantry_optimizer.one_answer import reaches_of
from gantry_optimizer.samples import Array, Samples

WIDTHS = range(8, 40)


def texts(place: int | None = None, seed: int = 0) -> list[dict[str, Array]]:
    """Return start_logits [1, tokens] for each width; the largest stands at `place`, or anywhere."""
    rng = np.random.default_rng(seed)
    rows = [rng.standard_normal((1, width)) for width in WIDTHS]
    return [
        {"start_logits": (row + 9 * (np.arange(row.shape[1]) == place)).astype(np.float32)} for row in rows
    ]


def same(before: list[dict[str, Array]], after: list[dict[str, Array]]) -> float:
    samples = Samples([{"x": np.zeros((1, 1), np.float32)}] * len(before))
    return agreement(before, after, samples).same_answers


def changed(answers: list[dict[str, Array]], size: float) -> list[dict[str, Array]]:
    rng = np.random.default_rng(1)
    return [
        {
            name: (scores + size * rng.standard_normal(scores.shape)).astype(np.float32)
            for name, scores in answer.items()
        }
        for answer in answers
    ]


def test_answers_at_many_places_of_texts_of_many_lengths_are_compared_by_their_places() -> None:
    assert same(texts(), changed(texts(), 0.001)) == 1
    assert same(texts(), texts(seed=2)) < 0.5


def test_one_answer_in_texts_of_many_lengths_is_compared_by_its_scores() -> None:
    assert same(texts(place=0), changed(texts(place=0), 0.01)) == 1
    assert same(texts(place=0), texts(place=0, seed=2)) < 0.5


def test_the_spread_of_rows_of_one_width_is_the_mean_over_its_places() -> None:
    rows = np.random.default_rng(3).standard_normal((20, 5)) + 9 * (np.arange(5) == 2)
    reaches = reaches_of([("logits", rows.astype(np.float32))])
    assert np.isclose(reaches["logits"], 0.1 * np.sqrt(rows.var(axis=0).mean()))
