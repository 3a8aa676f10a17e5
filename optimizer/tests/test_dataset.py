"""Samples from files."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from gantry_optimizer.dataset import read_samples
from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.quantization.static import require_samples
from gantry_optimizer.samples import halves_of

from .quantization.contexts import context_of
from .small_graphs import network


def rows_of(samples: int, rows_each: int, path: Path, **metadata: str) -> Path:
    count = samples * rows_each
    tensors = {f"{row:06}/x": np.ones((1, 4), np.float32) for row in range(count)}
    numbers = np.repeat(np.arange(samples), rows_each)
    save_file({**tensors, "samples": numbers}, path, metadata={"format": "1", "rows": str(count), **metadata})
    return path


def test_eight_rows_of_one_sample_are_one_sample(tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="has 1 sample, and at least 8 are needed"):
        read_samples(rows_of(1, 8, tmp_path / "one.safetensors"), network())
    assert len(read_samples(rows_of(8, 2, tmp_path / "eight.safetensors"), network())) == 16


def test_of_a_part_of_a_data_set_it_is_said_how_large_the_whole_has_to_be(tmp_path: Path) -> None:
    with pytest.raises(
        OptimizationError,
        match=r"3 samples, a part of the 6 of the data set, and at least 8 are needed: .* of 16 or more",
    ):
        read_samples(rows_of(3, 1, tmp_path / "half.safetensors", total="6"), network())
    samples = read_samples(rows_of(12, 1, tmp_path / "more.safetensors", total="24"), network())
    context = context_of(network(), samples)
    with pytest.raises(
        OptimizationError, match=r"24 samples, and at least 32 are needed; 200 are good\. .* int8-dynamic"
    ):
        require_samples(context)


def test_the_hash_of_a_number_decides_which_half_a_sample_is_in_and_its_rows_stay_together(
    tmp_path: Path,
) -> None:
    samples = read_samples(rows_of(9, 2, tmp_path / "nine.safetensors"), network())
    calibration, judging = halves_of(samples)
    assert calibration.numbers is not None
    assert judging.numbers is not None
    order = sorted(range(9), key=lambda number: hashlib.sha256(str(number).encode()).digest())
    assert sorted(set(calibration.numbers.tolist())) == sorted(order[:4])
    assert sorted(judging.numbers.tolist()) == sorted(order[4:] * 2)


def test_the_samples_that_judge_are_those_of_the_server(tmp_path: Path) -> None:
    _, judging = halves_of(read_samples(rows_of(12, 1, tmp_path / "twelve.safetensors"), network()))
    assert judging.numbers is not None
    # A test of the server (agreement/compare.test.ts) has the same six.
    assert judging.numbers.tolist() == [0, 1, 2, 5, 6, 7]
