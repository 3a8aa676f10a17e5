"""A classifier of the size of PP-OCR's for the direction of a line of text: MobileNetV3 small, 0.35 wide, with squeeze and excitation."""

from onnx import TensorProto

from convolution import convolution
from graph import Graph

# Kernel, inner channels, channels, squeeze and excitation, hard swish (or ReLU), stride: before the scale.
BLOCKS = (
    (3, 16, 16, True, False, 2), (3, 72, 24, False, False, 2), (3, 88, 24, False, False, 1),
    (5, 96, 40, True, True, 2), (5, 240, 40, True, True, 1), (5, 240, 40, True, True, 1),
    (5, 120, 48, True, True, 1), (5, 144, 48, True, True, 1),
    (5, 288, 96, True, True, 2), (5, 576, 96, True, True, 1), (5, 576, 96, True, True, 1),
)  # fmt: skip
SCALE = 0.35


def classifier():
    """Takes x, float32 [batch, 3, 48, 192]; answers shares [batch, 2] of a line that is upright, and of one that is not."""
    graph = Graph(seed=48)
    channels = scaled(16)
    hidden = hard_swish(graph, convolution(graph, 'x', 3, channels, size=3, stride=2))
    for kernel, inner, outer, squeezes, hard, stride in BLOCKS:
        hidden = bottleneck(graph, hidden, channels, kernel, scaled(inner), scaled(outer), squeezes, hard, stride)
        channels = scaled(outer)
    last = scaled(576)
    hidden = hard_swish(graph, convolution(graph, hidden, channels, last, size=1))
    hidden = graph.node('GlobalAveragePool', hidden)
    weight = graph.normal(last, 2, deviation=0.2)
    logits = graph.node('Gemm', graph.node('Flatten', hidden, axis=1), weight, graph.zeros(2))
    inputs = {'x': (TensorProto.FLOAT, ['batch', 3, 48, 192])}
    return graph.model(inputs, {'shares': (graph.node('Softmax', logits, axis=1), ['batch', 2])})


def scaled(channels):
    """To a multiple of 8 that is not a tenth smaller."""
    wanted = channels * SCALE
    rounded = max(8, int(wanted + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * wanted else rounded


def bottleneck(graph, inputs, channels, kernel, inner, outer, squeezes, hard, stride):
    def activated(tensor):
        return hard_swish(graph, tensor) if hard else graph.node('Relu', tensor)

    hidden = activated(convolution(graph, inputs, channels, inner, size=1, scale=1.3))
    hidden = activated(convolution(graph, hidden, inner, inner, size=kernel, stride=stride, groups=inner, scale=1.3))
    if squeezes:
        hidden = excited(graph, hidden, inner)
    hidden = convolution(graph, hidden, inner, outer, size=1)
    return graph.node('Add', inputs, hidden) if stride == 1 and channels == outer else hidden


def excited(graph, inputs, channels):
    narrow = graph.node('Relu', convolution(graph, graph.node('GlobalAveragePool', inputs), channels, channels // 4, size=1))
    shares = graph.node('HardSigmoid', convolution(graph, narrow, channels // 4, channels, size=1), alpha=0.2, beta=0.5)
    return graph.node('Mul', inputs, shares)


def hard_swish(graph, inputs):
    return graph.node('Mul', inputs, graph.node('HardSigmoid', inputs, alpha=1 / 6, beta=0.5))
