"""What a training may take: processors, memory and time, said before it begins."""

import os
from pathlib import Path

import torch

from ..failure import OptimizationError
from ..free_memory import CGROUP, available_bytes, readable
from ..samples import Feeds, Samples
from .network import Network

ROWS = 16
"""Samples of a step; fewer where memory is short."""

COPIES = 5
"""Times the bytes of the weights: themselves, gradients, two means of Adam, and the best ones so far."""

SLACK = 2
"""Times what a forward pass keeps: gradients, too, and what torch keeps for its next request of memory.

An encoder that kept 11 MiB of a sample took 371 MiB more with 16 samples of a step.
"""


def processors(cgroup: Path = CGROUP) -> int:
    """Return how many processors this process may use, a quota of its container included."""
    allowed = len(os.sched_getaffinity(0))
    try:
        quota, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        return allowed
    return allowed if quota == "max" else max(1, min(allowed, int(quota) // int(period)))


def saved_bytes(network: Network, feeds: Feeds) -> int:
    """Return the bytes that a forward pass keeps for the gradient, weights left out."""
    own = {weight.data_ptr() for weight in network.weights.values()}
    sizes: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.data_ptr() not in own:
            sizes[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        network.scores(feeds)
    return sum(sizes.values())


def rows_within(network: Network, samples: Samples, available: int | None) -> tuple[int, int]:
    """Return (samples of a step, bytes that are needed beside what is taken already).

    Raises
    ------
    OptimizationError
        OptimizationOutOfMemory where a step of one sample needs more than there is.
    """
    largest = max(samples.requests, key=lambda feeds: sum(value.size for value in feeds.values()))
    once = saved_bytes(network, largest)
    always = COPIES * sum(weight.numel() * 4 for weight in network.weights.values())
    rows = ROWS
    while rows > 1 and available is not None and always + SLACK * once * rows > available:
        rows //= 2
    needed = int(always + SLACK * once * rows)
    if available is not None and needed > available:
        raise OptimizationError(
            "OptimizationOutOfMemory",
            f"distill needs about {readable(needed)} more of memory to train, and {readable(available)} are free."
            " Give it more memory: spec.optimize.resources on a cluster.",
        )
    return rows, needed


def free_memory(device: torch.device) -> int | None:
    """Return the bytes that are free where the training runs."""
    return torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else available_bytes()
