"""Reports name the version that the package has."""

import tomllib
from pathlib import Path

from gantry_optimizer.release import VERSION


def test_the_version_in_reports_is_that_of_the_package() -> None:
    """What a version on a volume was made by can be found again."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
