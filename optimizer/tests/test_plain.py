"""What a stranger writes into a graph drives no terminal, and fills none."""

import json
from pathlib import Path

import numpy as np
import pytest
from onnx import helper

from gantry_optimizer import command
from gantry_optimizer.plain import LONGEST_LINE

from .small_graphs import FLOAT, folder_with, model_of


@pytest.mark.parametrize("odd", ["\x1b[31mred\nready: True\r\u202e\x9b", "N" * 1_000_000])
@pytest.mark.parametrize("options", [["--prune", "structured"], ["--quantize", "fp16"]])
def test_names_of_nodes_are_told_in_one_visible_line_of_bounded_length(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], odd: str, options: list[str]
) -> None:
    weights = np.random.default_rng(0).standard_normal((2, 4, 4)).astype(np.float32)
    nodes = [
        helper.make_node("MatMul", ["x", f"{odd}1"], ["a"], name=f"{odd}first"),
        helper.make_node("Max", ["a", f"{odd}2"], ["y"], name=f"{odd}second"),
    ]
    constants = {f"{odd}1": weights[0], f"{odd}2": weights[1][0]}
    model = model_of(nodes, constants, [("x", FLOAT, ["n", 4])], [("y", FLOAT, ["n", 4])])
    report = tmp_path / "report.json"
    folder = folder_with(tmp_path / "model", model)
    command.main(
        ["--model", str(folder), "--output", str(tmp_path / "out"), *options, "--report", str(report)]
    )
    said = "".join(capsys.readouterr())
    assert odd[:20] not in said if "\x1b" in odd else odd[:100] in said
    assert all(character.isprintable() for character in said.replace("\n", ""))
    assert all(len(line) <= LONGEST_LINE for line in said.split("\n"))
    assert not any(line.startswith("ready") for line in said.split("\n"))
    text = json.dumps(json.loads(report.read_text()), ensure_ascii=False)
    assert text.isprintable()
    assert len(text) < 10_000
