"""Samples from files."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from gantry_optimizer.dataset import read_samples
from gantry_optimizer.failure import OptimizationError

from .small_graphs import network


def rows_of(samples: int, rows_each: int, path: Path) -> Path:
    count = samples * rows_each
    tensors = {f"{row:06}/x": np.ones((1, 4), np.float32) for row in range(count)}
    numbers = np.repeat(np.arange(samples), rows_each)
    save_file({**tensors, "samples": numbers}, path, metadata={"format": "1", "rows": str(count)})
    return path


def test_eight_rows_of_one_sample_are_one_sample(tmp_path: Path) -> None:
    with pytest.raises(OptimizationError, match="has 1 samples, and at least 8 are needed"):
        read_samples(rows_of(1, 8, tmp_path / "one.safetensors"), network())
    assert len(read_samples(rows_of(8, 2, tmp_path / "eight.safetensors"), network())) == 16
