"""How far two answers are apart by the optimizer's rules, which the tests of src/agreement compare with.

    PYTHONPATH=../../optimizer python agreement.py > agreement.json

A test of the optimizer compares its rules with the same file.
"""

import json
import sys
from typing import Any

import numpy as np
from gantry_optimizer.agreement import agreement
from gantry_optimizer.samples import Samples

TYPES = {"f2": "FP16", "f4": "FP32", "f8": "FP64", "i8": "INT64", "b1": "BOOL"}
generator = np.random.default_rng(14)


def noise(*shape: int) -> Any:
    return generator.standard_normal(shape).astype(np.float32)


def holed(values: Any, *holes: float) -> Any:
    """Return a copy whose first numbers are missing or infinite."""
    copy = values.copy()
    copy.reshape(-1)[: len(holes)] = holes
    return copy


def rows(before: Any, after: Any, name: str = "logits", **feeds: Any) -> list[Any]:
    """Return one run for each row of both."""
    return [
        ({key: value[at : at + 1] for key, value in feeds.items()}, {name: one[None]}, {name: other[None]})
        for at, (one, other) in enumerate(zip(before, after, strict=True))
    ]


def answers_in_texts(first: float) -> list[Any]:
    """Return scores of texts of different lengths, whose first token may be the answer of all."""
    runs = []
    for length in (5, 9, 6, 12, 7, 9, 11, 5, 8, 10, 6, 7):
        scores = noise(1, length)
        scores[0, 0] += first
        runs += rows(scores, scores + noise(1, length) * 0.1, "start_logits")
    return runs


def cases() -> dict[str, tuple[str | None, list[Any]]]:
    logits, one = noise(40, 5), noise(40, 3) * 0.1 + np.array([0, 9, 0], np.float32)
    tokens, mask = (
        noise(6, 7, 4),
        (np.arange(7)[None] < np.array([7, 6, 5, 4, 3, 2])[:, None]).astype(np.int64),
    )
    vectors, prices = noise(20, 8), np.abs(noise(30, 1)) * 100
    classes = generator.integers(0, 3, (20,))
    several = [
        (feeds, {**old, "label": classes[at : at + 1]}, {**new, "label": classes[at : at + 1] * (at > 4)})
        for at, (feeds, old, new) in enumerate(rows(logits[:20], logits[:20] + noise(20, 5) * 0.5, "scores"))
    ]
    return {
        "scores": (None, rows(logits, logits + noise(40, 5) * 0.3)),
        "scores of half precision": (None, rows(logits.astype("f2"), (logits * 1.01).astype("f2"))),
        "scores that are missing": (
            None,
            rows(holed(logits, np.nan, np.inf), holed(logits, np.nan, 1, np.nan)),
        ),
        "one answer, forgotten": (None, rows(one, np.broadcast_to(one[:1], one.shape))),
        "one answer, kept": (None, rows(one, one * 1.002)),
        "tokens with padding": (None, rows(tokens, tokens + noise(6, 7, 4) * 0.4, attention_mask=mask)),
        "tokens without a mask": (None, rows(tokens, tokens + noise(6, 7, 4) * 0.4)),
        "vectors": (None, rows(vectors, vectors + noise(20, 8) * 0.12, "sentence_embedding")),
        "vectors without a length": (None, rows(vectors * 0, vectors * 0, "text_embeds")),
        "numbers": (None, rows(prices, prices + noise(30, 1) * 2, "price")),
        "numbers without a rank": (None, rows(prices[:, 0], prices[:, 0] * 1.02, "price")),
        "numbers that are missing": (
            None,
            rows(holed(prices, np.nan, np.inf, 5), holed(prices, np.nan, 3, np.inf), "price"),
        ),
        "whole numbers": (None, rows(classes[:, None], classes[:, None] * (noise(20, 1) < 1), "label")),
        "several outputs": (None, several),
        "several outputs, of which one answers": ("label", several),
        "scores over the tokens of texts": (None, answers_in_texts(0.6)),
        "scores over the tokens of texts, of which all have one answer": (None, answers_in_texts(9)),
        "another number of rows": (None, rows(logits, logits[:, :4])),
        "rows that are gone": (None, rows(tokens, tokens[:, :3])),
        "doubles": (None, rows(logits.astype("f8"), logits.astype("f8") * -1)),
    }


def tensor(value: Any) -> dict[str, Any]:
    kind = f"{value.dtype.kind}{value.dtype.itemsize}"
    data = [value if np.isfinite(value) else str(value) for value in value.reshape(-1).tolist()]
    return {"dtype": TYPES[kind], "shape": list(value.shape), "data": data}


def document(answering: str | None, runs: list[Any]) -> dict[str, Any]:
    feeds, before, after = zip(*runs, strict=True)
    found = agreement(before, after, Samples(feeds, class_output=answering))
    sides = [
        [{name: tensor(value) for name, value in one.items()} for one in side]
        for side in (feeds, before, after)
    ]
    return {
        "answering": answering,
        "runs": [
            dict(zip(("inputs", "before", "after"), one, strict=True)) for one in zip(*sides, strict=True)
        ],
        "sameAnswers": found.same_answers,
        "largestDifference": found.largest_difference,
        "meanDifference": found.mean_difference,
    }


def main() -> None:
    documents = {name: document(*case) for name, case in cases().items()}
    json.dump(documents, sys.stdout, allow_nan=False)
    print()


if __name__ == "__main__":
    main()
