"""A detector of the size of YOLOv8n (3.2 million weights), node for node as its exporter writes it: SiLU as Sigmoid and Mul,
C2f and SPPF blocks, a head with distributions over 16 distances for each side of a box."""

import numpy as np
from onnx import TensorProto

from convolution import convolution
from graph import Graph

CLASSES = 80
DISTANCES = 16
STRIDES = (8, 16, 32)
# SiLU lets less of the variance through than ReLU.
SCALE = 1.19


def detector(size):
    """Takes images, float32 [batch, 3, size, size]; answers output0 [batch, 84, anchors]: centre, width and height in pixels, scores."""
    graph = Graph(seed=8)
    p3, p4, p5 = backbone(graph, 'images')
    answers = head(graph, neck(graph, p3, p4, p5), size)
    anchors = sum((size // stride) ** 2 for stride in STRIDES)
    inputs = {'images': (TensorProto.FLOAT, ['batch', 3, size, size])}
    return graph.model(inputs, {'output0': (answers, ['batch', 4 + CLASSES, anchors])})


def backbone(graph, images):
    """@returns features at a stride of 8, 16 and 32: 64, 128 and 256 channels"""
    hidden = conv(graph, conv(graph, images, 3, 16, stride=2), 16, 32, stride=2)
    hidden = conv(graph, c2f(graph, hidden, 32, 32, blocks=1), 32, 64, stride=2)
    p3 = c2f(graph, hidden, 64, 64, blocks=2)
    p4 = c2f(graph, conv(graph, p3, 64, 128, stride=2), 128, 128, blocks=2)
    p5 = c2f(graph, conv(graph, p4, 128, 256, stride=2), 256, 256, blocks=1)
    return p3, p4, sppf(graph, p5, 256)


def neck(graph, p3, p4, p5):
    """Passes what is coarse down to what is fine, and back. @returns (features, channels) for each stride"""
    middle = c2f(graph, concat(graph, upsampled(graph, p5), p4), 384, 128, blocks=1, shortcut=False)
    fine = c2f(graph, concat(graph, upsampled(graph, middle), p3), 192, 64, blocks=1, shortcut=False)
    down = conv(graph, fine, 64, 64, stride=2)
    middle = c2f(graph, concat(graph, down, middle), 192, 128, blocks=1, shortcut=False)
    down = conv(graph, middle, 128, 128, stride=2)
    coarse = c2f(graph, concat(graph, down, p5), 384, 256, blocks=1, shortcut=False)
    return (fine, 64), (middle, 128), (coarse, 256)


def head(graph, levels, size):
    found = []
    for features, channels in levels:
        box = branch(graph, features, channels, 64, 4 * DISTANCES)
        scores = branch(graph, features, channels, CLASSES, CLASSES)
        both = concat(graph, box, scores)
        found.append(graph.node('Reshape', both, graph.integers([0, 4 * DISTANCES + CLASSES, -1])))
    every = graph.node('Concat', *found, axis=2)
    box, scores = split(graph, every, [4 * DISTANCES, CLASSES])
    return concat(graph, boxes(graph, box, size), graph.node('Sigmoid', scores))


def branch(graph, features, channels, inner, outputs):
    hidden = conv(graph, conv(graph, features, channels, inner), inner, inner)
    return convolution(graph, hidden, inner, outputs, size=1)


def boxes(graph, box, size):
    """From distributions of distances [batch, 64, anchors] to centre, width and height [batch, 4, anchors]."""
    apart = graph.node('Reshape', box, graph.integers([0, 4, DISTANCES, -1]))
    # Opset 11 takes Softmax over the last axis alone only where the axis is the last one.
    shares = graph.node('Softmax', graph.node('Transpose', apart, perm=[0, 3, 1, 2]), axis=3)
    steps = graph.weight(np.arange(DISTANCES, dtype=np.float32).reshape(1, DISTANCES, 1, 1))
    expected = graph.node('Conv', graph.node('Transpose', shares, perm=[0, 3, 2, 1]), steps, kernel_shape=[1, 1])
    distances = graph.node('Reshape', expected, graph.integers([0, 4, -1]))
    before, after = split(graph, distances, [2, 2])
    centres, strides = grid(size)
    start = graph.node('Sub', graph.weight(centres), before)
    end = graph.node('Add', graph.weight(centres), after)
    middle = graph.node('Div', graph.node('Add', start, end), graph.floats(2.0))
    sides = graph.node('Sub', end, start)
    return graph.node('Mul', concat(graph, middle, sides), graph.weight(strides))


def grid(size):
    """Centres [1, 2, anchors] in cells, and strides [1, anchors]."""
    centres, strides = [], []
    for stride in STRIDES:
        cells = np.arange(size // stride, dtype=np.float32) + 0.5
        y, x = np.meshgrid(cells, cells, indexing='ij')
        centres.append(np.stack([x.ravel(), y.ravel()]))
        strides.append(np.full(x.size, stride, np.float32))
    return np.concatenate(centres, axis=1)[None], np.concatenate(strides)[None]


def c2f(graph, inputs, channels, filters, *, blocks, shortcut=True):
    inner = filters // 2
    parts = [*split(graph, conv(graph, inputs, channels, filters, size=1), [inner, inner])]
    for _ in range(blocks):
        hidden = conv(graph, conv(graph, parts[-1], inner, inner), inner, inner, scale=0.5)
        parts.append(graph.node('Add', parts[-1], hidden) if shortcut else hidden)
    return conv(graph, concat(graph, *parts), (2 + blocks) * inner, filters, size=1)


def sppf(graph, inputs, channels):
    parts = [conv(graph, inputs, channels, channels // 2, size=1)]
    for _ in range(3):
        parts.append(graph.node('MaxPool', parts[-1], kernel_shape=[5, 5], strides=[1, 1], pads=[2, 2, 2, 2]))
    return conv(graph, concat(graph, *parts), 2 * channels, channels, size=1)


def conv(graph, inputs, channels, filters, *, size=3, stride=1, scale=1.0):
    hidden = convolution(graph, inputs, channels, filters, size=size, stride=stride, scale=scale * SCALE)
    return graph.node('Mul', hidden, graph.node('Sigmoid', hidden))


def upsampled(graph, inputs):
    scales = graph.floats([1.0, 1.0, 2.0, 2.0])
    nearest = {'mode': 'nearest', 'nearest_mode': 'floor', 'coordinate_transformation_mode': 'asymmetric'}
    # Opset 11 wants a region of interest that nothing reads: exporters write an empty one.
    return graph.node('Resize', inputs, graph.floats([]), scales, **nearest)


def concat(graph, *parts):
    return graph.node('Concat', *parts, axis=1)


def split(graph, inputs, sizes):
    """Along the channels. @returns one name for each size"""
    first = graph.node('Split', inputs, axis=1, split=sizes, outputs=len(sizes))
    return [first, *(f'{first}_{index}' for index in range(1, len(sizes)))]
