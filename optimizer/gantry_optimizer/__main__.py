"""Runs the command: `python -m gantry_optimizer`."""

import sys
from collections.abc import Sequence

from . import command
from .export import command as export_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `gantry-optimize`; with --export, what exports models."""
    given = sys.argv[1:] if arguments is None else arguments
    return export_command.main(given) if export_command.is_export(given) else command.main(given)


if __name__ == "__main__":
    sys.exit(main())
