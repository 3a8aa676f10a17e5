"""Draws chest X-ray-like pictures with numpy. Synthetic: no patient's data, no medical value.

A picture is a sum of shadows on a film: soft tissue, two dark lungs, heart, spine, ribs, collar bones, vessels; then the
signs of one finding; then what varies between films whatever the finding (exposure, rotation, blur, grain, cables).
Brightness runs from 0 (black, air) to 1 (white, bone). Positions are in units of half the picture: x and y from -1 to 1,
y downwards; as on a film, the patient's left side is on the picture's right.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

FINDINGS = ['正常', '肺炎', '肺结核', '肺癌', '胸腔积液']
SIDES = (-1, 1)


@dataclass(frozen=True)
class Body:
    """One patient on one film. Two pictures of the same size differ in all of these."""

    x: np.ndarray  # float32 [height, width], already shifted, turned and scaled
    y: np.ndarray
    apex: float  # y of the lungs' tops
    base: dict  # side -> y of the diaphragm's dome
    inner: float  # distance of the lungs' inner edge from the middle
    outer: float  # distance of the lungs' outer edge from the middle, at the widest point
    lungs: dict  # side -> soft mask, 1 inside


def draw(finding, rng, size=(224, 224), film='clinic'):
    """One picture as uint8 [height, width]. `film='portable'` is a harder kind: more noise, worse exposure, more cables."""
    body = place(rng, size)
    picture = anatomy(body, rng)
    picture = SIGNS[FINDINGS[finding]](body, picture, rng)
    return expose(body, picture, rng, film)


def place(rng, size):
    height, width = size
    y, x = np.meshgrid(np.linspace(-1, 1, height, dtype=np.float32), np.linspace(-1, 1, width, dtype=np.float32), indexing='ij')
    angle, scale = rng.normal(0, 0.03), rng.uniform(0.9, 1.1)
    x, y = x - rng.normal(0, 0.04), y - rng.normal(0, 0.04)
    x, y = (x * np.cos(angle) - y * np.sin(angle)) / scale, (x * np.sin(angle) + y * np.cos(angle)) / scale
    x, y = x.astype(np.float32), y.astype(np.float32)
    apex, inner, outer = rng.uniform(-0.84, -0.72), rng.uniform(0.09, 0.14), rng.uniform(0.66, 0.78)
    base = {-1: rng.uniform(0.3, 0.52)}
    base[1] = base[-1] + rng.uniform(0.0, 0.08)  # the liver lifts the right dome
    lungs = {side: lung(x * side, y, apex, base[side], inner, outer) for side in SIDES}
    return Body(x, y, apex, base, inner, outer, lungs)


def lung(x, y, apex, base, inner, outer):
    """Narrow at the top, widest near the base, cut below by a dome whose outer end dips into a sharp angle."""
    depth = np.clip((y - apex) / (base + 0.25 - apex), 0, 1)
    edge = outer * width(depth)
    middle = (edge + inner) / 2
    dome = base + 1.1 * np.clip(np.abs(x - middle * 0.9), 0, 1) ** 2 + 0.25 * np.clip(x - middle, 0, 1)
    return step(edge - x, 0.02) * step(x - inner, 0.025) * step(dome - y, 0.012) * step(y - apex, 0.02)


def width(depth):
    """The lung's width at a depth between its top (0) and its lowest point (1), as a share of its widest."""
    return np.sin(np.pi / 2 * np.clip(depth, 0, 1) ** 0.62) ** 0.9


def anatomy(body, rng):
    x, y = body.x, body.y
    trunk = step(0.9 + 0.06 * y - np.abs(x), 0.04) * np.maximum(step(y + 0.72 - 0.25 * np.abs(x), 0.06), step(0.3 - np.abs(x), 0.05))
    picture = 0.04 + trunk * (rng.uniform(0.5, 0.6) + 0.08 * y)
    air = np.maximum(body.lungs[-1], body.lungs[1])
    picture -= air * rng.uniform(0.3, 0.4) * (1 + 0.12 * cloud(rng, x.shape, 4))
    picture -= rng.uniform(0.05, 0.12) * step(0.045 - np.abs(x), 0.015) * step(-0.28 - y, 0.05)  # windpipe
    picture += np.maximum(air, 0.25 * trunk) * mediastinum(body, rng) + spine(body, rng) + ribs(body, rng) + collar_bones(body, rng)
    picture += air * vessels(body, rng)
    if rng.random() < 0.4:  # gas in the stomach
        picture -= 0.12 * blob(x - rng.uniform(0.25, 0.4), y - body.base[1] - rng.uniform(0.16, 0.24), 0.1, 0.05)
    if rng.random() < 0.4:  # breast shadows
        for side in SIDES:
            picture += rng.uniform(0.02, 0.06) * step(0.3 - np.hypot(x * side - 0.42, (y - 0.28) * 0.9), 0.04)
    return picture


def mediastinum(body, rng):
    x, y = body.x, body.y
    size = rng.uniform(0.85, 1.2)
    heart = step(1 - np.hypot((x - 0.14 * size) / (0.3 * size), (y + 0.6 * x - body.base[1] + 0.1) / (0.34 * size)), 0.08)
    knob = step(0.085 - np.hypot(x - 0.1, y + 0.32), 0.02)
    band = step(body.inner + 0.015 - np.abs(x), 0.03) * step(y + 0.8, 0.1)
    return rng.uniform(0.24, 0.32) * np.maximum(np.maximum(heart, 0.8 * knob), 0.5 * band)


def spine(body, rng):
    x, y = body.x, body.y
    vertebrae = 0.7 + 0.3 * np.cos(2 * np.pi * y / rng.uniform(0.13, 0.16))
    return rng.uniform(0.05, 0.11) * blob(x, 0, 0.06, 1) * vertebrae


def ribs(body, rng):
    """Behind, from the spine outwards and down; in front, fainter and steeper the other way."""
    x, y = np.abs(body.x), body.y
    gap, bright, top = rng.uniform(0.15, 0.18), rng.uniform(0.05, 0.1), body.apex + rng.uniform(0.03, 0.1)
    slope, drop = rng.uniform(-0.15, 0.0), rng.uniform(0.5, 0.8)
    total = np.zeros_like(x)
    for index in range(9):
        behind = top + index * gap + slope * x + drop * x**2 - 0.06
        front = top + (index + 1.3) * gap + 0.35 * (0.75 - x) - 0.1
        fade = step(0.85 - x, 0.05) * step(x - 0.06, 0.02) * step(body.base[-1] + 0.35 - y, 0.3)
        total += bright * fade * (strip(y - behind, 0.03) + 0.5 * step(x - 0.3, 0.08) * strip(y - front, 0.033))
    return total


def collar_bones(body, rng):
    total = np.zeros_like(body.x)
    for side in SIDES:
        slope, start = rng.uniform(0.15, 0.35), body.apex + rng.uniform(0.12, 0.2)
        along = body.x * side
        total += rng.uniform(0.07, 0.13) * strip(body.y - start + slope * along, 0.03) * step(along - 0.08, 0.02) * step(0.9 - along, 0.05)
    return total


def vessels(body, rng):
    """Streaks that leave each hilum in all directions and thin out towards the edge of the lung."""
    total = 0.03 * cloud(rng, body.x.shape, 28)
    for side in SIDES:
        x, y = body.x * side - body.inner - 0.07, body.y + 0.02
        total += rng.uniform(0.06, 0.14) * blob(x, y, 0.07, 0.12)
        distance, angle = np.hypot(x, y), np.arctan2(y, x)
        strength = rng.uniform(0.04, 0.1)
        for direction in rng.uniform(-1.5, 1.5, 14):
            bend = direction + rng.normal(0, 0.6) * distance
            total += strength * blob((angle - bend) * distance, 0, 0.012 - 0.006 * np.clip(distance, 0, 1), 1) * np.exp(-distance / 0.28)
    return total


def nothing(body, picture, rng):
    return picture


def pneumonia(body, picture, rng):
    """One to three fluffy patches without a clear edge, mostly in the lower half; air in the bronchi shows as dark streaks."""
    for _ in range(rng.integers(1, 4)):
        side = rng.choice(SIDES)
        cx, cy = spot(body, side, rng, (0.2, 0.95) if rng.random() < 0.2 else (0.45, 0.95))
        reach = rng.uniform(0.13, 0.28)
        envelope = blob(body.x - cx, body.y - cy, reach, reach * rng.uniform(0.7, 1.2))
        texture = np.clip(0.75 + 0.55 * cloud(rng, body.x.shape, 9) + 0.3 * cloud(rng, body.x.shape, 20), 0, 1.4)
        streaks = 1 - 0.35 * np.clip(cloud(rng, body.x.shape, 24), 0, 1)
        picture = picture + body.lungs[side] * rng.uniform(0.13, 0.3) * envelope * texture * streaks
    return picture


def tuberculosis(body, picture, rng):
    """Small nodules and scars in the top third, often with a cavity: a dark hole inside a bright ring."""
    sides = SIDES if rng.random() < 0.4 else (rng.choice(SIDES),)
    for side in sides:
        cx, cy = spot(body, side, rng, (0.12, 0.35))
        strength = rng.uniform(0.1, 0.25)
        signs = np.zeros_like(picture)
        for _ in range(rng.integers(5, 14)):
            nx, ny, radius = cx + rng.normal(0, 0.1), cy + rng.normal(0, 0.09), rng.uniform(0.012, 0.032)
            signs += strength * blob(body.x - nx, body.y - ny, radius, radius)
        for _ in range(rng.integers(1, 4)):
            turn, px, py = rng.uniform(0, np.pi), cx + rng.normal(0, 0.06), cy + rng.normal(0, 0.06)
            across = (body.x - px) * np.sin(turn) + (body.y - py) * np.cos(turn)
            signs += 0.6 * strength * blob(across, 0, 0.008, 1) * blob(body.x - px, body.y - py, 0.09, 0.09)
        if rng.random() < 0.55:
            radius = rng.uniform(0.045, 0.09)
            distance = np.hypot(body.x - cx, (body.y - cy) * rng.uniform(0.8, 1.2))
            signs += 1.2 * strength * blob(distance - radius, 0, 0.014, 1) - 0.5 * strength * step(radius - distance, 0.01)
        picture = picture + body.lungs[side] * signs
    return picture


def cancer(body, picture, rng):
    """One dense mass, rounded or lobed, its edge far sharper than that of pneumonia; some send out fine spikes."""
    side = rng.choice(SIDES)
    cx, cy = spot(body, side, rng, (0.2, 0.85))
    radius = rng.uniform(0.055, 0.15)
    distance, angle = np.hypot(body.x - cx, body.y - cy), np.arctan2(body.y - cy, body.x - cx)
    phase = rng.uniform(0, 2 * np.pi, 3)
    edge = radius * (1 + 0.1 * np.sin(2 * angle + phase[0]) + 0.07 * np.sin(3 * angle + phase[1]))
    mass = step(edge - distance, rng.uniform(0.008, 0.02)) * (1 - 0.15 * (distance / radius) ** 2)
    strength = rng.uniform(0.14, 0.3)
    if rng.random() < 0.5:
        spikes = np.clip(np.sin(rng.integers(9, 16) * angle + phase[2]), 0, 1) ** 4
        mass = np.maximum(mass, 0.5 * spikes * np.exp(-np.clip(distance - radius, 0, None) / 0.04) * step(distance - radius * 0.8, 0.02))
    return picture + body.lungs[side] * strength * np.clip(mass, 0, 1)


def effusion(body, picture, rng):
    """Fluid at the bottom: it hides the diaphragm and its outer angle, and its upper edge climbs along the chest wall."""
    sides = SIDES if rng.random() < 0.25 else (rng.choice(SIDES),)
    for side in sides:
        lateral = np.clip((body.x * side - body.inner) / (body.outer - body.inner), 0, 1.1)
        level = body.base[side] + 0.1 - rng.uniform(0.02, 0.6)
        surface = level + rng.uniform(0.08, 0.16) - rng.uniform(0.2, 0.34) * lateral**2
        fluid = step(body.y - surface, rng.uniform(0.015, 0.05))
        picture = picture + body.lungs[side] * fluid * rng.uniform(0.22, 0.34)
    return picture


SIGNS = dict(zip(FINDINGS, (nothing, pneumonia, tuberculosis, cancer, effusion), strict=True))


def spot(body, side, rng, depth):
    """A point inside one lung; `depth` is the range from its top (0) to its dome (1)."""
    fraction = rng.uniform(*depth)
    cy = body.apex + fraction * (body.base[side] - body.apex)
    edge = body.outer * width(fraction * 0.75)
    return side * rng.uniform(body.inner + 0.12, max(edge - 0.1, body.inner + 0.14)), cy


def expose(body, picture, rng, film):
    """What depends on the film and not on the finding, so that none of it can give the finding away."""
    portable = film == 'portable'
    shape = picture.shape
    picture = picture + rng.uniform(0.01, 0.03) * cloud(rng, shape, 3)
    for _ in range(rng.integers(1, 4) if portable else rng.integers(0, 2)):
        picture = picture + cable(body, rng)
    if rng.random() < 0.5:
        picture = picture + side_marker(body, rng)
    picture = np.clip(picture, 0, 1) ** rng.uniform(*((0.65, 1.5) if portable else (0.8, 1.25)))
    picture = 0.5 + (picture - 0.5) * rng.uniform(*((0.65, 1.25) if portable else (0.85, 1.2))) + rng.normal(0, 0.04)
    picture = blur(picture, rng.uniform(0.8, 1.8) if portable else rng.uniform(0.4, 1.0))
    grain = rng.uniform(0.02, 0.05) if portable else rng.uniform(0.008, 0.025)
    picture = picture + rng.normal(0, grain, shape) * (0.5 + np.sqrt(np.clip(picture, 0, 1)))
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


def cable(body, rng):
    """An ECG lead: a thin bright curve that ends in a small disc."""
    start, slope, bend = rng.uniform(-0.6, 0.6), rng.normal(0, 0.4), rng.normal(0, 0.4)
    end = rng.uniform(-0.5, 0.6)
    line = strip(body.x - start - slope * body.y - bend * body.y**2, 0.008) * step(end - body.y, 0.01)
    disc = step(0.03 - np.hypot(body.x - start - slope * end - bend * end**2, body.y - end), 0.006)
    return 0.2 * np.maximum(line, disc)


def side_marker(body, rng):
    """The lead letter L in a corner."""
    side = rng.choice(SIDES)
    x, y = body.x - side * 0.8, body.y + rng.uniform(0.75, 0.88)
    stem = step(0.012 - np.abs(x), 0.004) * step(0.05 - np.abs(y), 0.004)
    foot = step(0.03 - np.abs(x - 0.02), 0.004) * step(0.012 - np.abs(y - 0.045), 0.004)
    return 0.4 * np.maximum(stem, foot)


def step(distance, softness):
    """0 far below zero, 1 far above, with a soft edge."""
    return 1 / (1 + np.exp(np.clip(-4 * distance / softness, -40, 40)))


def blob(x, y, width, height):
    return np.exp(-((x / width) ** 2) - (y / height) ** 2)


def strip(distance, width):
    """A band with slightly brighter rims, as hollow bones have."""
    inside = step(width - np.abs(distance), width / 3)
    return inside * (0.7 + 0.3 * (np.abs(distance) / width).clip(0, 1) ** 2)


def cloud(rng, shape, cells):
    """Smooth noise around 0, `cells` bumps across the picture."""
    coarse = Image.fromarray(rng.normal(0, 1, (cells, cells)).astype(np.float32))
    return np.asarray(coarse.resize((shape[1], shape[0]), Image.Resampling.BICUBIC))


def blur(picture, radius):
    """Gaussian blur, `radius` in pixels of a picture 224 high."""
    radius *= picture.shape[0] / 224
    reach = int(np.ceil(3 * radius))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / radius) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        padded = np.pad(picture, [(reach, reach) if axis == which else (0, 0) for which in (0, 1)], mode='edge')
        length = picture.shape[axis]
        picture = sum(weight * np.take(padded, range(index, index + length), axis) for index, weight in enumerate(kernel))
    return picture
