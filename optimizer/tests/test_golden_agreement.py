"""The server measures agreement by the same rules; inference-server/golden/agreement.json holds both to them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gantry_optimizer.agreement import agreement
from gantry_optimizer.samples import Array, Samples

GOLDEN = Path(__file__).parents[2] / "inference-server" / "golden" / "agreement.json"
TYPES = {"FP16": "f2", "FP32": "f4", "FP64": "f8", "INT64": "i8", "BOOL": "b1"}
CASES: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))


def arrays(tensors: dict[str, Any]) -> dict[str, Array]:
    return {
        name: np.array([float(value) if isinstance(value, str) else value for value in one["data"]])
        .astype(TYPES[one["dtype"]])
        .reshape(one["shape"])
        for name, one in tensors.items()
    }


@pytest.mark.parametrize("name", CASES)
def test_agreement_is_what_the_server_would_measure(name: str) -> None:
    case = CASES[name]
    feeds, before, after = (
        [arrays(run[side]) for run in case["runs"]] for side in ("inputs", "before", "after")
    )
    found = agreement(before, after, Samples(feeds, class_output=case["answering"]))
    assert found.same_answers == pytest.approx(case["sameAnswers"])
    assert found.largest_difference == pytest.approx(case["largestDifference"])
    assert found.mean_difference == pytest.approx(case["meanDifference"])
