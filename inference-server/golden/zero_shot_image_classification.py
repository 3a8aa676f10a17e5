"""Which of some texts fits a picture: CLIPModel and SiglipModel."""

import torch
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPModel,
    CLIPTextConfig,
    CLIPVisionConfig,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
    SiglipTextConfig,
    SiglipVisionConfig,
    pipeline,
)

import pictures
import world
from exporting import export, noise
from folders import fresh, save, save_golden
from image_classification import vision
from training import seeded, train
from vocabularies import clip, siglip

NAME = 'zero-shot-image-classification'
TEMPLATES = ['a photo of a {}', 'This is a photo of a {}.', 'a {}', 'a picture of a {} on a {ground} ground']
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]  # of CLIP's own processor
CASES = [
    (['red circle', 'blue square', 'green cross'], {}),
    (['red circle', 'blue square', 'green cross'], {'hypothesis_template': 'a photo of a {}'}),
    (['Yellow CROSS', 'a red square on a grey ground', 'triangle', 'green'], {'hypothesis_template': '{}'}),
]


def build():
    build_clip()
    build_siglip()


def build_clip():
    rng = seeded(NAME)
    folder = fresh(NAME)
    shown, scenes = pictures.learning_set(rng, 1500)
    said = [caption(rng, scene) for scene in scenes]
    tokenizer = clip(said, 120, folder)
    text = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=32, projection_dim=16, initializer_range=0.1, attn_implementation='eager',
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
    )
    model = CLIPModel(CLIPConfig.from_text_vision_configs(text, vision(CLIPVisionConfig, projection_dim=16), projection_dim=16))
    model.logit_scale.data.fill_(1.6)
    model.logit_scale.requires_grad_(False)  # learned, it would push all scores to 0 and 1
    processor = CLIPImageProcessor(
        do_resize=True, size={'shortest_edge': pictures.SIZE}, resample=3, do_center_crop=True,
        crop_size={'height': pictures.SIZE, 'width': pictures.SIZE}, do_convert_rgb=True, **pictures.processor_settings(MEAN, STD),
    )
    save(folder, model, tokenizer, processor)
    mean, std = (torch.tensor(values)[None, :, None, None] for values in (MEAN, STD))

    def batch():
        chosen = different(rng, scenes)
        texts = tokenizer([caption(rng, scenes[index]) for index in chosen], padding=True, return_tensors='pt')
        return {**texts, 'pixel_values': (shown[chosen] - mean) / std, 'return_loss': True}

    train(model, batch, 500)
    export_clip(model, folder / 'model.onnx')
    record(folder, model, tokenizer, processor)


def build_siglip():
    """Each text is judged by itself; texts are always filled up to 64 tokens, and nothing hides what is filled up."""
    name = f'{NAME}-siglip'
    rng = seeded(name)
    folder = fresh(name)
    shown, scenes = pictures.learning_set(rng, 1500)
    tokenizer = siglip([caption(rng, scene) for scene in scenes], 150)
    text = SiglipTextConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=64, attn_implementation='eager', pad_token_id=1, bos_token_id=1, eos_token_id=1,
    )
    model = SiglipModel(SiglipConfig.from_text_vision_configs(text, vision(SiglipVisionConfig)))
    model.logit_scale.data.fill_(2.3)  # as in SigLIP's paper; from 0 so short a training gets nowhere
    model.logit_bias.data.fill_(-4.0)
    processor = SiglipImageProcessor(
        do_resize=True, size={'height': pictures.SIZE, 'width': pictures.SIZE}, resample=3, do_convert_rgb=True,
        **pictures.processor_settings([0.5] * 3, [0.5] * 3),
    )
    save(folder, model, tokenizer, processor)

    def batch():
        chosen = different(rng, scenes)
        said = [caption(rng, scenes[index]) for index in chosen]
        texts = tokenizer(said, padding='max_length', max_length=64, return_tensors='pt')
        return {**texts, 'pixel_values': (shown[chosen] - 0.5) / 0.5, 'return_loss': True}

    train(model, batch, 700)
    export_clip(model, folder / 'model.onnx', masked=False)
    record(folder, model, tokenizer, processor)


def different(rng, scenes):
    """One picture of each colour and shape, or a text would fit several."""
    chosen, seen = [], set()
    for index in rng.permutation(len(scenes)):
        if scenes[index][:2] not in seen:
            seen.add(scenes[index][:2])
            chosen.append(int(index))
    return chosen


def record(folder, model, tokenizer, processor):
    classify = pipeline(NAME, model=model, tokenizer=tokenizer, image_processor=processor)
    cases = []
    for name, path in pictures.files().items():
        for labels, parameters in CASES:
            case = {'input': f'../../pictures/{name}', 'candidate_labels': labels, 'parameters': parameters}
            prepared = classify.preprocess(str(path), candidate_labels=labels, **parameters)
            if labels is CASES[0][0]:
                case |= pictures.pixels(prepared['pixel_values'])
            with torch.no_grad():
                answer = model(pixel_values=prepared['pixel_values'], **prepared['text_inputs'][0])
            cases.append({
                **case, 'input_ids': prepared['text_inputs'][0]['input_ids'], 'logits_per_image': answer.logits_per_image[0],
                'output': classify(str(path), candidate_labels=labels, **parameters),
            })
            if name != 'red-circle-wide.png':
                break
    scores = [label['score'] for case in cases for label in case['output']]
    assert max(scores) - min(scores) > 0.3, f'all scores are about {scores[0]}'
    save_golden(folder, NAME, cases)


def caption(rng, scene):
    colour, shape, ground = scene
    return world.pick(rng, TEMPLATES).format(f'{colour} {shape}', ground=ground)


def export_clip(model, path, masked=True):
    """masked: whether the graph is told which tokens of a text count."""
    text = ('text_batch_size', 'sequence_length' if masked else 64)
    width = getattr(model.config, 'projection_dim', None) or model.config.text_config.hidden_size
    inputs = {
        'input_ids': text,
        'pixel_values': ('image_batch_size', 3, pictures.SIZE, pictures.SIZE),
    }
    if masked:
        inputs['attention_mask'] = text
    outputs = {
        'logits_per_image': ('image_batch_size', 'text_batch_size'),
        'logits_per_text': ('text_batch_size', 'image_batch_size'),
        'text_embeds': ('text_batch_size', width),
        'image_embeds': ('image_batch_size', width),
    }

    def run(model, tensors):
        answer = model(**tensors)
        return tuple(getattr(answer, name) for name in outputs)

    def example(texts, images, length, hidden=0):
        length = length if masked else 64
        ids = torch.randint(0, model.config.text_config.vocab_size - 2, (texts, length))
        ids[:, -1] = model.config.text_config.eos_token_id
        mask = torch.ones(texts, length, dtype=torch.int64)
        if hidden:
            ids[0, -hidden - 1:], mask[0, -hidden:] = model.config.text_config.eos_token_id, 0
        return {'input_ids': ids, **({'attention_mask': mask} if masked else {}), **noise({'pixel_values': inputs['pixel_values']}, {'image_batch_size': images})}

    return export(model, run, inputs, outputs, path, [example(3, 2, 7), example(1, 1, 4), example(4, 1, 9, 3), example(1, 3, 2)])
