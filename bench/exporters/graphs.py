"""Copies graphs of the zoo without their weights: what the unit tests of the row prover read.

    python graphs.py FOLDER TARGET      FOLDER as build.py fills it; TARGET is inference-server/golden/graphs

Weights of more than 1024 elements become external data of a file that is not there, as the prover does not read
them. Smaller ones stay where a shape may be computed from them, and are zeros where they are long.
"""

import gzip
import json
import math
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

# Types of weights. Shapes and places are int64, and stay.
WEIGHTS = {TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.UINT8, TensorProto.INT8}
READ_UP_TO = 1024
SHORT = 8

# What a rule may break: every architecture as it is exported, and all variants of the ones below.
WHOLE = ['bert', 'gpt2', 'resnet', 'line-classifier']

# Graphs that show no more than another one does.
LIKE_OTHERS = ['bert-12-layers', 'bert-question-answering', 'gpt2-first-step', 'detector-free-size', 'resnet-50', 'segmenter-free-size']

# What is expected of the rows of a graph: see expected(). These are other:
OTHERWISE = {
    'skl2onnx/qda': 'unproven',  # joins one vector for each class to [classes * rows]
    'skl2onnx/knn-imputer-ridge': 'unproven',  # chooses what to run by whether any row has a gap
    'torch-dynamo/wav2vec2': 'unproven',  # computes the length behind a convolution in its own way
}


def expected(exporter, architecture, variant):
    scaled = 'int8-dynamic' in variant  # onnxruntime's dynamic quantization takes one scale for a batch
    return OTHERWISE.get(f'{exporter}/{architecture}', 'scaled' if scaled else 'independent')


def kept(exporter, architecture, variant):
    if architecture in LIKE_OTHERS:
        return False
    return variant in ('float32', 'no-zipmap', 'zipmap') or architecture in WHOLE


def without_weights(model):
    model = onnx.ModelProto.FromString(model.SerializeToString())
    del model.graph.value_info[:]
    for tensor in tensors(model.graph):
        strip(tensor)
    return model


def tensors(graph):
    yield from graph.initializer
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.TENSOR:
                yield attribute.t
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from tensors(attribute.g)


def strip(tensor):
    count = math.prod(tensor.dims)
    if count > READ_UP_TO and tensor.data_type != TensorProto.STRING:
        name, dims, kind = tensor.name, list(tensor.dims), tensor.data_type
        tensor.Clear()
        tensor.name, tensor.data_type, tensor.data_location = name, kind, TensorProto.EXTERNAL
        tensor.dims.extend(dims)
        tensor.external_data.add(key='location', value='left-out')
    elif tensor.data_type in WEIGHTS and count > SHORT:
        zeros = np.zeros_like(numpy_helper.to_array(tensor))
        tensor.CopyFrom(numpy_helper.from_array(zeros, tensor.name))


def main():
    root, target = map(pathlib.Path, sys.argv[1:])
    verdicts = {}
    for path in sorted(root.glob('*/*/*.onnx')):
        exporter, architecture, variant = path.relative_to(root).with_suffix('').parts
        if not kept(exporter, architecture, variant):
            continue
        copy = target / exporter / architecture / f'{variant}.onnx.gz'
        copy.parent.mkdir(parents=True, exist_ok=True)
        graph = without_weights(onnx.load(path, load_external_data=False)).SerializeToString(deterministic=True)
        copy.write_bytes(gzip.compress(graph, 9, mtime=0))
        verdicts[f'{exporter}/{architecture}/{variant}'] = expected(exporter, architecture, variant)
    (target / 'verdicts.json').write_text(json.dumps(verdicts, indent=2) + '\n')


if __name__ == '__main__':
    main()
