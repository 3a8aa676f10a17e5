"""A graph under construction: nodes and weights are added in order, names follow from how many there are."""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

# What Hugging Face's exporters wrote for years, and what onnxruntime fuses best.
OPSET = 11


class Graph:
    """Weights are drawn from a generator with a fixed seed, so that a second build gives the same bytes."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.initializers, self.constants, self.shapes = [], [], {}, []

    def node(self, op, *inputs, outputs=1, **attributes):
        """@returns the name of its first output; further ones end in _1, _2 ..."""
        name = f'{op.lower()}_{len(self.nodes)}'
        names = [name, *(f'{name}_{index}' for index in range(1, outputs))]
        self.nodes.append(helper.make_node(op, inputs, names, name=name, **attributes))
        return name

    def shaped(self, name, axes):
        """Says which shape a node's float32 output has."""
        self.shapes.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, axes))

    def weight(self, array):
        name = f'weight_{len(self.initializers)}'
        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def normal(self, *shape, deviation):
        """float32 of `shape`, mean 0."""
        return self.weight(self.random.standard_normal(shape, dtype=np.float32) * np.float32(deviation))

    def zeros(self, *shape):
        return self.weight(np.zeros(shape, np.float32))

    def ones(self, *shape):
        return self.weight(np.ones(shape, np.float32))

    def constant(self, value, dtype):
        """A number or a list of them, kept once."""
        key = (str(value), dtype)
        if key not in self.constants:
            self.constants[key] = self.weight(np.array(value, dtype))
        return self.constants[key]

    def floats(self, value):
        return self.constant(value, 'float32')

    def integers(self, value):
        return self.constant(value, 'int64')

    def model(self, inputs, outputs):
        """
        inputs: {name: (element type, axes)}; outputs: {name: (node's output, axes)}, all float32; an axis with a name is free.
        """
        for name, (output, _) in outputs.items():
            self.nodes.append(helper.make_node('Identity', [output], [name], name=f'output_{name}'))
        graph = helper.make_graph(
            self.nodes,
            'bench',
            [helper.make_tensor_value_info(name, kind, axes) for name, (kind, axes) in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, axes) for name, (_, axes) in outputs.items()],
            self.initializers,
            value_info=self.shapes,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', OPSET)], ir_version=7)
        checker.check_model(model, full_check=True)
        return model
