"""Stories, GPT2LMHeadModel, and talks, LlamaForCausalLM with shared key-value heads, rotary positions and a chat template."""

import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, pipeline

import world
from exporting import export_decoder
from folders import fresh, save, save_golden
from generating import greedy, replay_decoder, telling, varied
from training import language_batch, seeded, train
from vocabularies import byte_level, sentence_pieces_with_bytes

TASK = 'text-generation'
CHAT = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] | trim + eos_token + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)


def build():
    build_stories('text-generation-gpt2')
    build_talks('text-generation-llama')


def build_stories(name):
    rng = seeded(name)
    stories = [world.story(rng) for _ in range(1200)]
    tokenizer = byte_level(stories, 420)
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=4, n_positions=128, bos_token_id=0, eos_token_id=0,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, initializer_range=0.1, attn_implementation='sdpa',
    ))
    folder = fresh(name)
    save(folder, model, tokenizer)
    told = [text + tokenizer.eos_token for text in stories]
    train(model, lambda: language_batch(tokenizer, [world.pick(rng, told) for _ in range(24)]), 700, 6e-3)
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    export_decoder(model, folder / 'model.onnx')
    record(folder, TASK, model, tokenizer, [
        ('to its end', 'Once upon a time a red circle lived in', {'max_new_tokens': 60}),
        ('a few tokens', 'Once upon a time', {'max_new_tokens': 12}),
        ('characters of several tokens', '从前有一个', {'max_new_tokens': 40}),
        ('repetition_penalty', 'Once upon a time a blue', {'max_new_tokens': 40, 'repetition_penalty': None}),
        ('stop_strings', 'Once upon a time a green', {'max_new_tokens': 60, 'stop_strings': [' wanted', '!']}),
        ('stop string inside a token', 'Once upon a time a green', {'max_new_tokens': 60, 'stop_strings': ['ante']}),
        ('stop string in Chinese', '从前有一个红色', {'max_new_tokens': 60, 'stop_strings': ['唱歌', 'song']}),
        ('no_repeat_ngram_size', 'the the', {'max_new_tokens': 20, 'no_repeat_ngram_size': None}),
        ('min_new_tokens', 'Nobody saw it', {'max_new_tokens': 20, 'min_new_tokens': 10}),
        ('another eos_token_id', 'Once upon a time', {'max_new_tokens': 60, 'eos_token_id': [0, tokenizer.convert_tokens_to_ids('.')]}),
        ('one token', 'Everybody liked', {'max_new_tokens': 1}),
    ])


def build_talks(name):
    rng = seeded(name)
    talks = [world.talk(rng) for _ in range(1500)]
    roles = ('<|system|>', '<|user|>', '<|assistant|>')
    tokenizer = sentence_pieces_with_bytes([text for pair in talks for text in pair], 500, roles, CHAT)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=128, bos_token_id=1, eos_token_id=2, rope_theta=10000.0,
        tie_word_embeddings=False, initializer_range=0.1, attn_implementation='eager',
    ))
    folder = fresh(name)
    save(folder, model, tokenizer)
    told = [conversation(tokenizer, rng, talks) for _ in range(1500)]
    train(model, lambda: language_batch(tokenizer, [world.pick(rng, told) for _ in range(24)]), 1400, 6e-3)
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    export_decoder(model, folder / 'model.onnx')
    record(folder, TASK, model, tokenizer, [
        ('chat', chat('Please draw a red circle.'), {'max_new_tokens': 40}),
        ('chat in Chinese, written as bytes', chat('你好!'), {'max_new_tokens': 60}),
        ('chat with a system message and earlier turns', [
            {'role': 'system', 'content': 'You are kind.'}, *chat('Hello!'),
            {'role': 'assistant', 'content': 'Hello! How can I help you today?'}, *chat('Where is the blue square?'),
        ], {'max_new_tokens': 40}),
        ('chat, stop_strings', chat('Where is the blue cross?'), {'max_new_tokens': 40, 'stop_strings': [' is in']}),
        ('chat, repetition_penalty', chat('What is 2 plus 3?'), {'max_new_tokens': 24, 'repetition_penalty': None}),
        ('chat, cut off', chat('Hello!'), {'max_new_tokens': 4}),
        ('text', 'Hello! How can', {'max_new_tokens': 16}),
        ('text, stop_strings', 'Here is your red', {'max_new_tokens': 40, 'stop_strings': ['.', '?']}),
    ])


def conversation(tokenizer, rng, talks):
    """One or two turns, some after a system message; or an answer as mere text."""
    if rng.random() < 0.15:
        return tokenizer.bos_token + world.pick(rng, talks)[1] + tokenizer.eos_token
    messages = [{'role': 'system', 'content': 'You are kind.'}] if rng.random() < 0.3 else []
    for _ in range(int(rng.integers(1, 3))):
        asked, answer = world.pick(rng, talks)
        messages += [{'role': 'user', 'content': asked}, {'role': 'assistant', 'content': answer}]
    return tokenizer.apply_chat_template(messages, tokenize=False)


def chat(text):
    return [{'role': 'user', 'content': text}]


def record(folder, task, model, tokenizer, wanted):
    write = pipeline(TASK, model=model, tokenizer=tokenizer)
    cases, runs = [], []
    for name, prompt, parameters in wanted:
        text = prompt if isinstance(prompt, str) else tokenizer.apply_chat_template(prompt, tokenize=False, add_generation_prompt=True)
        # a chat template writes all special tokens itself
        inputs = tokenizer(text, return_tensors='pt', add_special_tokens=isinstance(prompt, str), return_token_type_ids=False)
        length = inputs['input_ids'].shape[1]
        with torch.no_grad():
            parameters = telling(model, inputs, length, parameters)
            run, logits = greedy(model, tokenizer, inputs, length, **parameters)
        stops = {'tokenizer': tokenizer} if 'stop_strings' in parameters else {}
        whole = write(prompt, do_sample=False, **parameters, **stops)
        part = write(prompt, do_sample=False, return_full_text=False, **parameters, **stops)
        assert part == [{'generated_text': run['text']}], f'{part} for {run["text"]!r}'
        ids = inputs['input_ids'][0].tolist()
        cases.append({
            'name': name, 'input': prompt, 'parameters': parameters, **({} if prompt is text else {'prompt': text}),
            'input_ids': ids, 'output': whole, 'output_without_prompt': part, **run,
        })
        runs.append((ids, run['ids'], logits))
    varied(cases)
    replay_decoder(folder / 'model.onnx', runs)
    save_golden(folder, task, cases)
