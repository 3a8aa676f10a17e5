"""Convolutions as exporters leave them in evaluation mode: batch normalization is folded into weights and bias."""

import math


def convolution(graph, inputs, channels, filters, *, size, stride=1, groups=1, scale=1.0):
    """@param scale of the weights beside those that keep the variance behind a ReLU"""
    deviation = scale * math.sqrt(2 / (channels // groups * size * size))
    weight = graph.normal(filters, channels // groups, size, size, deviation=deviation)
    attributes = {'kernel_shape': [size, size], 'strides': [stride, stride], 'pads': [size // 2] * 4}
    if groups > 1:
        attributes['group'] = groups
    return graph.node('Conv', inputs, weight, graph.zeros(filters), **attributes)
