"""Train the chest X-ray example and export it to model/model.onnx. Synthetic pictures; not for diagnosis.

    python train.py

Every picture is drawn by xray.py from the numbers (seed, split, index), so nothing has to be downloaded and a picture of
the held-out splits is never seen in training. Writes model/ (what is served), samples/ (pictures to try) and golden.json
(pictures and the answers a server has to give for them).
"""

import json
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported

import numpy as np
import onnx
import onnxruntime
import torch
from PIL import Image
from torch import nn

import xray

HERE = Path(__file__).parent
MODEL = HERE / 'model'
SAMPLES = HERE / 'samples'
SEED = 20261123
SPLITS = {'train': 4500, 'validation': 500, 'test': 1000, 'portable': 500, 'samples': 40}
SIZE = 224
MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)  # of ImageNet, what image models are usually given
STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)
EPOCHS = 12
BATCH = 32
TOLERANCE = 1e-4


def draw(split, index, size=(SIZE, SIZE)):
    """The picture number `index` of a split; its finding is `index` modulo the number of findings."""
    rng = np.random.default_rng([SEED, list(SPLITS).index(split), index])
    film = 'portable' if split == 'portable' else 'clinic'
    return xray.draw(index % len(xray.FINDINGS), rng, size, film)


def dataset(split):
    """Pictures uint8 [n, 224, 224] and findings int64 [n]."""
    count = SPLITS[split]
    with ProcessPoolExecutor() as pool:
        pictures = list(pool.map(draw, [split] * count, range(count), chunksize=50))
    return torch.from_numpy(np.stack(pictures)), torch.arange(count) % len(xray.FINDINGS)


def preprocess(picture):
    """What the server does with an upload. PIL image -> float32 [3, 224, 224]."""
    picture = picture.convert('RGB')
    if picture.size != (SIZE, SIZE):
        picture = picture.resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    scaled = np.asarray(picture, dtype=np.float32) / 255
    return ((scaled - MEAN) / STD).transpose(2, 0, 1)


def normalise(grey):
    """The same for many grey pictures at once. uint8 [n, 224, 224] -> float32 [n, 3, 224, 224]."""
    scaled = grey.float().div(255).unsqueeze(1)
    pixels = (scaled - torch.from_numpy(MEAN).view(1, 3, 1, 1)) / torch.from_numpy(STD).view(1, 3, 1, 1)
    return pixels.contiguous(memory_format=torch.channels_last)


class Network(nn.Module):
    """Six convolutions down to 14 x 14 places; the strongest and the mean answer of each feature over all places decide."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width, kernel, stride in ((16, 5, 2), (32, 3, 2), (48, 3, 2), (48, 3, 1), (96, 3, 2), (96, 3, 1)):
            layers += [nn.Conv2d(channels, width, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(2 * channels, len(xray.FINDINGS)))

    def forward(self, pixel_values):
        features = self.features(pixel_values)
        return self.classifier(torch.cat([features.amax((2, 3)), features.mean((2, 3))], dim=1))


def vary(grey):
    """Slightly moved, brighter or darker, of more or less contrast, grainier. Never mirrored: the heart has a side."""
    down, right = (int(value) for value in torch.randint(-10, 11, (2,)))
    moved = torch.roll(grey, (down, right), (1, 2)).float()
    gain, offset, grain = 1 + 0.15 * torch.randn(len(grey), 1, 1), 10 * torch.randn(len(grey), 1, 1), 8 * torch.rand(len(grey), 1, 1)
    return ((moved - 128) * gain + 128 + offset + grain * torch.randn_like(moved)).clamp(0, 255)


def train(pictures, findings, validation):
    torch.manual_seed(SEED)
    network = Network().to(memory_format=torch.channels_last)  # the faster layout for convolutions on a CPU
    steps = EPOCHS * (len(pictures) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps, pct_start=0.2)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(EPOCHS):
        network.train()
        total = 0.0
        for batch in torch.randperm(len(pictures))[: steps // EPOCHS * BATCH].split(BATCH):
            optimizer.zero_grad()
            loss = loss_of(network(normalise(vary(pictures[batch]))), findings[batch])
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        accuracy = (answers(network, validation[0]).argmax(1) == validation[1]).float().mean()
        print(f'epoch {epoch + 1:2}: loss {total / len(pictures):.3f}, validation accuracy {accuracy:.3f}', flush=True)
    return network.eval()


@torch.no_grad()
def answers(network, pictures):
    network.eval()
    return torch.cat([network(normalise(part)).softmax(1) for part in pictures.split(100)])


def report(title, network, data):
    pictures, findings = data
    predicted = answers(network, pictures).argmax(1)
    count = len(xray.FINDINGS)
    confusion = torch.bincount(findings * count + predicted, minlength=count**2).view(count, count)
    print(f'\n{title}: accuracy {(predicted == findings).float().mean():.3f} on {len(findings)} pictures')
    print('| truth \\ answer | ' + ' | '.join(xray.FINDINGS) + ' | recall | precision |')
    print('|---' * (count + 3) + '|')
    for index, row in enumerate(confusion.tolist()):
        recall, precision = row[index] / sum(row), row[index] / max(1, confusion[:, index].sum().item())
        print(f'| {xray.FINDINGS[index]} | ' + ' | '.join(map(str, row)) + f' | {recall:.3f} | {precision:.3f} |')


def export(network):
    MODEL.mkdir(exist_ok=True)
    program = torch.onnx.export(
        network,
        (torch.zeros(2, 3, SIZE, SIZE),),
        input_names=['pixel_values'],
        output_names=['logits'],
        dynamic_shapes={'pixel_values': {0: 'batch'}},
        opset_version=18,
        dynamo=True,
        verbose=False,
    )
    proto = program.model_proto
    del proto.graph.value_info[:]  # shapes of the trace, not needed and in the way of quantization tools
    for node in proto.graph.node:
        del node.metadata_props[:]  # stack traces with this machine's paths
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, MODEL / 'model.onnx')
    labels = xray.FINDINGS
    write_json(MODEL / 'labels.json', labels)
    write_json(
        MODEL / 'config.json',
        {
            'model_type': 'synthetic-chest-xray-cnn',
            'architectures': ['Network'],
            'num_channels': 3,
            'image_size': SIZE,
            'id2label': {str(index): label for index, label in enumerate(labels)},
            'label2id': {label: index for index, label in enumerate(labels)},
            'gantry': {
                'disclaimer': '合成数据训练的演示模型,不得用于诊断。 Demonstration trained on synthetic pictures, not for diagnosis.'
            },
        },
    )
    write_json(
        MODEL / 'preprocessor_config.json',
        {
            'image_processor_type': 'ViTImageProcessor',
            'do_convert_rgb': True,
            'do_resize': True,
            'size': {'height': SIZE, 'width': SIZE},
            'resample': 2,  # bilinear, as PIL numbers it
            'do_rescale': True,
            'rescale_factor': 1 / 255,
            'do_normalize': True,
            'image_mean': [0.485, 0.456, 0.406],
            'image_std': [0.229, 0.224, 0.225],
        },
    )


def check(network, pictures):
    """The held-out pictures through torch and onnxruntime, in batches of an odd size."""
    session = onnxruntime.InferenceSession(MODEL / 'model.onnx', providers=['CPUExecutionProvider'])
    largest = 0.0
    for part in pictures.split(7):
        pixels = normalise(part)
        with torch.no_grad():
            expected = network(pixels).numpy()
        largest = max(largest, np.abs(session.run(['logits'], {'pixel_values': pixels.numpy()})[0] - expected).max())
    assert largest < TOLERANCE, f'ONNX differs from torch by {largest}'
    print(f'\nONNX equals torch on {len(pictures)} pictures, largest difference of a logit {largest:.1e}')
    return session


def write_samples(network):
    """One picture of each finding at the model's own size, and one larger JPEG in colour mode that has to be resized."""
    SAMPLES.mkdir(exist_ok=True)
    names = ['normal', 'pneumonia', 'tuberculosis', 'cancer', 'effusion']
    files = []
    for finding, name in enumerate(names):
        candidates = range(finding, SPLITS['samples'], len(names))
        clearest = max(candidates, key=lambda index: answers(network, torch.from_numpy(draw('samples', index))[None])[0, finding])
        files.append((f'{name}.png', finding))
        Image.fromarray(draw('samples', clearest)).save(SAMPLES / files[-1][0], optimize=True)
        if name == 'effusion':
            files.append((f'{name}-large.jpg', finding))
            Image.fromarray(draw('samples', clearest, (480, 512))).convert('RGB').save(SAMPLES / files[-1][0], quality=85)
    return files


def write_golden(session, files):
    """`pixels` samples the tensor: [channel, row, column, value]. A resized picture depends on the resizing library: looser."""
    places = [(c, row, column) for c in range(3) for row, column in ((0, 0), (13, 200), (77, 64), (112, 112), (150, 31), (223, 223))]
    cases = []
    for file, finding in files:
        with Image.open(SAMPLES / file) as picture:
            resized = picture.size != (SIZE, SIZE)
            pixels = preprocess(picture)
        logits = session.run(['logits'], {'pixel_values': pixels[None]})[0][0]
        probabilities = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        cases.append(
            {
                'file': f'samples/{file}',
                'truth': xray.FINDINGS[finding],
                'tolerance': 0.05 if resized else TOLERANCE,
                'pixels': [[c, row, column, round(float(pixels[c, row, column]), 6)] for c, row, column in places],
                'channelMeans': [round(float(mean), 6) for mean in pixels.mean((1, 2), dtype=np.float64)],
                'logits': [round(float(value), 6) for value in logits],
                'label': xray.FINDINGS[int(probabilities.argmax())],
                'probabilities': [round(float(value), 7) for value in probabilities],
            }
        )
    lines = ',\n    '.join(json.dumps(case, ensure_ascii=False) for case in cases)  # one picture per line
    text = f'{{\n  "labels": {json.dumps(xray.FINDINGS, ensure_ascii=False)},\n  "cases": [\n    {lines}\n  ]\n}}\n'
    (HERE / 'golden.json').write_text(text, encoding='utf-8')


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + '\n', encoding='utf-8')


def main():
    train_set, validation, test, portable = (dataset(split) for split in ('train', 'validation', 'test', 'portable'))
    network = train(*train_set, validation)
    print(f'{sum(weight.numel() for weight in network.parameters())} parameters')
    report('Held-out pictures', network, test)
    report('Held-out portable films (noise and exposure never seen in training)', network, portable)
    export(network)
    session = check(network, test[0])
    write_golden(session, write_samples(network))


if __name__ == '__main__':
    main()
