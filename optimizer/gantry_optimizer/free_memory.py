"""How much memory is free for this process: of the machine, of its container, below its own limit."""

import resource
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def available_bytes(cgroup: Path = CGROUP, meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Return what is free of this container's memory, or of the machine's; None where nothing says it."""
    known = (free_of_cgroup(cgroup), free_of_machine(meminfo), free_of_process())
    free = [value for value in known if value is not None]
    return min(free, default=None)


def free_of_cgroup(cgroup: Path) -> int | None:
    """Return what is left below the limit of the cgroup, of version 2 or 1; None without a limit.

    Pages of files count as used there although the kernel gives them up, so they are taken off.
    """
    for limit, used, stat, cached in (
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_inactive_file",
        ),
    ):
        try:
            most = (cgroup / limit).read_text().strip()
            now = int((cgroup / used).read_text())
            fields = dict(line.split()[:2] for line in (cgroup / stat).read_text().splitlines())
        except (OSError, ValueError):
            continue
        return None if most == "max" else int(most) - now + int(fields.get(cached, 0))
    return None


def free_of_process(status: Path = Path("/proc/self/status")) -> int | None:
    """Return what is left below the limit of the process (`ulimit -v`); None without a limit."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return None
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return most
    used = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmSize:")), 0)
    return max(0, most - used)


def free_of_machine(meminfo: Path) -> int | None:
    """Return what the kernel would give without swapping."""
    try:
        lines = meminfo.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def readable(count: int) -> str:
    """Return bytes for people, in units of 1024."""
    mebibytes = count / (1 << 20)
    return f"{mebibytes / 1024:.1f} GiB" if mebibytes >= 1024 else f"{mebibytes:.0f} MiB"
