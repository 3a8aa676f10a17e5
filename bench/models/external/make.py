"""Writes a graph of four products with matrices [8192, 8192], whose weights are in weights.bin: 1 GiB, which bench/encryption.ts writes."""

from pathlib import Path

from onnx import TensorProto, helper

WIDTH, LAYERS = 8192, 4

graph = helper.make_graph(
    [
        helper.make_node('MatMul', [f'h{layer}' if layer else 'x', f'w{layer}'], [f'h{layer + 1}' if layer < LAYERS - 1 else 'y'])
        for layer in range(LAYERS)
    ],
    'external',
    [helper.make_tensor_value_info('x', TensorProto.FLOAT, ['b', WIDTH])],
    [helper.make_tensor_value_info('y', TensorProto.FLOAT, ['b', WIDTH])],
)
for layer in range(LAYERS):
    weights = graph.initializer.add()
    weights.name, weights.data_type, weights.data_location = f'w{layer}', TensorProto.FLOAT, TensorProto.EXTERNAL
    weights.dims.extend([WIDTH, WIDTH])
    sizes = {'location': 'weights.bin', 'offset': layer * WIDTH * WIDTH * 4, 'length': WIDTH * WIDTH * 4}
    for key, value in sizes.items():
        weights.external_data.add(key=key, value=str(value))
model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
(Path(__file__).parent / 'model.onnx').write_bytes(model.SerializeToString())
