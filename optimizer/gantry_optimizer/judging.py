"""Another program judges the new folder before it has its name: from a checkout, the server that serves it.

The command is called with two more words: the folder, and a file that it writes as JSON:
`{"passed": true, "sentence": "…"}`, or `{"passed": false, "reason": "AccuracyDropped", "sentence": "…"}`.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .failure import REASONS, OptimizationError
from .verdict import Verdict


def judged_by(command: Sequence[str], folder: Path) -> Verdict:
    """Return what the command says of a folder.

    Raises
    ------
    OptimizationError
        With the reason that the command gives; NotComparable where it ends without an answer.
    """
    answer = folder.parent / "verdict.json"
    ended = subprocess.run([*command, str(folder), str(answer)], check=False)  # noqa: S603
    try:
        said = json.loads(answer.read_text(encoding="utf-8"))
        passed, sentence, reason = bool(said["passed"]), str(said["sentence"]), said.get("reason")
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise OptimizationError(
            "NotComparable",
            "The new model was not measured beside the original as it is served: what measures them ended with"
            f" code {ended.returncode}. What it said is above; without --task the optimizer judges alone.",
        ) from None
    if passed and ended.returncode == 0:
        return Verdict(True, 0.0, sentence, "labels")
    raise OptimizationError(reason if reason in REASONS else "NotComparable", sentence)
