"""Makes models of the sizes that people serve, with weights drawn from seeded generators.

    python build.py FOLDER [NAME ...]      all, or those named, such as minilm-int8

Writes FOLDER/NAME/model.onnx, each whole or not at all, and leaves those that are there.
"""

import os
import pathlib
import sys

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import QuantType, quantize_dynamic

from classifier import classifier
from decoder import decoder
from detector import detector
from encoder import encoder
from resnet import resnet
from tiny import channel_maxima, perceptron

MODELS = {
    'perceptron': perceptron,
    'channel-maxima': channel_maxima,
    'minilm': lambda: encoder(layers=6, width=384, heads=12, pooled=False),
    'minilm-pooled': lambda: encoder(layers=6, width=384, heads=12, pooled=True),
    'bert-base-pooled': lambda: encoder(layers=12, width=768, heads=12, pooled=True),
    'resnet-50': resnet,
    'detector-320': lambda: detector(320),
    'detector-640': lambda: detector(640),
    'ocr-classifier': classifier,
    'decoder': lambda: decoder(layers=8, width=768, heads=12, groups=4, inner=2048),
}
QUANTIZED = '-int8'


def base(name):
    return name.removesuffix(QUANTIZED)


def build(name, folder):
    path = folder / name / 'model.onnx'
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix('.part')
    if name.endswith(QUANTIZED):
        quantize_dynamic(build(base(name), folder), part, weight_type=QuantType.QInt8)
    else:
        onnx.save(MODELS[name](), part)
    stays_finite(part)
    part.rename(path)
    print(f'{path}: {path.stat().st_size / 1e6:.1f} MB', flush=True)
    return path


def stays_finite(path):
    """Runs two rows: random weights must not drive a network into infinity, where arithmetic has another speed."""
    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    random = np.random.default_rng(1)
    feeds = {}
    for spec in session.get_inputs():
        shape = [axis if isinstance(axis, int) else {'batch': 2, 'sequence': 16, 'past': 8, 'total': 24}[axis] for axis in spec.shape]
        if spec.type == 'tensor(int64)':
            high = 8000 if spec.name == 'input_ids' else 2
            feeds[spec.name] = np.maximum(random.integers(0, high, shape), spec.name == 'attention_mask')
        else:
            feeds[spec.name] = random.standard_normal(shape, dtype=np.float32)
    for output in session.run(None, feeds):
        if not np.isfinite(output).all() or np.abs(output).max() > 1e4 or output.std() < 1e-4:
            raise SystemExit(f'{path}: outputs from {output.min()} to {output.max()}; scale the weights')


def main(folder, names):
    unknown = [name for name in names if base(name) not in MODELS]
    if unknown:
        raise SystemExit(f'no such model: {", ".join(unknown)}; choose from {", ".join(MODELS)}, or one with {QUANTIZED}')
    for name in names or [*MODELS, *(f'{name}{QUANTIZED}' for name in MODELS)]:
        build(name, pathlib.Path(folder))


if __name__ == '__main__':
    if len(sys.argv) < 2:
        raise SystemExit('name the folder to write to: python build.py FOLDER [NAME ...]')
    main(sys.argv[1], sys.argv[2:])
