"""Whether a text is about something, by asking whether the one follows from the other: BertForSequenceClassification."""

import torch
from transformers import BertForSequenceClassification, pipeline

import bert
import world
from folders import fresh, save, save_golden
from training import seeded, train
from vocabularies import wordpiece

NAME = 'zero-shot-classification'
LABELS = ['contradiction', 'neutral', 'entailment']
CASES = [
    ('The team won the match today.', ['sport', 'food', 'weather'], {}),
    ('The team won the match today.', ['sport', 'food', 'weather'], {'multi_label': True}),
    ('She bakes bread again.', 'sport, food ,music', {'hypothesis_template': 'It is about {}.'}),
    ('She bakes bread again.', ['food'], {}),  # one label alone: entailment against contradiction
    ('Prices rose again and everybody talked about it.', list(world.TOPICS), {'multi_label': True, 'hypothesis_template': 'This text is about {}.'}),
    (['Snow fell all night.', 'The song has a slow tune.'], ['music', 'weather', 'money'], {}),
]


def build():
    rng = seeded(NAME)
    pairs = [world.entailment(rng) for _ in range(3000)]
    texts = [text for premise, hypothesis, _ in pairs for text in (premise, hypothesis)]
    tokenizer = wordpiece(texts, 260, lowercase=True, longest=64)
    folder = fresh(NAME)
    config = bert.config(tokenizer, id2label=dict(enumerate(LABELS)), label2id={label: i for i, label in enumerate(LABELS)})
    model = BertForSequenceClassification(config)
    save(folder, model, tokenizer)

    def batch():
        chosen = [world.pick(rng, pairs) for _ in range(24)]
        inputs = tokenizer([p for p, _, _ in chosen], [h for _, h, _ in chosen], padding=True, return_tensors='pt')
        inputs['labels'] = torch.tensor([kind for _, _, kind in chosen])
        return inputs

    train(model, batch, 2500, 2e-3)
    bert.export_bert(model, folder / 'model.onnx', {'logits': ('batch_size', len(LABELS))})
    classify = pipeline(NAME, model=model, tokenizer=tokenizer)
    cases = []
    for text, labels, parameters in CASES:
        case = {'input': text, 'candidate_labels': labels, 'parameters': parameters}
        if isinstance(text, str) and isinstance(labels, list):
            template = parameters.get('hypothesis_template', 'This example is {}.')  # of its own the pipeline says this
            inputs = tokenizer([text] * len(labels), [template.format(label) for label in labels], padding=True, return_tensors='pt')
            with torch.no_grad():
                case |= {'input_ids': inputs['input_ids'], 'logits': model(**inputs).logits}
        cases.append({**case, 'output': classify(text, candidate_labels=labels, **parameters)})
    save_golden(folder, NAME, cases)
