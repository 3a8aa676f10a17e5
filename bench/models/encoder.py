"""BERT's encoder, node for node as exporters write it, which is what onnxruntime's fusions look for."""

import math

from onnx import TensorProto

from graph import Graph

VOCABULARY = 30522
POSITIONS = 512
# Of BERT's own initialization: activations stay of the order of 1.
DEVIATION = 0.02


def encoder(layers, width, heads, pooled):
    """
    Takes input_ids, attention_mask and token_type_ids, int64 [batch, sequence]. Answers last_hidden_state [batch, sequence,
    width] or, pooled, sentence_embedding [batch, width]: the mean over the tokens that are no padding.
    """
    graph = Graph(seed=layers * width)
    hidden = embeddings(graph, width)
    mask = additive_mask(graph)
    for _ in range(layers):
        hidden = block(graph, hidden, mask, width, heads)
    names = ('input_ids', 'attention_mask', 'token_type_ids')
    inputs = {name: (TensorProto.INT64, ['batch', 'sequence']) for name in names}
    if pooled:
        return graph.model(inputs, {'sentence_embedding': (mean(graph, hidden), ['batch', width])})
    return graph.model(inputs, {'last_hidden_state': (hidden, ['batch', 'sequence', width])})


def embeddings(graph, width):
    words = graph.node('Gather', graph.normal(VOCABULARY, width, deviation=DEVIATION), 'input_ids')
    types = graph.node('Gather', graph.normal(2, width, deviation=DEVIATION), 'token_type_ids')
    length = graph.node('Gather', graph.node('Shape', 'input_ids'), graph.integers(1), axis=0)
    end = graph.node('Unsqueeze', length, axes=[0])
    every = graph.integers([list(range(POSITIONS))])
    position_ids = graph.node('Slice', every, graph.integers([0]), end, graph.integers([1]))
    positions = graph.node('Gather', graph.normal(POSITIONS, width, deviation=DEVIATION), position_ids)
    total = graph.node('Add', graph.node('Add', words, types), positions)
    # Exporters say so; without it onnxruntime cannot tell that residuals are of one shape, and fuses less.
    graph.shaped(total, ['batch', 'sequence', width])
    return normalized(graph, total, width)


def additive_mask(graph):
    """0 for tokens, a very low number for padding: [batch, 1, 1, sequence]."""
    wide = graph.node('Unsqueeze', graph.node('Unsqueeze', 'attention_mask', axes=[1]), axes=[2])
    padding = graph.node('Sub', graph.floats(1.0), graph.node('Cast', wide, to=TensorProto.FLOAT))
    return graph.node('Mul', padding, graph.floats(-10000.0))


def block(graph, hidden, mask, width, heads):
    attended = normalized(graph, graph.node('Add', attention(graph, hidden, mask, width, heads), hidden), width)
    inner = gelu(graph, linear(graph, attended, width, 4 * width))
    return normalized(graph, graph.node('Add', linear(graph, inner, 4 * width, width), attended), width)


def attention(graph, hidden, mask, width, heads):
    size = width // heads
    by_head = graph.integers([0, 0, heads, size])

    def heads_of(order):
        split = graph.node('Reshape', linear(graph, hidden, width, width), by_head)
        return graph.node('Transpose', split, perm=order)

    query, key, value = heads_of([0, 2, 1, 3]), heads_of([0, 2, 3, 1]), heads_of([0, 2, 1, 3])
    scores = graph.node('Div', graph.node('MatMul', query, key), graph.floats(math.sqrt(size)))
    weights = graph.node('Softmax', graph.node('Add', scores, mask), axis=3)
    mixed = graph.node('Transpose', graph.node('MatMul', weights, value), perm=[0, 2, 1, 3])
    return linear(graph, graph.node('Reshape', mixed, graph.integers([0, 0, width])), width, width)


def linear(graph, inputs, rows, columns):
    product = graph.node('MatMul', inputs, graph.normal(rows, columns, deviation=DEVIATION))
    return graph.node('Add', product, graph.normal(columns, deviation=DEVIATION))


def normalized(graph, inputs, width):
    centred = graph.node('Sub', inputs, graph.node('ReduceMean', inputs, axes=[-1]))
    variance = graph.node('ReduceMean', graph.node('Pow', centred, graph.floats(2.0)), axes=[-1])
    deviation = graph.node('Sqrt', graph.node('Add', variance, graph.floats(1e-12)))
    scaled = graph.node('Mul', graph.node('Div', centred, deviation), graph.ones(width))
    return graph.node('Add', scaled, graph.zeros(width))


def gelu(graph, inputs):
    erf = graph.node('Erf', graph.node('Div', inputs, graph.floats(math.sqrt(2))))
    return graph.node('Mul', graph.node('Mul', inputs, graph.node('Add', erf, graph.floats(1.0))), graph.floats(0.5))


def mean(graph, hidden):
    counted = graph.node('Cast', graph.node('Unsqueeze', 'attention_mask', axes=[2]), to=TensorProto.FLOAT)
    total = graph.node('ReduceSum', graph.node('Mul', hidden, counted), axes=[1], keepdims=0)
    count = graph.node('ReduceSum', counted, axes=[1], keepdims=0)
    return graph.node('Div', total, graph.node('Max', count, graph.floats(1e-9)))
