"""The word behind [MASK], BertForMaskedLM; and the same network's states as features of a text, BertModel."""

import json

import torch
from sentence_transformers import SentenceTransformer
from transformers import BertForMaskedLM, BertModel, pipeline

import bert
import world
from folders import fresh, save, save_golden
from training import seeded, train
from vocabularies import wordpiece

FILL, FEATURES = 'fill-mask', 'feature-extraction'
SENTENCES = [
    'Alice Novak lives in Oslo.',
    'the letter reached Emil in Kyoto',
    '王芳住在北京。',
    'Żółta café — naïve? Yes!',  # accents are dropped, as the tokenizer's configuration says
    'A much longer sentence about the team that won the match, the soup that tastes of garlic and the storm over the hills.',
    '',
]
CASES = [
    ('Alice Novak lives in [MASK].', {}),
    ('The [MASK] from Acme reached Greta in Porto.', {'top_k': 3}),
    ('Hugo Marlowe [MASK] for Tidewater Bank in [MASK].', {'top_k': 2}),  # two masks: a list for each
    ('Chen Li and Emil [MASK] at Nordlicht.', {'targets': ['met', 'lives', 'works']}),
    ('王芳住在北[MASK]。', {'top_k': 4}),
]


def build():
    rng = seeded(FILL)
    texts = [world.fact(rng, chinese)[0] for chinese in [False] * 700 + [True] * 250]
    texts += [topic + ending for topics in world.TOPICS.values() for topic in topics for ending in world.ENDINGS]
    tokenizer = wordpiece(texts + ['abcdefghijklmnopqrstuvwxyz'], 420, lowercase=True, longest=64)
    model = BertForMaskedLM(bert.config(tokenizer))
    folder = fresh(FILL)
    save(folder, model, tokenizer)
    train(model, lambda: bert.masked_words(tokenizer, [world.pick(rng, texts) for _ in range(24)], rng), 500)
    bert.export_bert(model, folder / 'model.onnx', {'logits': ('batch_size', 'sequence_length', len(tokenizer))})
    fill = pipeline(FILL, model=model, tokenizer=tokenizer)
    cases = []
    for text, parameters in CASES:
        inputs = tokenizer(text, return_tensors='pt')
        with torch.no_grad():
            logits = bert.rows(model(**inputs).logits)
        masks = [i for i, token in enumerate(inputs['input_ids'][0].tolist()) if token == tokenizer.mask_token_id]
        cases.append({
            'input': text, 'parameters': parameters, 'input_ids': inputs['input_ids'][0],
            'mask_positions': masks, 'mask_logits': logits[masks], 'output': fill(text, **parameters),
        })
    save_golden(folder, FILL, cases)
    build_features(tokenizer, model)


def build_features(tokenizer, trained):
    folder = fresh(FEATURES)
    model = BertModel(trained.config, add_pooling_layer=False).eval()
    model.load_state_dict(trained.bert.state_dict())
    save(folder, model, tokenizer)
    save_pooling(folder)
    bert.export_bert(model, folder / 'model.onnx', {'last_hidden_state': ('batch_size', 'sequence_length', 32)})
    extract = pipeline(FEATURES, model=model, tokenizer=tokenizer)
    pooled = {mode: embeddings(folder, model, mode) for mode in ('mean', 'cls')}
    cases = []
    for row, text in enumerate(SENTENCES):
        cases.append({
            'input': text,
            'input_ids': tokenizer(text)['input_ids'],
            'output': extract(text),
            **{mode: vectors[0][row] for mode, vectors in pooled.items()},
            **{f'{mode}_normalized': vectors[1][row] for mode, vectors in pooled.items()},
        })
    save_golden(folder, FEATURES, cases)


def save_pooling(folder):
    """The files by which a folder of sentence-transformers says how it pools; this one takes the mean and normalises."""
    modules = ['', '1_Pooling', '2_Normalize']
    kinds = ['Transformer', 'Pooling', 'Normalize']
    (folder / 'modules.json').write_text(json.dumps([
        {'idx': i, 'name': str(i), 'path': path, 'type': f'sentence_transformers.models.{kind}'}
        for i, (path, kind) in enumerate(zip(modules, kinds))
    ], indent=2) + '\n')
    (folder / '1_Pooling').mkdir()
    (folder / '1_Pooling' / 'config.json').write_text(json.dumps({
        'word_embedding_dimension': 32, 'pooling_mode_cls_token': False, 'pooling_mode_mean_tokens': True,
        'pooling_mode_max_tokens': False, 'pooling_mode_mean_sqrt_len_tokens': False,
    }, indent=2) + '\n')
    (folder / 'sentence_bert_config.json').write_text(json.dumps({'max_seq_length': 64, 'do_lower_case': False}, indent=2) + '\n')


def embeddings(folder, model, mode):
    """What sentence-transformers answers for SENTENCES with the pooling `mode`: as pooled, and normalised to length 1."""
    weights = folder / 'model.safetensors'
    pooling = folder / '1_Pooling' / 'config.json'
    saved = pooling.read_text()
    changed = {**json.loads(saved), 'pooling_mode_mean_tokens': mode == 'mean', 'pooling_mode_cls_token': mode == 'cls'}
    try:
        model.save_pretrained(folder)
        pooling.write_text(json.dumps(changed))
        encoder = SentenceTransformer(str(folder), device='cpu')
        normalized = encoder.encode(SENTENCES)
        del encoder[2]
        return encoder.encode(SENTENCES), normalized
    finally:
        weights.unlink(missing_ok=True)
        pooling.write_text(saved)
