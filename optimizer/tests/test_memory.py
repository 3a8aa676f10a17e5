from pathlib import Path

import numpy as np
import pytest

from gantry_optimizer.activations import activations, inferred, shapes_of, values_of
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.folder import load_graph, open_folder
from gantry_optimizer.free_memory import available_bytes
from gantry_optimizer.generated import generated_samples
from gantry_optimizer.latency import largest_batch
from gantry_optimizer.memory import Needed, needed_to_read, needed_to_run, require_memory
from gantry_optimizer.recipe import Prune, Recipe
from gantry_optimizer.samples import Samples

from .networks.encoder import TINY, encoder
from .small_graphs import EXAMPLES, GOLDEN

MEMINFO = "MemTotal: 100 kB\nMemAvailable:   4194304 kB\n"


@pytest.fixture
def meminfo(tmp_path: Path) -> Path:
    path = tmp_path / "meminfo"
    path.write_text(MEMINFO)
    return path


def test_the_limit_of_the_container_counts_where_it_is_lower_than_what_the_machine_has(
    tmp_path: Path, meminfo: Path
) -> None:
    (tmp_path / "memory.max").write_text("2147483648\n")
    (tmp_path / "memory.current").write_text("1073741824\n")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 536870912\n")
    assert available_bytes(tmp_path, meminfo) == 3 << 29
    (tmp_path / "memory.max").write_text("max\n")
    assert available_bytes(tmp_path, meminfo) == 4 << 30
    assert available_bytes(tmp_path / "none", tmp_path / "none") is None


def test_what_is_needed_is_said_before_anything_begins() -> None:
    needed = Needed({"the program": 1 << 28, "weights": 8 << 30, "samples": 1 << 20})
    said = "about 8.3 GiB of memory (8.0 GiB for weights)"
    assert require_memory(needed, 16 << 30) == f"needs {said}, and 16.0 GiB are free"
    with pytest.raises(OptimizationError, match=r"needs about 8\.3 GiB .* and 2\.0 GiB are free") as refused:
        require_memory(needed, 2 << 30)
    assert refused.value.reason == "OptimizationOutOfMemory"


def texts(count: int, length: int) -> Samples:
    ids = np.random.default_rng(0).integers(0, 120, (count, 1, length))
    return Samples([{"input_ids": each, "attention_mask": np.ones_like(each)} for each in ids])


def test_long_samples_and_many_of_them_need_more_than_weights_do() -> None:
    model, recipe = encoder(TINY), Recipe(quantize="int8-dynamic")
    short = needed_to_run(model, recipe, texts(8, 8), texts(8, 8)).parts
    long = needed_to_run(model, recipe, texts(8, 64), texts(8, 64)).parts
    many = needed_to_run(model, recipe, texts(8, 64), texts(80, 64)).parts
    assert long["weights"] == short["weights"]
    assert long["runs"] > 8 * short["runs"]  # attention grows with the square of the length
    assert many["runs"] == long["runs"]
    assert many["samples"] == long["samples"] * 88 // 16
    assert many["answers"] > 5 * long["answers"]


def test_calibration_counts_all_values_of_a_sample_and_pruning_its_refits() -> None:
    model, samples = encoder(TINY), texts(8, 64)
    parts = needed_to_run(
        model, Recipe("none", Prune("structured", 0.4), "int8-static"), samples, samples
    ).parts
    assert parts["calibration"] > parts["runs"] / 8
    inner = 64  # two matrices of moments over the neurons of a block, for each of two blocks
    assert parts["refits"] >= 2 * 2 * 8 * (inner + 1) ** 2


def test_a_data_set_is_counted_by_what_is_packed_in_it(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "zeros.npz", x=np.zeros((1000, 1000), np.float32))
    (tmp_path / "numbers.jsonl").write_text(" " * 1000)
    packed = needed_to_read(0, tmp_path / "zeros.npz", Recipe()).parts["samples"]
    assert packed > 2 * 4_000_000 > 100 * (tmp_path / "zeros.npz").stat().st_size
    assert needed_to_read(0, tmp_path / "numbers.jsonl", Recipe()).parts["samples"] == 4000


@pytest.mark.parametrize("name", ["feature-extraction", "image-classification"])
def test_shapes_that_follow_from_the_inputs_are_those_that_a_run_has(name: str) -> None:
    model = load_graph(open_folder(GOLDEN / name))
    samples = generated_samples(model).part(range(8))
    feeds = largest_batch(samples)
    followed, run = inferred(model, feeds), shapes_of(model, values_of(model), feeds)
    assert len(followed) > 0.9 * len(run)
    assert {key: size for key, size in followed.items() if key in run} == {
        key: run[key] for key in followed if key in run
    }


def test_where_shapes_do_not_follow_one_sample_is_run() -> None:
    model = load_graph(open_folder(EXAMPLES / "customer-service/model"))
    samples = generated_samples(model).part(range(8))
    known = activations(model, samples)
    assert known.values["logits"] > 0
    assert known.total > known.alive > known.outputs > 0
