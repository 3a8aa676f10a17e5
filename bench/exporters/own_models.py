"""Networks as people write them themselves with torch.nn."""

import numpy as np
import torch
from torch import nn

from store import ROWS
from torch_models import VOCABULARY, Piece

LENGTH = 7


def tokens(random):
    return {'ids': random.integers(1, VOCABULARY, (ROWS, LENGTH))}


def of_tokens(module, random, output='logits'):
    return Piece(module, tokens(random), {'ids': {0: 'batch', 1: 'sequence'}}, [output])


def of_numbers(module, random, shape, free=(), output='y'):
    rows = {'x': random.standard_normal((ROWS, *shape)).astype(np.float32)}
    return Piece(module, rows, {'x': {0: 'batch', **dict(free)}}, [output])


class TransformerClassifier(nn.Module):
    """nn.TransformerEncoder with a mask of what is padding, and the mean of the rest."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, 32)
        layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(32, 3)

    def forward(self, ids):
        states = self.layers(self.table(ids), src_key_padding_mask=ids == 0)
        return self.head(states.mean(1))


class Recurrent(nn.Module):
    """Embedding, a recurrent network, and a layer on the last state or on each step."""

    def __init__(self, kind, each=False, **more):
        super().__init__()
        self.table = nn.Embedding(VOCABULARY, 16)
        self.cells = kind(16, 16, batch_first=True, **more)
        self.head = nn.Linear(32 if more.get('bidirectional') else 16, 3)
        self.each = each

    def forward(self, ids):
        states, _ = self.cells(self.table(ids))
        return self.head(states if self.each else states[:, -1])


def perceptron():
    return nn.Sequential(
        nn.Linear(10, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 3), nn.Softmax(dim=1)
    )


def autoencoder():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, 2, 1),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, 2, 1),
        nn.ReLU(),
        nn.ConvTranspose2d(16, 8, 2, 2),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 1, 2, 2),
        nn.Sigmoid(),
    )


class Segmenter(nn.Module):
    """A small U-Net: half the size, twice the size again, and both joined."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.SiLU())
        self.middle = nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), nn.InstanceNorm2d(16), nn.SiLU())
        self.up = nn.ConvTranspose2d(16, 8, 2, 2)
        self.last = nn.Conv2d(16, 2, 1)

    def forward(self, x):
        side = self.down(x)
        larger = self.up(self.middle(side))
        joined = torch.cat((side, larger), 1)
        return nn.functional.interpolate(self.last(joined), size=x.shape[-2:], mode='bilinear', align_corners=False)


class Forecaster(nn.Module):
    """Each series is set to its own mean and width, goes through convolutions over time, and is set back."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv1d(4, 16, 3, padding=2, dilation=2), nn.GELU(), nn.Conv1d(16, 4, 3, padding=1))
        self.head = nn.Linear(24, 6)

    def forward(self, x):
        mean, width = x.mean(1, keepdim=True), x.std(1, keepdim=True) + 1e-5
        steps = self.head(self.body(((x - mean) / width).transpose(1, 2)))
        return steps.transpose(1, 2) * width + mean


OWN = {
    'transformer-encoder': lambda random: of_tokens(TransformerClassifier(), random),
    'lstm-classifier': lambda random: of_tokens(Recurrent(nn.LSTM), random),
    'gru-tagger': lambda random: of_tokens(Recurrent(nn.GRU, each=True, bidirectional=True), random),
    'perceptron': lambda random: of_numbers(perceptron(), random, (10,)),
    'autoencoder': lambda random: of_numbers(autoencoder(), random, (1, 28, 28)),
    'segmenter': lambda random: of_numbers(Segmenter(), random, (3, 32, 32)),
    'segmenter-free-size': lambda random: of_numbers(Segmenter(), random, (3, 32, 32), {2: 'height', 3: 'width'}),
    'forecaster': lambda random: of_numbers(Forecaster(), random, (24, 4)),
}
