"""Convolutional networks: those of torchvision, a detector as large as YOLOv8n, and a classifier of lines of text."""

import torch
import torchvision
from torch import nn

from torch_models import Piece, picture


def conv(channels_in, channels_out, kernel=3, stride=1, act=nn.SiLU):
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
        act(),
    )


class Bottleneck(nn.Module):
    def __init__(self, width, adds):
        super().__init__()
        self.adds = adds
        self.body = nn.Sequential(conv(width, width), conv(width, width))

    def forward(self, x):
        return x + self.body(x) if self.adds else self.body(x)


class Crossing(nn.Module):
    """Two branches of half the width, one through bottlenecks whose every answer is kept (C2f)."""

    def __init__(self, channels_in, channels_out, depth=1, adds=True):
        super().__init__()
        self.half = channels_out // 2
        self.first = conv(channels_in, channels_out, 1)
        self.last = conv((2 + depth) * self.half, channels_out, 1)
        self.blocks = nn.ModuleList(Bottleneck(self.half, adds) for _ in range(depth))

    def forward(self, x):
        kept = list(self.first(x).chunk(2, 1))
        for block in self.blocks:
            kept.append(block(kept[-1]))
        return self.last(torch.cat(kept, 1))


class Pyramid(nn.Module):
    """Three pools of one size behind each other, joined (SPPF)."""

    def __init__(self, width):
        super().__init__()
        self.first = conv(width, width // 2, 1)
        self.last = conv(width * 2, width, 1)
        self.pool = nn.MaxPool2d(5, 1, 2)

    def forward(self, x):
        kept = [self.first(x)]
        for _ in range(3):
            kept.append(self.pool(kept[-1]))
        return self.last(torch.cat(kept, 1))


class Boxes(nn.Module):
    """Distances to the four sides as expected values of 16 bins, turned into centres and sizes, and scores."""

    def __init__(self, widths, classes, strides=(8, 16, 32), bins=16):
        super().__init__()
        self.strides, self.bins, self.classes = strides, bins, classes
        self.sides = nn.ModuleList(nn.Sequential(conv(w, 16), nn.Conv2d(16, 4 * bins, 1)) for w in widths)
        self.scores = nn.ModuleList(nn.Sequential(conv(w, 16), nn.Conv2d(16, classes, 1)) for w in widths)

    def centres(self, maps):
        points, scales = [], []
        for level, stride in zip(maps, self.strides):
            height, width = level.shape[-2:]
            y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing='ij')
            points.append(torch.stack((x, y), -1).view(-1, 2))
            scales.append(torch.full((height * width, 1), float(stride)))
        return torch.cat(points).transpose(0, 1), torch.cat(scales).transpose(0, 1)

    def forward(self, maps):
        answers = [torch.cat((s(x), c(x)), 1) for s, c, x in zip(self.sides, self.scores, maps)]
        batch, width = answers[0].shape[0], 4 * self.bins + self.classes
        joined = torch.cat([a.view(batch, width, -1) for a in answers], 2)
        sides, scores = joined.split((4 * self.bins, self.classes), 1)
        expected = sides.view(batch, 4, self.bins, -1).transpose(2, 1).softmax(1)
        weights = torch.arange(self.bins, dtype=torch.float32).view(1, self.bins, 1, 1)
        near, far = (expected * weights).sum(1).chunk(2, 1)
        points, scales = self.centres(maps)
        first, second = points.unsqueeze(0) - near, points.unsqueeze(0) + far
        boxes = torch.cat(((first + second) / 2, second - first), 1) * scales
        return torch.cat((boxes, scores.sigmoid()), 1)


class Detector(nn.Module):
    """The graph of YOLOv8n with a quarter of its widths: a backbone, a path up, a path down, three heads."""

    def __init__(self, classes=6):
        super().__init__()
        self.stem = nn.Sequential(conv(3, 8, 3, 2), conv(8, 16, 3, 2), Crossing(16, 16))
        self.third = nn.Sequential(conv(16, 16, 3, 2), Crossing(16, 16, 2))
        self.fourth = nn.Sequential(conv(16, 32, 3, 2), Crossing(32, 32, 2))
        self.fifth = nn.Sequential(conv(32, 64, 3, 2), Crossing(64, 64), Pyramid(64))
        self.up = nn.Upsample(scale_factor=2, mode='nearest')
        self.up4, self.up3 = Crossing(96, 32, adds=False), Crossing(48, 16, adds=False)
        self.down3, self.down4 = conv(16, 16, 3, 2), conv(32, 32, 3, 2)
        self.out4, self.out5 = Crossing(48, 32, adds=False), Crossing(96, 64, adds=False)
        self.boxes = Boxes((16, 32, 64), classes)

    def forward(self, pixel_values):
        third = self.third(self.stem(pixel_values))
        fourth = self.fourth(third)
        fifth = self.fifth(fourth)
        middle = self.up4(torch.cat((self.up(fifth), fourth), 1))
        small = self.up3(torch.cat((self.up(middle), third), 1))
        middle = self.out4(torch.cat((self.down3(small), middle), 1))
        large = self.out5(torch.cat((self.down4(middle), fifth), 1))
        return self.boxes((small, middle, large))


class LineClassifier(nn.Module):
    """A small MobileNet for pictures of lines of text, 48 high, with squeeze and excitation, and softmax at the end."""

    def __init__(self, classes=2):
        super().__init__()
        self.body = nn.Sequential(conv(3, 8, 3, 2, nn.Hardswish), conv(8, 16, 3, (2, 1), nn.Hardswish))
        self.squeeze = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(16, 4, 1), nn.ReLU(), nn.Conv2d(4, 16, 1), nn.Hardsigmoid()
        )
        self.tail = nn.Sequential(conv(16, 32, 3, (2, 1), nn.Hardswish), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1))
        self.head = nn.Linear(32, classes)

    def forward(self, pixel_values):
        x = self.body(pixel_values)
        return self.head(self.tail(x * self.squeeze(x)).flatten(1)).softmax(-1)


class LineReader(nn.Module):
    """Convolutions, a two-way LSTM along the width, and scores of characters for each step (CRNN)."""

    def __init__(self, characters=30):
        super().__init__()
        self.body = nn.Sequential(conv(3, 8, 3, 2, nn.ReLU), conv(8, 16, 3, (2, 1), nn.ReLU), nn.MaxPool2d((2, 1)))
        self.lstm = nn.LSTM(16 * 6, 16, bidirectional=True, batch_first=True)
        self.head = nn.Linear(32, characters)

    def forward(self, pixel_values):
        x = self.body(pixel_values)
        steps, _ = self.lstm(x.permute(0, 3, 1, 2).flatten(2))
        return self.head(steps).softmax(-1)


def line(module, random, free):
    import numpy as np

    from store import ROWS

    rows = {'pixel_values': random.standard_normal((ROWS, 3, 48, 96)).astype(np.float32)}
    return Piece(module, rows, {'pixel_values': {0: 'batch', **free}}, ['scores'])


def swin(random):
    model = torchvision.models.SwinTransformer([4, 4], 16, [1, 2], [2, 2], [4, 4], num_classes=5)
    return picture(model, random)


PICTURES = {
    'resnet-18': lambda random: picture(torchvision.models.resnet18(num_classes=5), random),
    'resnet-50': lambda random: picture(torchvision.models.resnet50(num_classes=5), random),
    'resnet-18-free-size': lambda random: picture(
        torchvision.models.resnet18(num_classes=5), random, free={2: 'height', 3: 'width'}
    ),
    'mobilenet-v2': lambda random: picture(torchvision.models.mobilenet_v2(width_mult=0.25, num_classes=5), random),
    'mobilenet-v3': lambda random: picture(torchvision.models.mobilenet_v3_small(num_classes=5), random),
    'efficientnet-b0': lambda random: picture(torchvision.models.efficientnet_b0(num_classes=5), random),
    'swin': swin,
    'detector': lambda random: picture(Detector(), random, size=96),
    'detector-free-size': lambda random: picture(Detector(), random, size=96, free={2: 'height', 3: 'width'}),
    'line-classifier': lambda random: line(LineClassifier(), random, {}),
    'line-classifier-free-width': lambda random: line(LineClassifier(), random, {3: 'width'}),
    'line-reader': lambda random: line(LineReader(), random, {3: 'width'}),
}
