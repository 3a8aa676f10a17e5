"""Finding the answer in a text: BertForQuestionAnswering."""

import torch
from transformers import BertForQuestionAnswering, pipeline

import bert
import world
from folders import fresh, save, save_golden
from training import seeded, train
from vocabularies import wordpiece

NAME = 'question-answering'
CONTEXT = 'Alice Novak lives in Lower Saxony. Hugo Marlowe works for Tidewater Bank. Greta lives in Oslo.'
LONG = ' '.join([CONTEXT, 'Chen Li lives in Kyoto. Emil works for Blue Kettle Works. Bruno Keller lives in New Harbour.'] * 2)
CASES = [
    ('Where does Alice Novak live?', CONTEXT, {}),
    ('Who works for Tidewater Bank?', CONTEXT, {'top_k': 3}),
    ('Where does Greta live?', CONTEXT, {'top_k': 5, 'max_answer_len': 2}),
    ('Where does Farah Haddad live?', CONTEXT, {'handle_impossible_answer': True, 'top_k': 2}),
    ('Where does Chen Li live?', LONG, {'max_seq_len': 48, 'doc_stride': 16}),  # longer than one window
    ('Which house does Emil work for?', LONG, {'max_seq_len': 40, 'doc_stride': 12, 'top_k': 3}),
    ('Who lives in Paris?', '🙂 Dora Lindqvist lives in Paris. 王芳住在北京。', {'top_k': 2}),
    ('Who lives in Lima?', 'Farah Haddad lives in Lima.', {'align_to_words': False, 'top_k': 3}),
]


def build():
    rng = seeded(NAME)
    questions = [world.question(rng) for _ in range(3000)]
    texts = [text for asked, context, _, _ in questions[:800] for text in (asked, context)]
    tokenizer = wordpiece(texts + ['王芳住在北京。'] * 9, 320, lowercase=False, longest=128)
    folder = fresh(NAME)
    model = BertForQuestionAnswering(bert.config(tokenizer, longest=128))
    save(folder, model, tokenizer)

    def batch():
        chosen = [world.pick(rng, questions) for _ in range(24)]
        inputs = tokenizer([q for q, _, _, _ in chosen], [c for _, c, _, _ in chosen], padding=True, return_tensors='pt')
        for side, offset in (('start', 2), ('end', 3)):
            places = [
                inputs.char_to_token(row, case[offset] - (side == 'end'), 1) if case[3] else 0  # [CLS] says: not in this text
                for row, case in enumerate(chosen)
            ]
            inputs[f'{side}_positions'] = torch.tensor(places)
        return inputs

    train(model, batch, 1200)
    spans = {name: ('batch_size', 'sequence_length') for name in ('start_logits', 'end_logits')}
    bert.export_bert(model, folder / 'model.onnx', spans)
    answer = pipeline(NAME, model=model, tokenizer=tokenizer)
    cases = []
    for question, context, parameters in CASES:
        inputs = tokenizer(question, context, return_tensors='pt', return_offsets_mapping=True)
        offsets = inputs.pop('offset_mapping')[0].tolist()
        case = {'input': {'question': question, 'context': context}, 'parameters': parameters}
        if 'max_seq_len' not in parameters:
            with torch.no_grad():
                result = model(**inputs)
            case |= {
                'input_ids': inputs['input_ids'][0],
                'token_type_ids': inputs['token_type_ids'][0],
                'offsets': offsets,
                'start_logits': bert.rows(result.start_logits),
                'end_logits': bert.rows(result.end_logits),
            }
        cases.append({**case, 'output': answer(question=question, context=context, **parameters)})
    save_golden(folder, NAME, cases)
