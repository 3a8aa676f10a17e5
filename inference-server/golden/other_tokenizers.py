"""
The tasks that read text again, behind tokenizers that are not BERT's: pairs of bytes with RoBERTa, Unigram with
XLM-RoBERTa. Where tokens stand in the text, and which of them make up a word, is another matter with each of them.
"""

import torch
import transformers
from transformers import RobertaConfig, XLMRobertaConfig, pipeline

import bert
import fill_mask
import question_answering
import token_classification
import world
from folders import fresh, save, save_golden
from training import seeded, train
from vocabularies import roberta, xlm_roberta

KINDS = {'roberta': ('Roberta', RobertaConfig, roberta), 'xlm-roberta': ('XLMRoberta', XLMRobertaConfig, xlm_roberta)}
LETTERS = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789.,!?;-']
LONG = ' '.join([
    'Alice Novak works for Tidewater Bank in Lower Saxony, and Hugo Marlowe lives in New Harbour.',
    '王芳在北京的蓝壶工厂工作。 Yesterday Dora Lindqvist travelled from Porto to Kyoto.',
    'Zoltan Quimby met Farah Haddad at Quartz and Sons;  the letter from Papermill Press reached Greta in Oslo.',
])
FILL_TEXTS = ['Alice Novak lives in [MASK].', 'The [MASK] from Acme reached Greta in Porto.', '王芳住在北[MASK]。', '[MASK] lives in [MASK].']


def build():
    for kind in KINDS:
        build_token_classification(kind)
        build_question_answering(kind)
        build_fill_mask(kind)
    build_text_classification('roberta')


def untrained(kind, task, head, texts, longest=64, **extra):
    """The folder, its model and tokenizer, none of which has learned anything."""
    name, config_class, vocabulary = KINDS[kind]
    tokenizer = vocabulary(texts + LETTERS, 420, longest)
    config = config_class(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=longest + 2, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.1, **extra,
    )
    folder = fresh(f'{task}-{kind}')
    model = getattr(transformers, f'{name}For{head}')(config)
    save(folder, model, tokenizer)
    return folder, model, tokenizer


def export(model, folder, outputs):
    bert.export_bert(model, folder / 'model.onnx', outputs, types=False)


def read(tokenizer, *texts):
    """What is in golden.json of a text or two: ids, places, words."""
    inputs = tokenizer(*texts, return_offsets_mapping=True)
    return {'input_ids': inputs['input_ids'], 'offsets': inputs['offset_mapping'], 'words': inputs.word_ids(0)}


def build_token_classification(kind):
    task, names = token_classification.NAME, token_classification.LABELS
    rng = seeded(f'{task}-{kind}')
    facts = [world.fact(rng, chinese) for chinese in [False] * 600 + [True] * 200]
    labelled = {'id2label': dict(enumerate(names)), 'label2id': {label: i for i, label in enumerate(names)}}
    folder, model, tokenizer = untrained(kind, task, 'TokenClassification', [text for text, _ in facts], **labelled)

    def batch():
        chosen = [world.pick(rng, facts) for _ in range(24)]
        inputs = tokenizer([text for text, _ in chosen], padding=True, return_tensors='pt', return_offsets_mapping=True)
        offsets = inputs.pop('offset_mapping').tolist()
        solid = [
            [(start + (text[start:end][:1] == ' '), end) for start, end in row] for row, (text, _) in zip(offsets, chosen)
        ]
        labels = [token_classification.labels(row, parts) for row, (_, parts) in zip(solid, chosen)]
        return {**inputs, 'labels': torch.tensor(labels)}

    train(model, batch, 150)
    export(model, folder, {'logits': ('batch_size', 'sequence_length', len(names))})
    recognise = pipeline(task, model=model, tokenizer=tokenizer)
    cases = []
    for text in [*token_classification.TEXTS, '  Emil  met\tGreta,Hugo Marlowe ']:
        shared = read(tokenizer, text)
        for strategy in ['none', 'simple', 'first', 'average', 'max']:
            parameters = {'aggregation_strategy': strategy}
            cases.append({'input': text, **shared, 'parameters': parameters, 'output': recognise(text, **parameters)})
            shared = {}
    for parameters in [{'stride': 0}, {'stride': 16}, {'stride': 40}, {}]:
        for strategy in ['simple', 'average']:
            parameters = {**parameters, 'aggregation_strategy': strategy}
            cases.append({'input': LONG, 'parameters': parameters, 'output': recognise(LONG, **parameters)})
    save_golden(folder, task, cases)


def build_question_answering(kind):
    task = question_answering.NAME
    rng = seeded(f'{task}-{kind}')
    questions = [world.question(rng) for _ in range(2000)]
    texts = [text for asked, context, _, _ in questions[:600] for text in (asked, context)] + ['王芳住在北京。'] * 9
    folder, model, tokenizer = untrained(kind, task, 'QuestionAnswering', texts, 128)

    def batch():
        chosen = [world.pick(rng, questions) for _ in range(24)]
        inputs = tokenizer([q for q, _, _, _ in chosen], [c for _, c, _, _ in chosen], padding=True, return_tensors='pt')
        for side, offset in (('start', 2), ('end', 3)):
            places = [
                inputs.char_to_token(row, case[offset] - (side == 'end'), 1) if case[3] else 0  # <s> says: not in this text
                for row, case in enumerate(chosen)
            ]
            inputs[f'{side}_positions'] = torch.tensor(places)
        return inputs

    train(model, batch, 500)
    export(model, folder, {name: ('batch_size', 'sequence_length') for name in ('start_logits', 'end_logits')})
    answer = pipeline(task, model=model, tokenizer=tokenizer)
    save_golden(folder, task, [
        {
            'input': {'question': question, 'context': context}, 'parameters': parameters,
            'input_ids': tokenizer(question, context)['input_ids'],
            'output': answer(question=question, context=context, **parameters),
        }
        for question, context, parameters in question_answering.CASES
    ])


def build_fill_mask(kind):
    task = fill_mask.FILL
    rng = seeded(f'{task}-{kind}')
    texts = [world.fact(rng, chinese)[0] for chinese in [False] * 700 + [True] * 250]
    folder, model, tokenizer = untrained(kind, task, 'MaskedLM', texts)
    train(model, lambda: bert.masked_words(tokenizer, [world.pick(rng, texts) for _ in range(24)], rng), 250)
    export(model, folder, {'logits': ('batch_size', 'sequence_length', len(tokenizer))})
    fill = pipeline(task, model=model, tokenizer=tokenizer)
    cases = [(text, {'top_k': 3}) for text in FILL_TEXTS] + [(FILL_TEXTS[0], {'targets': [' Oslo', ' in', 'x']})]
    masked = [(text.replace('[MASK]', tokenizer.mask_token), parameters) for text, parameters in cases]
    save_golden(folder, task, [
        {'input': text, 'parameters': parameters, 'input_ids': tokenizer(text)['input_ids'], 'output': fill(text, **parameters)}
        for text, parameters in masked
    ])


def build_text_classification(kind):
    task, topics = 'text-classification', list(world.TOPICS)
    rng = seeded(f'{task}-{kind}')
    said = [(text + ending, topic) for topic in topics for text in world.TOPICS[topic] for ending in world.ENDINGS]
    labelled = {'id2label': dict(enumerate(topics)), 'label2id': {topic: i for i, topic in enumerate(topics)}}
    folder, model, tokenizer = untrained(
        kind, task, 'SequenceClassification', [text for text, _ in said], classifier_dropout=0.0, **labelled
    )

    def batch():
        chosen = [world.pick(rng, said) for _ in range(24)]
        labels = torch.tensor([topics.index(topic) for _, topic in chosen])
        return {**tokenizer([text for text, _ in chosen], padding=True, return_tensors='pt'), 'labels': labels}

    train(model, batch, 60)
    export(model, folder, {'logits': ('batch_size', len(topics))})
    classify = pipeline(task, model=model, tokenizer=tokenizer)
    texts = [*fill_mask.SENTENCES[:-1], 'The song about bread and snow.', 'rain  and\tgold 🙂', ' '.join(['The band played a song.'] * 20)]
    save_golden(folder, task, [
        {
            'input': text, 'parameters': {}, 'input_ids': tokenizer(text, truncation=True)['input_ids'],
            'output': classify(text, top_k=None, truncation=True),
        }
        for text in texts
    ])
