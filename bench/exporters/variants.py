"""What people make of an exported model: int8 (dynamic, static), int4, float16, and onnxruntime's fused graphs."""

import contextlib
import logging
import os
import pathlib
import tempfile

import numpy as np
import onnx
import onnx.version_converter
import onnxconverter_common.float16
import onnxslim
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_dynamic, quantize_static
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers import float16, optimizer
from onnxruntime.transformers.fusion_options import FusionOptions

from store import place
from torch_export import EXPORTERS

# The kind that onnxruntime.transformers knows the fusions of. Architectures of the same kind share them.
FUSED = {
    'bert': 'bert',
    'bert-eager': 'bert',
    'bert-classifier': 'bert',
    'distilbert': 'bert',
    'roberta': 'bert',
    'minilm-pooled': 'bert',
    'gpt2': 'gpt2',
    'gpt2-with-past': 'gpt2',
    't5-encoder': 't5',
    't5-decoder': 't5',
    't5-decoder-with-past': 't5',
    'vit': 'vit',
    'clip-text': 'clip',
    'clip-vision': 'clip',
    'minilm': 'bert',
    'llama-with-past': 'gpt2',
}
PICTURES = ['resnet', 'resnet-18', 'resnet-50', 'mobilenet-v2', 'mobilenet-v3', 'efficientnet-b0', 'detector', 'line-classifier']
MERGED = 't5-decoder-merged'  # its graphs lie inside an If, where most tools do not look or break them
HEADS, WIDTH = 4, 32


class Rows(CalibrationDataReader):
    """Feeds the rows of the zoo once."""

    def __init__(self, folder):
        self.left = [dict(np.load(folder / 'rows.npz'))]

    def get_next(self):
        return self.left.pop() if self.left else None


FLOATS = {'DefaultTensorType': onnx.TensorProto.FLOAT}  # of tensors behind operators that onnx does not know


def int8_dynamic(source, target, folder, **options):
    """Without the shapes that dynamo noted: the quantizer turns weights of Gemm around, and then they contradict it."""
    model = onnx.load(source)
    del model.graph.value_info[:]
    quantize_dynamic(model, target, extra_options=FLOATS, **options)


def int8_dynamic_per_channel(source, target, folder):
    int8_dynamic(source, target, folder, per_channel=True, reduce_range=True)


def prepared(source, folder):
    """As the guide of onnxruntime asks for: shapes inferred and the graph optimized before it is quantized."""
    path = pathlib.Path(folder) / 'prepared.onnx'
    quant_pre_process(source, path, skip_symbolic_shape=True)
    return path


def int8_static(source, target, folder, format=QuantFormat.QDQ):
    with tempfile.TemporaryDirectory() as scratch:
        rows = Rows(pathlib.Path(source).parent)
        quantize_static(prepared(source, scratch), target, rows, quant_format=format, per_channel=True)


def int8_operators(source, target, folder):
    int8_static(source, target, folder, QuantFormat.QOperator)


def int4(source, target, folder):
    quantizer = MatMulNBitsQuantizer(onnx.load(source), block_size=16, is_symmetric=True)
    quantizer.process()
    onnx.save(quantizer.model.model, target)


def int4_blocks(source, target, folder):
    """As weights of 4 bits in blocks, unpacked by DequantizeLinear."""
    model = onnx.load(source)
    model = onnx.version_converter.convert_version(model, 21) if opset_of(model) < 21 else model
    quantizer = MatMulNBitsQuantizer(model, block_size=16, is_symmetric=True, quant_format=QuantFormat.QDQ)
    quantizer.process()
    onnx.save(quantizer.model.model, target)


def opset_of(model):
    return max(entry.version for entry in model.opset_import if entry.domain in ('', 'ai.onnx'))


def slim(source, target, folder):
    onnx.save(onnxslim.slim(onnx.load(source)), target)


def half(source, target, folder):
    """Numbers of 16 bits inside, of 32 bits at the edges."""
    onnx.save(float16.convert_float_to_float16(onnx.load(source), keep_io_types=True), target)


def half_throughout(source, target, folder):
    onnx.save(onnxconverter_common.float16.convert_float_to_float16(onnx.load(source)), target)


def fused(source, kind):
    return optimizer.optimize_model(
        str(source), kind, num_heads=HEADS, hidden_size=WIDTH, optimization_options=FusionOptions(kind), opt_level=0
    )


def optimized(source, target, folder, kind):
    fused(source, kind).save_model_to_file(str(target))


def optimized_half(source, target, folder, kind):
    model = fused(source, kind)
    model.convert_float_to_float16(keep_io_types=True)
    model.save_model_to_file(str(target))


def optimized_int8(source, target, folder, kind):
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / 'fused.onnx'
        optimized(source, path, folder, kind)
        int8_dynamic(path, target, folder)


def by_session(source, target, folder):
    """The graph as onnxruntime itself rewrites it when a session starts (extended level)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options, providers=['CPUExecutionProvider'])


COMMON = {
    'float16': half,
    'float16-throughout': half_throughout,
    'int8-dynamic': int8_dynamic,
    'int8-static-qdq': int8_static,
    'optimized-by-session': by_session,
    'slim': slim,
}
TEXTS = {'int8-dynamic-per-channel': int8_dynamic_per_channel, 'int4': int4, 'int4-blocks': int4_blocks}
FUSIONS = {'optimized': optimized, 'optimized-float16': optimized_half, 'optimized-int8-dynamic': optimized_int8}


def variants_of(name):
    if name in PICTURES:
        return {**COMMON, 'int8-static-operators': int8_operators}
    if name == MERGED:
        return {'int8-dynamic': int8_dynamic, 'int4': int4, 'optimized-by-session': by_session}
    kind = FUSED[name]
    fusions = {
        variant: lambda source, target, folder, make=make: make(source, target, folder, kind)
        for variant, make in FUSIONS.items()
    }
    return {**COMMON, **TEXTS, **fusions}


def build(root, wanted):
    for exporter in [*EXPORTERS, 'optimum']:
        for name in [*FUSED, *PICTURES, MERGED]:
            target = place(root, exporter, name)
            if not wanted(f'{exporter}/{name}') or not target.has('float32'):
                continue
            for variant, make in variants_of(name).items():
                if target.has(variant) or target.failed(variant):
                    continue
                yield f'{exporter}/{name}/{variant}: {attempt(target, variant, make)}'


def attempt(target, variant, make):
    """Not every tool takes every graph: what fails is noted in a file of its own, with the last line of the error."""
    part = target.path(variant).with_suffix('.part')
    try:
        with quiet():
            make(target.path('float32'), part, target.folder)
        part.rename(target.path(variant))
        return 'written'
    except Exception as error:
        part.unlink(missing_ok=True)
        said = str(error).strip().splitlines()
        target.note(variant, f'{type(error).__name__}: {said[0][:200] if said else ""}')
        return 'failed'


@contextlib.contextmanager
def quiet():
    """The tools log each node they leave alone."""
    logging.disable(logging.WARNING)
    with open(os.devnull, 'w') as nowhere, contextlib.redirect_stdout(nowhere):
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
