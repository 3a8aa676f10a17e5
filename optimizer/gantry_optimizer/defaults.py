"""What is taken where nothing is said. The file is generated from contract/optimizing.ts, which the operator reads."""

import json
from importlib.resources import files
from typing import Any

GIVEN: dict[str, Any] = json.loads(
    files(__package__).joinpath("defaults.gen.json").read_text(encoding="utf-8")
)

MAX_ACCURACY_DROP = float(GIVEN["maxAccuracyDrop"])
"""Share of accuracy, or of same answers, that may be lost."""

PRUNE_RATIOS: dict[str, float] = GIVEN["pruneRatios"]
"""Share of the weights that go, by method."""

DISTILLATION: dict[str, int] = GIVEN["distillation"]
"""Most epochs and most seconds that a student learns, and the seed."""
