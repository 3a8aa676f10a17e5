"""Sentences about shapes from English into Chinese, MarianMTModel, and into German, T5ForConditionalGeneration."""

import torch
from transformers import MarianConfig, MarianMTModel, T5Config, T5ForConditionalGeneration, pipeline

import world
from exporting import export_text_decoders, export_text_encoder
from folders import compact, fresh, save, save_golden
from generating import CLOSE, greedy, replay_encoder_decoder, telling, varied
from training import seeded, train
from vocabularies import marian, t5

TASK = 'translation'
SENTENCES = [
    'The red circle is left of the blue square.',
    'I see a yellow cross.',
    'The green triangle is below the red triangle.',
]


BEAM_SETTINGS = [
    {},
    {'num_beams': 2},
    {'num_beams': 6, 'early_stopping': True},
    {'early_stopping': 'never', 'max_new_tokens': 16},
    {'length_penalty': 2.0},
    {'length_penalty': -1.0},
    {'repetition_penalty': 2.0},
    {'no_repeat_ngram_size': 2},
    {'min_new_tokens': 14},
    {'max_new_tokens': 5},
    {'num_beams': 1},
]


def build():
    build_marian('translation-marian')
    build_beams('translation-beams')
    build_t5('translation-t5')


def untrained_marian(rng):
    """The model, its tokenizer, ids of special tokens, and sentences to learn."""
    sayings = [world.saying(rng) for _ in range(1500)]
    tokenizer = marian([text for english, chinese, _ in sayings for text in (english, chinese)], 110)
    special = {token: tokenizer.convert_tokens_to_ids(token) for token in ('<pad>', '</s>', '<2zh>', '<2de>')}
    model = MarianMTModel(MarianConfig(
        vocab_size=len(tokenizer), d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=64, dropout=0.0,
        activation_function='swish', scale_embedding=True, static_position_embeddings=True, init_std=0.1,
        pad_token_id=special['<pad>'], eos_token_id=special['</s>'], decoder_start_token_id=special['<pad>'],
        forced_eos_token_id=special['</s>'], bos_token_id=None, attn_implementation='eager',
    ))
    model.generation_config.update(
        num_beams=1, max_length=40, bad_words_ids=[[special['<pad>']]], forced_eos_token_id=special['</s>'],
        pad_token_id=special['<pad>'], eos_token_id=special['</s>'], decoder_start_token_id=special['<pad>'],
    )
    return model, tokenizer, special, sayings


def build_marian(name):
    """Marian adds nothing before a text, starts the decoder with <pad> and never writes it again."""
    rng = seeded(name)
    model, tokenizer, special, sayings = untrained_marian(rng)
    folder = fresh(name)
    save(folder, model, tokenizer)
    # a first token <2zh> or <2de> is learned too: what forced_bos_token_id sets for models of many languages
    train(model, pairs(tokenizer, rng, [
        (english, text, mark) for english, chinese, _ in sayings for text, mark in [(chinese, ''), (chinese, '<2zh>')]
    ]), 1500)
    export_text_encoder(model, folder / 'encoder_model.onnx')
    export_text_decoders(model, folder, layers=2, heads=4, width=8, keep_both=False)
    record(folder, model, tokenizer, [(sentence, {}) for sentence in SENTENCES] + [
        (SENTENCES[0], {'forced_bos_token_id': special['<2zh>']}),
        (SENTENCES[2], {'max_new_tokens': 5}),  # forced_eos_token_id takes the last place
        (SENTENCES[2], {'repetition_penalty': None}),  # of the decoder's tokens only, not of the source's
        (SENTENCES[2], {'no_repeat_ngram_size': None}),
        (SENTENCES[1], {'min_new_tokens': 14}),
        (SENTENCES[0], {'bad_words_ids': None}),
    ])


def build_beams(name):
    """
    Marian with the settings that its folders usually have. Every other translation that it learned was of another sentence:
    it is sure of nothing, and the likeliest text is seldom the likeliest token after token.
    """
    rng = seeded(name)
    model, tokenizer, _, sayings = untrained_marian(rng)
    model.generation_config.update(num_beams=4, renormalize_logits=True)
    folder = fresh(name)
    save(folder, model, tokenizer)
    others = rng.permutation(len(sayings))
    train(model, pairs(tokenizer, rng, [
        (english, text, '') for (english, chinese, _), other in zip(sayings, others) for text in (chinese, sayings[other][1])
    ]), 200)
    export_text_encoder(model, folder / 'encoder_model.onnx')
    export_text_decoders(model, folder, layers=2, heads=4, width=8, keep_both=False)
    translate = pipeline('translation_en_to_zh', model=model, tokenizer=tokenizer)
    cases = [
        {'input': sentence, 'parameters': settings, 'output': translate(sentence, **settings)}
        for sentence in SENTENCES for settings in BEAM_SETTINGS
        if clear(model, tokenizer(sentence, return_tensors='pt'), settings)
    ]
    for settings in BEAM_SETTINGS:
        assert any(case['parameters'] == settings for case in cases), f'no sentence is clear with {settings}'
    told = {settings: {case['output'][0]['translation_text'] for case in cases if compact(case['parameters']) == settings}
            for settings in map(compact, BEAM_SETTINGS)}
    print(f'  {len({str(sorted(texts)) for texts in told.values()})} different answers to {len(told)} settings')
    save_golden(folder, TASK, cases, decoder_start_token_id=model.config.decoder_start_token_id)


def clear(model, inputs, settings):
    """Whether the best text leaves the second far enough behind that rounding cannot turn them round."""
    if settings.get('num_beams') == 1:
        return True
    with torch.no_grad():
        scores = model.generate(
            **inputs, num_return_sequences=2, return_dict_in_generate=True, output_scores=True, **settings
        ).sequences_scores
    return float(scores[0] - scores[1]) > CLOSE / 10


def build_t5(name):
    """T5 reads what to do from a prefix, which config.json names per task; relative positions, no biases."""
    rng = seeded(name)
    prefix = 'translate English to German: '
    sayings = [world.saying(rng) for _ in range(1500)]
    tokenizer = t5([text for english, _, german in sayings for text in (prefix + english, german)], 150)
    model = T5ForConditionalGeneration(T5Config(
        vocab_size=len(tokenizer), d_model=32, d_kv=8, d_ff=64, num_layers=2, num_decoder_layers=2, num_heads=4,
        dropout_rate=0.0, relative_attention_num_buckets=16, relative_attention_max_distance=32,
        feed_forward_proj='gated-gelu', pad_token_id=0, eos_token_id=1, decoder_start_token_id=0,
        task_specific_params={'translation_en_to_de': {'prefix': prefix, 'max_length': 48, 'num_beams': 1}},
        attn_implementation='eager',
    ))
    folder = fresh(name)
    save(folder, model, tokenizer)
    train(model, pairs(tokenizer, rng, [(prefix + english, german, '') for english, _, german in sayings]), 1500, 6e-3)
    export_text_encoder(model, folder / 'encoder_model.onnx')
    export_text_decoders(model, folder, layers=2, heads=4, width=8, keep_both=True)
    record(folder, model, tokenizer, [(sentence, {}) for sentence in SENTENCES] + [
        (SENTENCES[0], {'max_new_tokens': 6}),
        (SENTENCES[2], {'repetition_penalty': None}),
        (SENTENCES[1], {'min_new_tokens': 40}),
        (SENTENCES[2], {'no_repeat_ngram_size': None}),
    ], prefix)


def pairs(tokenizer, rng, sentences):
    def batch():
        chosen = [world.pick(rng, sentences) for _ in range(32)]
        inputs = tokenizer([source for source, _, _ in chosen], padding=True, return_tensors='pt')
        labels = tokenizer([mark + target for _, target, mark in chosen], padding=True, return_tensors='pt')
        learned = labels['input_ids'].masked_fill(labels['attention_mask'] == 0, -100)
        return {'input_ids': inputs['input_ids'], 'attention_mask': inputs['attention_mask'], 'labels': learned}

    return batch


def record(folder, model, tokenizer, wanted, prefix=''):
    model.eval()
    task = f'translation_en_to_{"de" if prefix else "zh"}'
    translate = pipeline(task, model=model, tokenizer=tokenizer)
    limits = (model.config.task_specific_params or {}).get(task, {})
    limit = {'max_length': limits['max_length']} if 'max_length' in limits else {}
    cases, runs = [], []
    for sentence, parameters in wanted:
        inputs = tokenizer(prefix + sentence, return_tensors='pt')
        with torch.no_grad():
            parameters = telling(model, inputs, 1, parameters)
            settings = parameters if 'max_new_tokens' in parameters else {**limit, **parameters}
            run, logits = greedy(model, tokenizer, inputs, 1, **settings)
        called = {'num_beams': 1, **parameters}  # of its own the pipeline keeps 4 beams
        output = translate(sentence, **called)
        assert output == [{'translation_text': run['text']}], f'{output} for {run["text"]}'
        name = ', '.join(f'{key} {value}' for key, value in parameters.items()) or 'as configured'
        cases.append({
            'name': name, 'input': sentence, 'parameters': called, 'input_ids': inputs['input_ids'][0], 'output': output, **run,
        })
        runs.append(({key: value.numpy() for key, value in inputs.items()}, run['ids'], logits))
    varied(cases)
    replay_encoder_decoder(folder, runs, model.config.decoder_start_token_id)
    save_golden(folder, TASK, cases, decoder_start_token_id=model.config.decoder_start_token_id)
