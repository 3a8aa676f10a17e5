"""A sentence on what a picture shows: VisionEncoderDecoderModel of a ViT and a GPT-2."""

from types import SimpleNamespace

import torch
from transformers import GPT2Config, GPT2LMHeadModel, VisionEncoderDecoderModel, ViTModel, pipeline

import pictures
from exporting import export_picture_decoders, export_picture_encoder
from folders import fresh, save, save_golden
from generating import greedy, replay_encoder_decoder, telling, varied
from image_classification import processor, vision
from training import seeded, train
from vocabularies import byte_level

NAME = 'image-to-text'


class Learning(torch.nn.Module):
    """The model with its loss: transformers 4.57 shifts the labels of this model twice, so that every other token is learned."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixel_values, labels):
        start = torch.zeros(len(labels), 1, dtype=torch.int64)
        given = torch.cat([start, labels[:, :-1].clamp(min=0)], dim=1)
        logits = self.model(pixel_values=pixel_values, decoder_input_ids=given).logits
        return SimpleNamespace(loss=torch.nn.functional.cross_entropy(logits.transpose(1, 2), labels))


SETTINGS = [{'max_new_tokens': 20}, {'max_new_tokens': 4}, {'max_new_tokens': 16, 'repetition_penalty': None}]


def build():
    rng = seeded(NAME)
    shown, scenes = pictures.learning_set(rng, 1500)
    said = [f'a {colour} {shape} on a {ground} ground' for colour, shape, ground in scenes]
    tokenizer = byte_level(said, 290)
    decoder = GPT2Config(
        vocab_size=len(tokenizer), n_embd=32, n_layer=2, n_head=4, n_positions=64, bos_token_id=0, eos_token_id=0,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, initializer_range=0.1, add_cross_attention=True, is_decoder=True,
        attn_implementation='sdpa',
    )
    eye = ViTModel(vision(), add_pooling_layer=False)
    model = VisionEncoderDecoderModel(encoder=eye, decoder=GPT2LMHeadModel(decoder))
    for config in (model.config, model.generation_config):
        config.decoder_start_token_id = config.pad_token_id = config.eos_token_id = config.bos_token_id = 0
    folder = fresh(NAME)
    save(folder, model, tokenizer, processor())

    def batch():
        chosen = rng.integers(0, len(scenes), 32)
        labels = tokenizer([said[index] + tokenizer.eos_token for index in chosen], padding=True, padding_side='right', return_tensors='pt')
        learned = labels['input_ids'].masked_fill(labels['attention_mask'] == 0, -100)
        return {'pixel_values': (shown[torch.from_numpy(chosen)] - 0.5) / 0.5, 'labels': learned}

    train(Learning(model), batch, 600)
    export_picture_encoder(model, folder / 'encoder_model.onnx')
    export_picture_decoders(model, folder)
    describe = pipeline(NAME, model=model, tokenizer=tokenizer, image_processor=processor())
    cases, runs = [], []
    for name, path in pictures.files().items():
        for settings in SETTINGS if name == 'red-circle-wide.png' else SETTINGS[:1]:
            prepared = describe.preprocess(str(path))['pixel_values']
            with torch.no_grad():
                settings = telling(model, {'pixel_values': prepared}, 1, settings)
                run, logits = greedy(model, tokenizer, {'pixel_values': prepared}, 1, **settings)
            output = describe(str(path), generate_kwargs=settings)
            assert output == [{'generated_text': run['text']}], f'{output} for {run["text"]!r}'
            cases.append({
                'name': ', '.join([name, *(f'{key} {value}' for key, value in settings.items())]),
                'input': f'../../pictures/{name}', 'parameters': settings, **pictures.pixels(prepared), 'output': output, **run,
            })
            runs.append(({'pixel_values': prepared.numpy()}, run['ids'], logits))
    varied(cases)
    assert len({case['text'] for case in cases}) > 4, 'the same is said of all pictures'
    replay_encoder_decoder(folder, runs, 0)
    save_golden(folder, NAME, cases, decoder_start_token_id=0)
