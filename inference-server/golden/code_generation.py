"""Short Python functions, onward or filled in between what stands before and after: Qwen2ForCausalLM."""

from transformers import Qwen2Config, Qwen2ForCausalLM

import world
from exporting import export_decoder
from folders import fresh, save
from text_generation import record
from training import language_batch, seeded, train
from vocabularies import code_level

NAME = 'code-generation'


def build():
    rng = seeded(NAME)
    programs = [world.program(rng) for _ in range(800)]
    tokenizer = code_level([''.join(parts) for parts in programs], 360)
    model = Qwen2ForCausalLM(Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=1, max_position_embeddings=128, bos_token_id=0, eos_token_id=0, tie_word_embeddings=True,
        initializer_range=0.1, attn_implementation='eager',
    ))
    folder = fresh(NAME)
    save(folder, model, tokenizer)

    def batch():
        texts = []
        for _ in range(24):
            before, middle, after = world.pick(rng, programs)
            whole = before + middle + after
            texts.append((fill_in(before, after) + middle if rng.random() < 0.5 else whole) + '<|endoftext|>')
        return language_batch(tokenizer, texts)

    train(model, batch, 700, 6e-3)
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    export_decoder(model, folder / 'model.onnx')
    record(folder, NAME, model, tokenizer, [
        ('onward', 'def add(a, b):\n', {'max_new_tokens': 60}),
        ('to the end of the body', 'def area(width, height):\n    return', {'max_new_tokens': 60, 'stop_strings': ['\n\n']}),
        ('to the next statement', 'def total(values):\n    result = 0\n', {'max_new_tokens': 80, 'stop_strings': ['\nprint', '\ndef']}),
        ('filled in', fill_in('def scale(x, y):\n', '\n\nprint(scale(2, 3))\n'), {'max_new_tokens': 40}),
        ('filled in, loop', fill_in('def mean(values):\n    result = 0\n', '    return result\n\n\nprint(mean([1, 2, 3]))\n'), {'max_new_tokens': 60}),
        ('repetition_penalty', 'def largest(', {'max_new_tokens': 24, 'repetition_penalty': None}),
    ])


def fill_in(before, after):
    return f'<|fim_prefix|>{before}<|fim_suffix|>{after}<|fim_middle|>'
