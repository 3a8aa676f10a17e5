"""Networks so small that the inference costs next to nothing: what is measured with them is the server."""

from onnx import TensorProto

from graph import Graph


def perceptron():
    """4-64-3. Takes input, float32 [batch, 4]; answers probabilities [batch, 3]."""
    graph = Graph(seed=4)
    hidden = graph.node('Relu', graph.node('Gemm', 'input', graph.normal(4, 64, deviation=0.5), graph.zeros(64)))
    logits = graph.node('Gemm', hidden, graph.normal(64, 3, deviation=0.2), graph.zeros(3))
    inputs = {'input': (TensorProto.FLOAT, ['batch', 4])}
    return graph.model(inputs, {'probabilities': (graph.node('Softmax', logits, axis=-1), ['batch', 3])})


def channel_maxima():
    """Takes input, float32 [batch, 3, 224, 224], the size of a picture; answers maxima [batch, 3]."""
    graph = Graph(seed=3)
    maxima = graph.node('Flatten', graph.node('GlobalMaxPool', 'input'), axis=1)
    inputs = {'input': (TensorProto.FLOAT, ['batch', 3, 224, 224])}
    return graph.model(inputs, {'maxima': (maxima, ['batch', 3])})
