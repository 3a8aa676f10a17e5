"""ResNet-50 as exporters leave it in evaluation mode: batch normalization folded into the convolutions."""

import math

from onnx import TensorProto

from convolution import convolution
from graph import Graph

# Blocks and inner channels of the four stages.
STAGES = ((3, 64), (4, 128), (6, 256), (3, 512))
EXPANSION = 4
# Of the last convolution in a block, or the sums would grow from block to block.
RESIDUAL_SCALE = 0.3


def resnet():
    """Takes input, float32 [batch, 3, 224, 224]; answers logits [batch, 1000]."""
    graph = Graph(seed=50)
    hidden = graph.node('Relu', convolution(graph, 'input', 3, 64, size=7, stride=2))
    hidden = graph.node('MaxPool', hidden, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    channels = 64
    for stage, (blocks, inner) in enumerate(STAGES):
        for index in range(blocks):
            stride = 2 if stage > 0 and index == 0 else 1
            hidden = bottleneck(graph, hidden, channels, inner, stride)
            channels = EXPANSION * inner
    flat = graph.node('Flatten', graph.node('GlobalAveragePool', hidden), axis=1)
    weight = graph.normal(1000, channels, deviation=1 / math.sqrt(channels))
    logits = graph.node('Gemm', flat, weight, graph.zeros(1000), transB=1)
    inputs = {'input': (TensorProto.FLOAT, ['batch', 3, 224, 224])}
    return graph.model(inputs, {'logits': (logits, ['batch', 1000])})


def bottleneck(graph, inputs, channels, inner, stride):
    hidden = graph.node('Relu', convolution(graph, inputs, channels, inner, size=1))
    hidden = graph.node('Relu', convolution(graph, hidden, inner, inner, size=3, stride=stride))
    hidden = convolution(graph, hidden, inner, EXPANSION * inner, size=1, scale=RESIDUAL_SCALE)
    same = channels == EXPANSION * inner and stride == 1
    skipped = inputs if same else convolution(graph, inputs, channels, EXPANSION * inner, size=1, stride=stride, scale=0.5)
    return graph.node('Relu', graph.node('Add', hidden, skipped))
