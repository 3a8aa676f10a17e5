"""Runs the command: `python -m gantry_optimizer`."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())
