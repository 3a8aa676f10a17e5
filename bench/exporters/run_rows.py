"""Runs the models of the zoo with rows alone and in mixtures, and notes how far the answers are apart.

    python run_rows.py FOLDER

Writes FOLDER/runs.json: for each file {"difference": relative to the largest number of the tensor, "same_bits": bool},
or {"error": why onnxruntime does not run it}. Texts, whole numbers and flags that differ count as a difference of 1.
"""

import json
import multiprocessing
import os
import pathlib
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported

import numpy as np
import onnxruntime

SPLITS = [(1, 1), (2, 1), (1, 3)]
NUMBERS = {
    'tensor(float16)': np.float16,
    'tensor(float)': np.float32,
    'tensor(double)': np.float64,
    'tensor(int32)': np.int32,
    'tensor(int64)': np.int64,
    'tensor(bool)': np.bool_,
    'tensor(string)': object,
}


def session_of(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=['CPUExecutionProvider'])


def answers(session, rows, start, end):
    """The outputs for rows start to end. An input of one fixed row is a switch and is fed whole."""
    feeds = {}
    for spec in session.get_inputs():
        array = rows[spec.name].astype(NUMBERS[spec.type])
        feeds[spec.name] = array if spec.shape[:1] == [1] else array[start:end]
    return session.run(None, feeds)


def table(maps):
    """What ZipMap made, as numbers again."""
    return np.array([list(row.values()) for row in maps], dtype=np.float32)


def difference(whole, parts):
    """@returns (relative difference, whether all bits are the same)"""
    if isinstance(whole, list):
        joined = [item for part in parts for item in part]
        if whole and isinstance(whole[0], dict):
            return difference(table(whole), [table(joined)])
        same = whole == joined
        return (0.0 if same else 1.0), same
    joined = np.concatenate(parts)
    if joined.shape != whole.shape:
        return 1.0, False
    if whole.dtype.kind != 'f':
        same = bool((joined == whole).all())
        return (0.0 if same else 1.0), same
    same = joined.tobytes() == whole.tobytes()
    if not np.array_equal(np.isfinite(joined), np.isfinite(whole)):
        return 1.0, False
    apart = np.abs(np.where(np.isfinite(whole), joined.astype(float) - whole.astype(float), 0)).max(initial=0)
    largest = np.abs(whole.astype(float)[np.isfinite(whole)]).max(initial=0)
    return float(apart / max(largest, 1e-30)), same


def compared(path):
    rows = dict(np.load(path.parent / 'rows.npz', allow_pickle=True))
    session = session_of(path)
    worst, same_bits = 0.0, True
    for first, second in SPLITS:
        whole = answers(session, rows, 0, first + second)
        parts = [answers(session, rows, 0, first), answers(session, rows, first, first + second)]
        for output in range(len(whole)):
            apart, same = difference(whole[output], [part[output] for part in parts])
            worst, same_bits = max(worst, apart), same_bits and same
    return {'difference': worst, 'same_bits': same_bits}


def in_child(path, children):
    """A graph can end the process that runs it, so another one does; children holds it, or nothing after such an end."""
    if not children:
        children.append(ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('spawn')))
    try:
        return children[0].submit(compared, path).result()
    except BrokenProcessPool:
        children.clear()
        return {'error': 'onnxruntime ended the process'}
    except Exception as error:
        return {'error': str(error).strip().splitlines()[0][:200]}


def main():
    root = pathlib.Path(sys.argv[1])
    runs, children = {}, []
    for path in sorted(root.glob('*/*/*.onnx')):
        name = str(path.relative_to(root))
        runs[name] = in_child(path, children)
        print(name, runs[name], flush=True)
    (root / 'runs.json').write_text(json.dumps(runs, indent=1) + '\n')


if __name__ == '__main__':
    main()
