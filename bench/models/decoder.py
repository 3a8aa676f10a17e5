"""A decoder with caches of keys and values, which groups of heads share: what exporters make of today's small language models."""

import math

from onnx import TensorProto

from encoder import linear, normalized
from graph import Graph

VOCABULARY = 8192
POSITIONS = 2048
DEVIATION = 0.02


def decoder(layers, width, heads, groups, inner):
    """
    Takes input_ids and position_ids, int64 [batch, sequence], attention_mask, int64 [batch, total], and for each layer
    past_key_values.N.key and .value, float32 [batch, groups, past, width / heads]. Answers logits [batch, sequence, 8192]
    and present.N.key and .value.
    """
    graph = Graph(seed=layers * width)
    size = width // heads
    cache = ['batch', groups, 'past', size]
    names = [f'{layer}.{part}' for layer in range(layers) for part in ('key', 'value')]
    ids = {name: (TensorProto.INT64, ['batch', 'sequence']) for name in ('input_ids', 'position_ids')}
    mask = {'attention_mask': (TensorProto.INT64, ['batch', 'total'])}
    past = {f'past_key_values.{name}': (TensorProto.FLOAT, cache) for name in names}

    words = graph.node('Gather', graph.normal(VOCABULARY, width, deviation=1.0), 'input_ids')
    places = graph.node('Gather', graph.normal(POSITIONS, width, deviation=1.0), 'position_ids')
    hidden = graph.node('Add', words, places)
    graph.shaped(hidden, ['batch', 'sequence', width])
    visible = causal_mask(graph)
    present = {}
    for layer in range(layers):
        attended = attention(graph, normalized(graph, hidden, width), visible, present, (layer, width, heads, groups))
        hidden = graph.node('Add', hidden, attended)
        hidden = graph.node('Add', hidden, gated(graph, normalized(graph, hidden, width), width, inner))
    logits = linear(graph, normalized(graph, hidden, width), width, VOCABULARY)
    outputs = {'logits': (logits, ['batch', 'sequence', VOCABULARY])}
    for name in names:
        outputs[f'present.{name}'] = (present[name], ['batch', groups, 'total', size])
    return graph.model({**ids, **mask, **past}, outputs)


def length_of(graph, name):
    return graph.node('Gather', graph.node('Shape', name), graph.integers(1), axis=0)


def causal_mask(graph):
    """0 where a token sees another one, a very low number where it does not: [batch, 1, sequence, total]."""
    total = length_of(graph, 'attention_mask')
    past = graph.node('Sub', total, length_of(graph, 'input_ids'))
    one = graph.integers(1)
    rows = graph.node('Unsqueeze', graph.node('Range', past, total, one), axes=[1])
    columns = graph.node('Unsqueeze', graph.node('Range', graph.integers(0), total, one), axes=[0])
    later = graph.node('Greater', columns, rows)
    wide = graph.node('Unsqueeze', 'attention_mask', axes=[1, 2])
    padding = graph.node('Not', graph.node('Cast', wide, to=TensorProto.BOOL))
    return graph.node('Where', graph.node('Or', padding, later), graph.floats(-1e9), graph.floats(0.0))


def attention(graph, hidden, mask, present, shape):
    layer, width, heads, groups = shape
    size = width // heads

    def split(count):
        by_head = graph.node('Reshape', linear(graph, hidden, width, count * size), graph.integers([0, 0, count, size]))
        return graph.node('Transpose', by_head, perm=[0, 2, 1, 3])

    def shared(part):
        """All there is of the keys or the values, once for each head that uses it."""
        name = f'{layer}.{part}'
        present[name] = graph.node('Concat', f'past_key_values.{name}', split(groups), axis=2)
        apart = graph.node('Unsqueeze', present[name], axes=[2])
        repeated = graph.node('Expand', apart, graph.integers([1, 1, heads // groups, 1, 1]))
        return graph.node('Reshape', repeated, graph.integers([0, heads, -1, size]))

    query = split(heads)
    keys = graph.node('Transpose', shared('key'), perm=[0, 1, 3, 2])
    scores = graph.node('Div', graph.node('MatMul', query, keys), graph.floats(math.sqrt(size)))
    weights = graph.node('Softmax', graph.node('Add', scores, mask), axis=3)
    mixed = graph.node('Transpose', graph.node('MatMul', weights, shared('value')), perm=[0, 2, 1, 3])
    return linear(graph, graph.node('Reshape', mixed, graph.integers([0, 0, width])), width, width)


def gated(graph, hidden, width, inner):
    gate = linear(graph, hidden, width, inner)
    swish = graph.node('Mul', gate, graph.node('Sigmoid', gate))
    return linear(graph, graph.node('Mul', swish, linear(graph, hidden, width, inner)), inner, width)
