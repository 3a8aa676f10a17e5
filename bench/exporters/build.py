"""Writes the zoo: models as today's exporters write them, with random weights, and variants of them.

    python build.py FOLDER [TEXT ...]      everything, or what has one of the texts in EXPORTER/ARCHITECTURE

What is there already stays. What cannot be written is named at the end.
"""

import importlib
import os
import sys
import traceback

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported
os.environ.setdefault('HF_HUB_OFFLINE', '1')  # weights are drawn from generators, never downloaded

FAMILIES = ['classical', 'boosted', 'torch_export', 'variants']


def main():
    root, *texts = sys.argv[1:]
    for family in FAMILIES:
        for written in importlib.import_module(family).build(root, lambda name: not texts or any(t in name for t in texts)):
            print(written, flush=True)


if __name__ == '__main__':
    main()
