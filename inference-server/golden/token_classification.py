"""Names of people, places and houses in English and Chinese sentences: BertForTokenClassification."""

import torch
from transformers import BertForTokenClassification, pipeline

import bert
import world
from folders import fresh, save, save_golden
from training import seeded, train
from vocabularies import wordpiece

NAME = 'token-classification'
LABELS = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG']
TEXTS = [
    'Alice Novak works for Tidewater Bank in Lower Saxony.',
    'Chen Li and Hugo Marlowe met at Quartz and Sons.',
    '王芳在北京的蓝壶工厂工作。',
    'Zoltan Quimby lives in Brookhollow.',  # unknown names, cut into pieces that may be labelled differently
    '🙂 Greta travelled from Oslo to New Harbour 🙂!',  # characters beyond 16 bits count once in start and end
    'Nothing happened.',
]


def build():
    rng = seeded(NAME)
    facts = [world.fact(rng, chinese) for chinese in [False] * 600 + [True] * 200]
    tokenizer = wordpiece([text for text, _ in facts] + ['abcdefghijklmnopqrstuvwxyz'], 400, lowercase=False, longest=64)
    folder = fresh(NAME)
    config = bert.config(tokenizer, id2label=dict(enumerate(LABELS)), label2id={label: i for i, label in enumerate(LABELS)})
    model = BertForTokenClassification(config)
    save(folder, model, tokenizer)

    def batch():
        chosen = [world.pick(rng, facts) for _ in range(24)]
        inputs = tokenizer([text for text, _ in chosen], padding=True, return_tensors='pt', return_offsets_mapping=True)
        offsets = inputs.pop('offset_mapping').tolist()
        inputs['labels'] = torch.tensor([labels(spans, parts) for spans, (_, parts) in zip(offsets, chosen)])
        return inputs

    train(model, batch, 220)
    bert.export_bert(model, folder / 'model.onnx', {'logits': ('batch_size', 'sequence_length', len(LABELS))})
    recognise = pipeline(NAME, model=model, tokenizer=tokenizer)
    cases = []
    for text in TEXTS:
        inputs = tokenizer(text, return_tensors='pt', return_offsets_mapping=True)
        offsets = inputs.pop('offset_mapping')[0].tolist()
        with torch.no_grad():
            logits = bert.rows(model(**inputs).logits)
        shared = {'input': text, 'input_ids': inputs['input_ids'][0], 'offsets': offsets, 'words': inputs.word_ids(0), 'logits': logits}
        for strategy in ['none', 'simple', 'first', 'average', 'max']:
            cases.append({
                **shared,
                'parameters': {'aggregation_strategy': strategy},
                'output': recognise(text, aggregation_strategy=strategy),
            })
            shared = {'input': text}
        cases.append({**shared, 'parameters': {'ignore_labels': []}, 'output': recognise(text, ignore_labels=[])})
    save_golden(folder, NAME, cases)


def labels(offsets, parts):
    """Label of every token; special tokens and filling stand nowhere and are not learned."""
    found = []
    for start, end in offsets:
        label = -100 if start == end else 0
        for kind, first, last in parts:
            if start < end and first <= start < last:
                label = LABELS.index(('B-' if start == first else 'I-') + kind)
        found.append(label)
    return found
