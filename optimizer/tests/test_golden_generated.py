"""The server makes inputs up by the same rules; inference-server/golden/generated.json holds both to them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gantry_optimizer.folder import load_graph, open_folder
from gantry_optimizer.generated import LONGEST, PADDED, generated_samples, value_of
from gantry_optimizer.input_range import input_ranges
from gantry_optimizer.input_shape import SHORTEST, first_run, later_run

ROOT = Path(__file__).parents[2]
GOLDEN: dict[str, Any] = json.loads((ROOT / "inference-server/golden/generated.json").read_text("utf-8"))
RUNS = {
    "first": first_run(GOLDEN["length"]),
    "padded": first_run(GOLDEN["length"], GOLDEN["padding"]),
    "later": later_run(GOLDEN["length"]),
}


@pytest.mark.parametrize("path", GOLDEN["graphs"])
def test_inputs_have_the_shapes_ranges_and_fixed_values_that_the_server_gives_them(path: str) -> None:
    model = load_graph(open_folder((ROOT / path).parent, Path(path).name))
    ranges = input_ranges(model)
    wanted = GOLDEN["graphs"][path]
    assert {value.name for value in model.graph.input} == set(wanted)
    for value in model.graph.input:
        of, within = wanted[value.name], ranges[value.name]
        for name, run in of["runs"].items():
            made = value_of(value, within, RUNS[name], np.random.default_rng(3))
            assert (list(made.shape), str(made.dtype)) == (run["shape"], of["type"].replace("str", "object"))
            if "values" in run:
                assert made.reshape(-1).tolist() == run["values"]
        assert (within.rows, list(within.texts or []) or None) == (of.get("rows"), of.get("texts"))
        if "features" in of:
            assert within.offset is not None
            assert within.scale is not None
            pairs = np.stack(np.broadcast_arrays(within.offset, within.scale), axis=1)
            np.testing.assert_allclose(pairs, of["features"], rtol=1e-5)
        assert [at for at, values in (within.thresholds or {}).items() if np.any(values)] == of.get(
            "thresholds", []
        )


def test_lengths_and_padding_are_spread_as_those_of_the_server() -> None:
    assert (GOLDEN["shortest"], GOLDEN["paddedShare"]) == (SHORTEST, PADDED)
    model = load_graph(open_folder(ROOT / "examples/customer-service/model"))
    masks = [
        feeds["attention_mask"] for seed in range(4) for feeds in generated_samples(model, seed).requests
    ]
    lengths = [mask.shape[1] for mask in masks]
    assert min(lengths) == SHORTEST
    assert max(lengths) == LONGEST[0]
    paddings = [int((mask == 0).sum()) for mask in masks]
    assert abs(np.mean(np.array(paddings) > 0) - PADDED) < 0.05
    assert all(padding <= length // 2 - 1 for padding, length in zip(paddings, lengths, strict=True))
