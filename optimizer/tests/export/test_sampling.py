"""Samples that another program makes for a new graph."""

import sys
from pathlib import Path

import pytest

from gantry_optimizer.export.sampling import sampled_by
from gantry_optimizer.failure import OptimizationError


def command(code: str) -> list[str]:
    begin = "import sys, pathlib; folder, file = map(pathlib.Path, sys.argv[1:]); "
    return [sys.executable, "-c", begin + code]


def test_the_file_is_made_for_the_graph_of_the_folder(tmp_path: Path) -> None:
    made = tmp_path / "work" / "made"
    made.mkdir(parents=True)
    file = sampled_by(command("file.write_text(folder.name)"), made)
    assert file.read_text(encoding="utf-8") == "made"


@pytest.mark.parametrize(
    ("code", "reason", "sentence"),
    [
        (
            'text = \'{"reason": "CalibrationInvalid", "message": "Line 3 has no text."}\'; '
            "(file.parent / 'failure.json').write_text(text); sys.exit(1)",
            "CalibrationInvalid",
            "Line 3 has no text.",
        ),
        ("sys.exit(2)", "OptimizationFailed", "Making the samples ended with code 2 and no word."),
        ("pass", "OptimizationFailed", "Making the samples ended with code 0 and no word."),
    ],
)
def test_where_there_are_none_it_is_said_why(code: str, reason: str, sentence: str, tmp_path: Path) -> None:
    made = tmp_path / "work" / "made"
    made.mkdir(parents=True)
    with pytest.raises(OptimizationError) as refusal:
        sampled_by(command(code), made)
    assert (refusal.value.reason, refusal.value.sentence) == (reason, sentence)
