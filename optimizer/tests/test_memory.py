from pathlib import Path

import pytest

from gantry_optimizer.failure import OptimizationError
from gantry_optimizer.memory import available_bytes, require_memory

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
    assert require_memory(1 << 30, 16 << 30) == "needs about 8.4 GiB of memory, and 16.0 GiB are free"
    with pytest.raises(
        OptimizationError, match=r"about 8\.4 GiB of memory, and 2\.0 GiB are free"
    ) as refused:
        require_memory(1 << 30, 2 << 30)
    assert refused.value.reason == "OptimizationOutOfMemory"
