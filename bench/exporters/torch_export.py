"""Writes torch modules with the two exporters of torch.onnx: dynamo (the default today) and TorchScript."""

import io
import warnings

import numpy as np
import onnx
import torch
from onnx.external_data_helper import load_external_data_for_model

from own_models import OWN
from pictures import PICTURES
from store import place
from torch_models import PIECES

EXPORTERS = ['torch-dynamo', 'torch-torchscript']


def tensors(piece):
    """Two rows are enough for tracing; one would be taken for a length that never changes."""
    return tuple(torch.from_numpy(np.ascontiguousarray(array[:2])) for array in piece.rows.values())


def dynamo(piece):
    shapes = tuple(plain(piece.free.get(name)) for name in piece.rows)
    program = torch.onnx.export(
        piece.module,
        tensors(piece),
        input_names=list(piece.rows),
        output_names=piece.outputs,
        dynamic_shapes=(shapes,) if takes_list(piece.module) else shapes,
        dynamo=True,
        verbose=False,
    )
    return program.model_proto


def plain(axes):
    """dynamo takes names only; a sum, such as those of optimum, becomes one."""
    return axes and {axis: name.replace(' + 1', '_and_one') for axis, name in axes.items()}


def takes_list(module):
    return 'tensors' in module.forward.__code__.co_varnames[: module.forward.__code__.co_argcount + 2]


def torchscript(piece):
    torch.backends.mha.set_fastpath_enabled(False)  # its fused layer has no form in ONNX
    buffer = io.BytesIO()
    free = {name: axes for name, axes in piece.free.items()}
    free.update({name: {0: 'batch'} for name in piece.outputs})
    torch.onnx.export(
        piece.module,
        tensors(piece),
        buffer,
        input_names=list(piece.rows),
        output_names=piece.outputs,
        dynamic_axes=free,
        opset_version=17,
        dynamo=False,
    )
    return onnx.load_from_string(buffer.getvalue())


WRITERS = dict(zip(EXPORTERS, [dynamo, torchscript]))


def build(root, wanted):
    for name, make in {**PIECES, **PICTURES, **OWN}.items():
        for exporter, write in WRITERS.items():
            if not wanted(f'{exporter}/{name}'):
                continue
            target = place(root, exporter, name)
            if target.has('float32'):
                continue
            torch.manual_seed(1)
            piece = make(np.random.default_rng(1))
            piece.module.eval()
            target.save_rows(piece.rows)
            with torch.no_grad(), warnings.catch_warnings():
                warnings.simplefilter('ignore')
                target.save('float32', write(piece))
            yield f'{exporter}/{name}'
