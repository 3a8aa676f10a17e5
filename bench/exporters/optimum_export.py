"""Folders as optimum writes them: each model of its task in one file or, for encoders with decoders, in several.

optimum-onnx wants an older transformers than the other families, so this file is run by itself:

    pip install --target OPTIMUM -r requirements-optimum.txt
    PYTHONPATH=OPTIMUM python optimum_export.py FOLDER [TEXT ...]
"""

import os
import sys
import tempfile
import warnings

os.environ.setdefault('HF_HUB_OFFLINE', '1')  # weights are drawn from generators, never downloaded

import numpy as np
import onnx
import torch
import transformers
from optimum.exporters.onnx import onnx_export_from_model

from store import ROWS, place

EXPORTER = 'optimum'
VOCABULARY = 120
TEXT = {'hidden_size': 32, 'num_attention_heads': 4, 'intermediate_size': 64, 'num_hidden_layers': 2}
BERT = {**TEXT, 'vocab_size': VOCABULARY}
SIZES_OF_PICTURES = {'num_channels': 3, 'height': 64, 'width': 64}
LENGTHS = {'past': 4, 'encoder': 7, 'decoder': 1, 'other': 7}


def bert():
    return transformers.BertForSequenceClassification(transformers.BertConfig(**BERT, num_labels=3))


def minilm():
    return transformers.BertModel(transformers.BertConfig(**BERT))


def distilbert():
    config = transformers.DistilBertConfig(dim=32, n_heads=4, hidden_dim=64, n_layers=2, vocab_size=VOCABULARY)
    return transformers.DistilBertForSequenceClassification(config)


def roberta():
    return transformers.RobertaForTokenClassification(transformers.RobertaConfig(**BERT, max_position_embeddings=64))


def vit():
    return transformers.ViTForImageClassification(transformers.ViTConfig(**TEXT, image_size=64, num_labels=5))


def resnet():
    config = transformers.ResNetConfig(embedding_size=16, hidden_sizes=[16, 32], depths=[1, 2], num_labels=5)
    return transformers.ResNetForImageClassification(config)


def gpt2():
    config = transformers.GPT2Config(n_embd=32, n_head=4, n_layer=2, vocab_size=VOCABULARY, n_positions=64)
    return transformers.GPT2LMHeadModel(config)


def llama():
    config = transformers.LlamaConfig(**BERT, num_key_value_heads=2, max_position_embeddings=64)
    return transformers.LlamaForCausalLM(config)


def t5():
    config = transformers.T5Config(d_model=32, d_kv=8, d_ff=64, num_heads=4, num_layers=2, vocab_size=VOCABULARY)
    return transformers.T5ForConditionalGeneration(config)


def marian():
    config = transformers.MarianConfig(
        vocab_size=VOCABULARY,
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_position_embeddings=64,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    return transformers.MarianMTModel(config)


TASKS = {
    'bert-classifier': (bert, 'text-classification'),
    'minilm': (minilm, 'feature-extraction'),
    'distilbert': (distilbert, 'text-classification'),
    'roberta': (roberta, 'token-classification'),
    'vit': (vit, 'image-classification'),
    'resnet': (resnet, 'image-classification'),
    'gpt2': (gpt2, 'text-generation'),
    'gpt2-with-past': (gpt2, 'text-generation-with-past'),
    'llama-with-past': (llama, 'text-generation-with-past'),
    't5': (t5, 'text2text-generation-with-past'),
    'marian': (marian, 'text2text-generation-with-past'),
}


def length(axis):
    """The length of a free axis, by the words that optimum names it with."""
    if 'past' in axis and '+' in axis:
        return LENGTHS['past'] + LENGTHS['decoder']
    if 'past' in axis:
        return LENGTHS['past']
    if axis in SIZES_OF_PICTURES:
        return SIZES_OF_PICTURES[axis]
    return LENGTHS['encoder'] if 'encoder' in axis else LENGTHS['other']


def shape(value):
    dims = value.type.tensor_type.shape.dim
    return [d.dim_value or (ROWS if 'batch' in d.dim_param else length(d.dim_param)) for d in dims]


def rows(model):
    """Made from the inputs of the written file, since optimum chooses them. Decoders with a past read one token."""
    random = np.random.default_rng(1)
    remembers = any(value.name.startswith('past_key_values') for value in model.graph.input)
    made = {}
    for value in model.graph.input:
        sizes = shape(value)
        if value.name == 'use_cache_branch':
            made[value.name] = np.ones(1, bool)
        elif value.name in ('input_ids', 'decoder_input_ids', 'position_ids'):
            sizes[1] = 1 if remembers else sizes[1]
            low, high = (4, 5) if value.name == 'position_ids' and remembers else (2, VOCABULARY)
            made[value.name] = random.integers(low, high if value.name != 'position_ids' else 5, sizes)
        elif 'mask' in value.name:
            made[value.name] = np.arange(sizes[1])[None] < sizes[1] - np.arange(ROWS)[:, None] % 3
            made[value.name] = made[value.name].astype(np.int64)
        elif value.name == 'token_type_ids':
            made[value.name] = random.integers(0, 2, sizes)
        else:
            made[value.name] = random.standard_normal(sizes).astype(np.float32)
    return made


def build(root, wanted):
    for name, (make, task) in TASKS.items():
        if not wanted(f'{EXPORTER}/{name}'):
            continue
        torch.manual_seed(1)
        with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
            warnings.simplefilter('ignore')
            onnx_export_from_model(make().eval(), scratch, task=task, do_validation=False)
            for file in sorted(os.listdir(scratch)):
                if file.endswith('.onnx'):
                    yield keep(root, name, file, onnx.load(os.path.join(scratch, file)))


def keep(root, name, file, model):
    piece = file.removesuffix('.onnx').removesuffix('_model').replace('_model_', '-').replace('_', '-')
    architecture = name if piece == 'model' else f'{name}-{piece}'.replace('-model', '')
    target = place(root, EXPORTER, architecture)
    target.save_rows(rows(model))
    target.save('float32', model)
    return f'{EXPORTER}/{architecture}'


if __name__ == '__main__':
    folder, *texts = sys.argv[1:]
    for written in build(folder, lambda name: not texts or any(text in name for text in texts)):
        print(written, flush=True)
