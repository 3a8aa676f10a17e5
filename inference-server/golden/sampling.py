"""What is left to draw from after repetition penalty, temperature, top-k, top-p and min-p: no model, given logits."""

import numpy as np
import torch
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel

from folders import fresh, save_golden
from training import seeded

NAME = 'sampling'
SIZE = 32
SETTINGS = [
    {},
    {'temperature': 0.7},
    {'temperature': 1.8},
    {'top_k': 5},
    {'top_k': 1},
    {'top_k': 100},  # more than there are
    {'top_p': 0.9},
    {'top_p': 0.5},
    {'top_p': 0.01},  # one token is always left
    {'min_p': 0.1},
    {'repetition_penalty': 1.5},
    {'repetition_penalty': 0.8},
    {'no_repeat_ngram_size': 2},
    {'no_repeat_ngram_size': 3},
    {'temperature': 0.8, 'top_k': 10, 'top_p': 0.8},
    {'temperature': 1.5, 'top_k': 20, 'top_p': 0.95, 'repetition_penalty': 1.2},
    {'temperature': 0.3, 'min_p': 0.02, 'repetition_penalty': 1.1},
    {'bad_words_ids': [[3], [7], [5, 9], [2, 1, 8]], 'top_k': 8},
    {'eos_token_id': 4, 'min_new_tokens': 6, 'temperature': 0.5},
    {'suppress_tokens': [0, 11], 'top_p': 0.7},
]


def build():
    rng = seeded(NAME)
    model = GPT2LMHeadModel(GPT2Config(vocab_size=SIZE, n_embd=4, n_layer=1, n_head=1, n_positions=8))
    flat = np.round(rng.normal(0, 0.3, SIZE), 3)
    peaked = np.round(rng.normal(0, 3, SIZE), 3)
    prompts = {'flat': (flat, [5, 9, 2, 5]), 'peaked': (peaked, [int(peaked.argmax()), 3, 2, 1, 8, 2, 1])}
    cases = []
    for kind, (logits, ids) in prompts.items():
        for settings in SETTINGS:
            cases.append({
                'name': ', '.join(f'{key} {value}' for key, value in settings.items()) or 'as they are',
                'logits': kind, 'ids': ids, 'prompt_length': 3, 'parameters': settings,
                'probabilities': distribution(model, logits, ids, settings),
            })
    # all tokens of the same rank are kept or dropped together by their value, not by their place
    tied = [1.0] * 4 + [0.0] * (SIZE - 4)
    cases.append({
        'name': 'ties at the edge of top_k', 'logits': 'tied', 'ids': [1], 'prompt_length': 1, 'parameters': {'top_k': 2},
        'probabilities': distribution(model, tied, [1], {'top_k': 2}),
    })
    folder = fresh(NAME)
    save_golden(folder, NAME, cases, logits={'flat': flat, 'peaked': peaked, 'tied': tied})


def distribution(model, logits, ids, settings):
    """Probabilities of all tokens after the processors that `generate` would set up, in its order; 0 for those left out."""
    # unless asked for, generate keeps 50 tokens
    config = GenerationConfig(do_sample=True, **{'top_k': 0, **settings})
    model._prepare_special_tokens(config, kwargs_has_attention_mask=True)
    processors = model._get_logits_processor(
        config, input_ids_seq_length=min(3, len(ids)), encoder_input_ids=None, prefix_allowed_tokens_fn=None, logits_processor=[],
    )
    scores = processors(torch.tensor([ids]), torch.tensor([logits], dtype=torch.float32))
    return torch.softmax(scores[0], -1)
