"""Colour and shape of what a picture shows: ViTForImageClassification."""

import torch
from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessor, pipeline

import pictures
from exporting import export, noise
from folders import fresh, save, save_golden
from training import seeded, train

NAME = 'image-classification'


def vision(kind=ViTConfig, **extra):
    """The size of all eyes here."""
    return kind(
        image_size=pictures.SIZE, patch_size=8, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        initializer_range=0.1, **extra,
    )


def processor():
    return ViTImageProcessor(
        do_resize=True, size={'height': pictures.SIZE, 'width': pictures.SIZE}, resample=2,
        **pictures.processor_settings([0.5] * 3, [0.5] * 3),
    )


def build():
    rng = seeded(NAME)
    shown, scenes = pictures.learning_set(rng, 1500)
    labels = torch.tensor([pictures.CLASSES.index(f'{colour} {shape}') for colour, shape, _ in scenes])
    names = dict(enumerate(pictures.CLASSES))
    model = ViTForImageClassification(vision(id2label=names, label2id={name: i for i, name in names.items()}))
    folder = fresh(NAME)
    save(folder, model, processor=processor())

    def batch():
        chosen = torch.from_numpy(rng.integers(0, len(labels), 32))
        return {'pixel_values': (shown[chosen] - 0.5) / 0.5, 'labels': labels[chosen]}

    train(model, batch, 500)
    inputs = {'pixel_values': ('batch_size', 3, pictures.SIZE, pictures.SIZE)}
    export(
        model, lambda model, tensors: (model(**tensors).logits,), inputs, {'logits': ('batch_size', len(names))},
        folder / 'model.onnx', [noise(inputs, {'batch_size': count}) for count in (2, 1, 3)],
    )
    classify = pipeline(NAME, model=model, image_processor=processor())
    cases = []
    for name, path in pictures.files().items():
        # as the pipeline opens it: upright, and any transparency dropped
        prepared = classify.preprocess(str(path))['pixel_values']
        with torch.no_grad():
            logits = model(pixel_values=prepared).logits[0]
        case = {'input': f'../../pictures/{name}', **pictures.pixels(prepared), 'logits': logits}
        for parameters in [{}] + ([{'top_k': 2}, {'top_k': 3, 'function_to_apply': 'sigmoid'}] if not cases else []):
            cases.append({**case, 'parameters': parameters, 'output': classify(str(path), **parameters)})
    save_golden(folder, NAME, cases)


