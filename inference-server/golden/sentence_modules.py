"""Makes sentence-modules.json: vectors of texts after every kind of module that sentence-transformers puts behind a Transformer.

    .venv/bin/python sentence_modules.py

The states come from models/feature-extraction; what follows is written out in numpy from the definitions of
sentence-transformers, since the modules are a few lines each and the package needs PyTorch."""
import base64
import json
import pathlib
import struct

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / 'models' / 'feature-extraction'
TEXTS = ['Alice lives in Oslo.', 'red', 'what is the color of the red apple in the box']
PROMPTS = {'query': 'what is this: ', 'passage': 'text: '}
WIDTH = 32

random = np.random.default_rng(7)


def states(text):
    tokenizer = Tokenizer.from_file(str(FOLDER / 'tokenizer.json'))
    tokenizer.no_padding()
    ids = np.array([tokenizer.encode(text).ids])
    session = onnxruntime.InferenceSession(str(FOLDER / 'model.onnx'))
    feeds = {'input_ids': ids, 'attention_mask': np.ones_like(ids), 'token_type_ids': np.zeros_like(ids)}
    (all_states,) = session.run(['last_hidden_state'], {one.name: feeds[one.name] for one in session.get_inputs()})
    # As the file will have them.
    return np.round(all_states[0].astype(np.float64), 6)


def pooled(values, modes, start=0):
    """@param start tokens of a prompt that do not count"""
    own, positions = values[start:], np.arange(start + 1, len(values) + 1)[:, None]
    results = {
        'cls': lambda: values[0],
        'max': lambda: own.max(0),
        'mean': lambda: own.mean(0),
        'mean_sqrt_len': lambda: own.sum(0) / np.sqrt(len(own)),
        'weightedmean': lambda: (own * positions).sum(0) / positions.sum(),
        'lasttoken': lambda: values[-1],
    }
    return np.concatenate([results[mode]() for mode in results if mode in modes])


ACTIVATIONS = {'Tanh': np.tanh, 'Identity': lambda x: x, 'ReLU': lambda x: np.maximum(x, 0), 'Sigmoid': lambda x: 1 / (1 + np.exp(-x))}


def safetensors(tensors):
    header, content = {}, b''
    for name, values in tensors.items():
        code, data = ('F16', values.astype('<f2')) if values.dtype == np.float16 else ('F32', values.astype('<f4'))
        header[name] = {'dtype': code, 'shape': list(values.shape), 'data_offsets': [len(content), len(content) + data.nbytes]}
        content += data.tobytes()
    head = json.dumps({'__metadata__': {'format': 'pt'}, **header}).encode()
    return base64.b64encode(struct.pack('<Q', len(head)) + head + content).decode()


def dense(rows, columns, activation, bias=True, dtype=np.float32):
    weights = {'linear.weight': (random.standard_normal((rows, columns)) / 6).astype(dtype)}
    if bias:
        weights['linear.bias'] = random.standard_normal(rows).astype(dtype)
    package = 'linear' if activation == 'Identity' else 'activation'
    config = {'in_features': columns, 'out_features': rows, 'bias': bias, 'activation_function': f'torch.nn.modules.{package}.{activation}'}
    apply = lambda x: ACTIVATIONS[activation](weights['linear.weight'].astype(float) @ x + weights.get('linear.bias', np.zeros(rows)).astype(float))
    return 'Dense', config, weights, apply


def layer_norm(width):
    weights = {'norm.weight': random.standard_normal(width).astype(np.float32), 'norm.bias': random.standard_normal(width).astype(np.float32)}
    apply = lambda x: (x - x.mean()) / np.sqrt(x.var() + 1e-5) * weights['norm.weight'] + weights['norm.bias']
    return 'LayerNorm', {'dimension': width}, weights, apply


NORMALIZE = 'Normalize', None, None, lambda x: x / max(np.linalg.norm(x), 1e-12)
DROPOUT = 'Dropout', {'dropout': 0.1}, None, lambda x: x

MEMBERS = {'cls': 'cls_token', 'max': 'max_tokens', 'mean': 'mean_tokens', 'mean_sqrt_len': 'mean_sqrt_len_tokens', 'weightedmean': 'weightedmean_tokens', 'lasttoken': 'lasttoken'}

VARIANTS = {
    **{mode: ([mode], []) for mode in MEMBERS},
    'cls and mean and last': (['lasttoken', 'mean', 'cls'], [NORMALIZE]),
    'dense': (['mean'], [dense(8, WIDTH, 'Tanh'), NORMALIZE]),
    'dense without bias': (['cls'], [dense(40, WIDTH, 'Identity', bias=False)]),
    'dense in half': (['mean'], [dense(6, WIDTH, 'ReLU', dtype=np.float16)]),
    'normalize before two': (['max', 'mean'], [NORMALIZE, dense(16, 2 * WIDTH, 'Sigmoid'), DROPOUT, dense(4, 16, 'Identity')]),
    'layer norm': (['mean'], [layer_norm(WIDTH), NORMALIZE]),
    'prompt': (['mean'], [NORMALIZE]),
    'prompt that does not count': (['mean', 'weightedmean', 'max', 'cls'], []),
}


def folder(name, modes, layers):
    config = {'word_embedding_dimension': WIDTH, **{f'pooling_mode_{member}': mode in modes for mode, member in MEMBERS.items()}}
    if name == 'prompt that does not count':
        config['include_prompt'] = False
    files = {'1_Pooling/config.json': config}
    modules = [('Transformer', ''), ('Pooling', '1_Pooling')]
    for index, (kind, settings, weights, _) in enumerate(layers, 2):
        path = f'{index}_{kind}'
        modules.append((kind, path))
        if settings:
            files[f'{path}/config.json'] = settings
        if weights:
            files[f'{path}/model.safetensors'] = safetensors(weights)
    files['modules.json'] = [{'idx': i, 'name': str(i), 'path': path, 'type': f'sentence_transformers.models.{kind}'} for i, (kind, path) in enumerate(modules)]
    if 'prompt' in name:
        files['config_sentence_transformers.json'] = {'prompts': PROMPTS, 'default_prompt_name': 'query', 'similarity_fn_name': 'cosine'}
    return files


def vectors(name, modes, layers):
    prompt = PROMPTS['query'] if 'prompt' in name else ''
    tokenizer = Tokenizer.from_file(str(FOLDER / 'tokenizer.json'))
    tokenizer.no_padding()
    for text in TEXTS:
        values = states(prompt + text)
        start = len(tokenizer.encode(prompt).ids) - 1 if 'does not count' in name else 0
        vector = pooled(values, modes, start)
        for _, _, _, apply in layers:
            vector = apply(vector)
        yield [round(float(value), 6) for value in vector]


def main():
    variants = {name: {'files': folder(name, *parts), 'vectors': list(vectors(name, *parts))} for name, parts in VARIANTS.items()}
    seen = {text: states(text).tolist() for text in [*TEXTS, *(PROMPTS['query'] + text for text in TEXTS)]}
    compact = lambda value: json.dumps(value, separators=(',', ':'))
    lines = ',\n'.join(f'{json.dumps(name)}: {compact(one)}' for name, one in variants.items())
    rows = ',\n'.join(f'{json.dumps(text)}: {compact(values)}' for text, values in seen.items())
    (HERE / 'sentence-modules.json').write_text(f'{{"texts": {compact(TEXTS)},\n"states": {{\n{rows}\n}},\n"variants": {{\n{lines}\n}}}}\n')


if __name__ == '__main__':
    main()
