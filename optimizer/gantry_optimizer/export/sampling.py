"""Another program makes samples for the new graph: from a checkout, the server, which knows texts and pictures.

The command is called with two more words: the folder of the graph, and the file of samples that it writes.
Where it can make none, it writes `{"reason": "CalibrationInvalid", "message": "…"}` beside that file, as failure.json.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ..failure import REASONS, OptimizationError


def sampled_by(command: Sequence[str], folder: Path) -> Path:
    """Return the file of samples for the graph of a folder.

    Raises
    ------
    OptimizationError
        With the reason that the command gives; OptimizationFailed where it ends without a word.
    """
    file = folder.parent / "samples.safetensors"
    ended = subprocess.run([*command, str(folder), str(file)], check=False)  # noqa: S603
    if ended.returncode == 0 and file.is_file():
        return file
    try:
        said = json.loads((folder.parent / "failure.json").read_text(encoding="utf-8"))
        reason, sentence = said["reason"], str(said["message"])
    except (OSError, ValueError, TypeError, KeyError):
        raise OptimizationError(
            "OptimizationFailed", f"Making the samples ended with code {ended.returncode} and no word."
        ) from None
    raise OptimizationError(reason if reason in REASONS else "OptimizationFailed", sentence)
