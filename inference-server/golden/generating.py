"""What a generator writes, token by token: from PyTorch, and again from the ONNX graphs with their caches."""

import numpy as np
import onnxruntime
import torch

from folders import TOLERANCE

CLOSE = 1e-3  # a greedy choice by less than this could go either way elsewhere


def greedy(model, tokenizer, inputs, prompt_length, **settings):
    """
    One greedy run of `model.generate`: new ids, texts after every token, why it ended, the raw logits of the first step
    and of every step the three highest scores after all processors. `prompt_length` ids of the result were given.
    """
    stops = {'tokenizer': tokenizer} if 'stop_strings' in settings else {}
    result = model.generate(
        **inputs, do_sample=False, num_beams=1, return_dict_in_generate=True, output_logits=True, output_scores=True,
        **settings, **stops,
    )
    given, ids = result.sequences[0, :prompt_length].tolist(), result.sequences[0, prompt_length:].tolist()
    said = tokenizer.decode(given, skip_special_tokens=True)

    def added(count):
        return tokenizer.decode(given + ids[:count], skip_special_tokens=True)[len(said):]

    steps = []
    for index, (token, scores) in enumerate(zip(ids, result.scores, strict=True)):
        highest = scores[0].topk(3)
        gap = float(highest.values[0] - highest.values[1])
        assert gap > CLOSE, f'step {index} of {settings} is decided by {gap}'
        assert int(highest.indices[0]) == token
        top = [[i, v] for i, v in zip(highest.indices.tolist(), highest.values.tolist()) if np.isfinite(v)]
        steps.append({'id': token, 'token': tokenizer.convert_ids_to_tokens(token), 'text': added(index + 1), 'top': top})
    text = added(len(ids))
    ends = model.generation_config.eos_token_id if settings.get('eos_token_id') is None else settings['eos_token_id']
    ended = ids[-1] in (ends if isinstance(ends, list) else [ends])
    stopped = any(stop in text for stop in settings.get('stop_strings', []))
    finish = 'eos' if ended else 'stop' if stopped else 'length'
    recorded = {'ids': ids, 'text': text, 'finish': finish, 'first_logits': result.logits[0][0], 'steps': steps}
    return recorded, torch.stack([logits[0] for logits in result.logits])


SHAPING = ['min_new_tokens', 'forced_bos_token_id']


def telling(model, inputs, prompt_length, settings):
    """
    The settings, so that they tell: one that changes nothing would not be missed. A None among them becomes the mildest
    value by which something else is written; and without those of SHAPING something else has to be written too.
    """
    def written(chosen):
        rest = {key: value for key, value in chosen.items() if key != 'stop_strings'}
        return model.generate(**inputs, do_sample=False, num_beams=1, **rest)[0, prompt_length:].tolist()

    plain = {key: value for key, value in settings.items() if key not in SHAPING and value is not None}
    if plain == settings:
        return settings
    usual = written(plain)
    banned = model.generation_config.bad_words_ids or []
    values = {
        'repetition_penalty': [1.3, 2.0, 4.0, 8.0, 16.0, 32.0],
        'no_repeat_ngram_size': [4, 3, 2, 1],
        'bad_words_ids': [[*banned, usual[2:4]], [*banned, usual[2:3]]],
    }
    asked = [key for key, value in settings.items() if value is None]
    for choice in ([{**settings, asked[0]: value} for value in values[asked[0]]] if asked else [settings]):
        if written(choice) != usual:
            return choice
    raise AssertionError(f'{settings} changes nothing')


def varied(cases):
    """No case may be one token over and over, or tests on it would pass with a cache that is never read."""
    for case in cases:
        assert len(set(case['ids'])) >= min(4, len(case['ids'])), f'{case["name"]} repeats itself: {case["text"]!r}'


def empty_past(session, batch):
    """Caches of length 0 for a graph's past_key_values inputs."""
    return {
        value.name: np.zeros([batch, value.shape[1], 0, value.shape[3]], np.float32)
        for value in session.get_inputs()
        if value.name.startswith('past_key_values')
    }


def replay_decoder(path, runs):
    """
    Runs the graph alone over what PyTorch wrote and compares the logits of every step: each run for itself, prompt
    first, then token by token with the cache; then all at once, the prompts filled up on the left.

    runs: [(prompt ids, new ids, raw logits of every step)]
    """
    session = onnxruntime.InferenceSession(path)
    worst = max(replayed(session, [run]) for run in runs)
    shortest = min(len(ids) for _, ids, _ in runs)
    worst = max(worst, replayed(session, [(prompt, ids[:shortest], logits) for prompt, ids, logits in runs]))
    assert worst < TOLERANCE, f'{path} with its cache differs from PyTorch by {worst}'
    print(f'  {path.name} with its cache, alone and in a batch of {len(runs)}: within {worst:.1e} of PyTorch')


def replayed(session, runs):
    longest = max(len(prompt) for prompt, _, _ in runs)
    ids = np.array([[0] * (longest - len(prompt)) + prompt for prompt, _, _ in runs])
    mask = np.array([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt, _, _ in runs])
    past, worst = empty_past(session, len(runs)), 0.0
    for step in range(len(runs[0][1])):
        positions = np.maximum(mask.cumsum(-1) - 1, 0)[:, -ids.shape[1]:]
        logits, *present = session.run(None, {'input_ids': ids, 'attention_mask': mask, 'position_ids': positions, **past})
        for row, (_, _, expected) in enumerate(runs):
            worst = max(worst, float(np.abs(logits[row, -1] - expected[step].numpy()).max()))
        past = dict(zip(past, present))
        ids = np.array([[new[step]] for _, new, _ in runs])
        mask = np.concatenate([mask, np.ones([len(runs), 1], np.int64)], axis=1)
    return worst


def replay_encoder_decoder(folder, runs, start):
    """
    The same for encoder_model.onnx and decoder_model_merged.onnx, one run at a time; where the pair decoder_model.onnx
    and decoder_with_past_model.onnx is there too, it has to give the merged graph's very numbers.

    runs: [({encoder input: array}, new ids, raw logits of every step)]
    """
    encoder = onnxruntime.InferenceSession(folder / 'encoder_model.onnx')
    merged = onnxruntime.InferenceSession(folder / 'decoder_model_merged.onnx')
    pair = [folder / 'decoder_model.onnx', folder / 'decoder_with_past_model.onnx']
    singles = [onnxruntime.InferenceSession(path) for path in pair if path.exists()]
    wanted = {value.name for value in merged.get_inputs()}
    names = [value.name for value in merged.get_outputs()]
    worst = 0.0
    for inputs, new, expected in runs:
        given = {'encoder_hidden_states': encoder.run(None, inputs)[0]}
        if 'encoder_attention_mask' in wanted:
            given['encoder_attention_mask'] = inputs['attention_mask']
        past, token = empty_past(merged, 1), start
        for step, following in enumerate(new):
            feeds = {**given, **past, 'input_ids': np.array([[token]]), 'use_cache_branch': np.array([step > 0])}
            answer = dict(zip(names, merged.run(None, feeds)))
            worst = max(worst, float(np.abs(answer['logits'][0, -1] - expected[step].numpy()).max()))
            if singles:
                single = singles[min(step, 1)]
                alone = single.run(None, {value.name: feeds[value.name] for value in single.get_inputs()})
                assert np.array_equal(alone[0], answer['logits'])
            for name in past:
                fresh = answer[name.replace('past_key_values', 'present')]
                past[name] = fresh if fresh.shape[0] else past[name]
            token = following
    assert worst < TOLERANCE, f'{folder} with its caches differs from PyTorch by {worst}'
    print(f'  encoder and merged decoder with caches: within {worst:.1e} of PyTorch')
