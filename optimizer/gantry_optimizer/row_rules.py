"""Operators of which the inference server knows what they do to rows.

It proves by them that requests may share a run (docs/rows.md); a graph with another operator loses that.
"""

import json
from functools import cache
from importlib.resources import files

from onnx import ModelProto

from .graph import nodes_of


@cache
def known_operators() -> dict[str, frozenset[str]]:
    """Return the operators with a rule, by domain. The file is generated from the server's rules."""
    text = files(__package__).joinpath("row-rules.gen.json").read_text(encoding="utf-8")
    return {domain: frozenset(names) for domain, names in json.loads(text).items()}


def operators_without_rule(model: ModelProto) -> frozenset[str]:
    """Return the operators of a graph that have no rule, as DOMAIN.NAME."""
    own = {(function.domain, function.name) for function in model.functions}
    known = known_operators()
    return frozenset(
        f"{node.domain or 'ai.onnx'}.{node.op_type}"
        for node in nodes_of(model.graph)
        if (node.domain, node.op_type) not in own
        and node.op_type not in known.get("" if node.domain == "ai.onnx" else node.domain, frozenset())
    )
