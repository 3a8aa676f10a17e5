"""Takes one of several ways that were measured, and says why nodes stayed as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..failure import OptimizationError
from ..step import Choice, KeptNode, StepContext
from .weighted import Weighted, WeightedNodes

SMALLER_MAY_LOSE = 0.25
"""Share of the permitted loss that a smaller way may cost beside the best one."""


def score(way: Choice) -> float:
    """Return accuracy where there is one, else the share of same answers; -1 where the way cannot run."""
    if way.message is not None:
        return -1.0
    return (way.accuracy if way.accuracy is not None else way.same_answers) or 0.0


def chosen_of(ways: Sequence[Choice], context: StepContext) -> tuple[Choice, ...]:
    """Mark the first way, smallest first, that loses about as little as the best.

    Raises
    ------
    OptimizationError
        OptimizationUnsupported where onnxruntime runs none.
    """
    best = max(score(way) for way in ways)
    if best < 0:
        raise OptimizationError("OptimizationUnsupported", ways[0].message or "No way can run.")
    least = best - context.max_accuracy_drop * SMALLER_MAY_LOSE - 1e-12
    taken = next(way.name for way in ways if score(way) >= least)
    return tuple(replace(way, chosen=way.name == taken) for way in ways)


def shared_together(nodes: Sequence[Weighted]) -> dict[str, list[Weighted]]:
    """Return the nodes that read the same weights under the name of the first."""
    first: dict[str, str] = {}
    groups: dict[str, list[Weighted]] = {}
    for use in nodes:
        groups.setdefault(first.setdefault(use.weight, use.node), []).append(use)
    return groups


def kept_nodes(
    kept: Mapping[str, str], groups: Mapping[str, Sequence[Weighted]], found: WeightedNodes
) -> tuple[KeptNode, ...]:
    """Return the nodes that stayed in float32: those of a search by groups, and those that were refused before."""
    searched = [
        KeptNode(use.node, use.operator, reason) for name, reason in kept.items() for use in groups[name]
    ]
    return (
        *searched,
        *(KeptNode(name, operator, reason) for name, (operator, reason) in found.refused.items()),
    )
