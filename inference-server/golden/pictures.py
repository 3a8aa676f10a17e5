"""Pictures for the tasks that see: batches to learn from, and a few files of all the forms that people send."""

import numpy as np
import torch
from PIL import Image

import world
from folders import PICTURES
from training import seeded

SIZE = 32
CLASSES = [f'{colour} {shape}' for colour in world.COLOURS for shape in world.SHAPES]


def processor_settings(low, high):
    """What both picture processors share: how bytes become numbers."""
    return {'image_mean': low, 'image_std': high, 'do_rescale': True, 'rescale_factor': 1 / 255, 'do_normalize': True}


def learning_set(rng, count):
    """Pictures, already of the models' size, and the scenes they show: float32 [n, 3, 32, 32] in 0 … 1, [(colour, shape, ground)]."""
    scenes = [world.scene(rng) for _ in range(count)]
    drawn = [np.asarray(world.draw(*scene, rng, (SIZE, SIZE)), np.float32) / 255 for scene in scenes]
    return torch.from_numpy(np.stack(drawn).transpose(0, 3, 1, 2)), scenes


def files():
    """Paths of the pictures, drawn anew: {name: path}."""
    rng = seeded('pictures')
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob('*.*'):
        old.unlink()
    wide = world.draw('red', 'circle', 'white', rng, (96, 64))
    tall = world.draw('blue', 'square', 'grey', rng, (50, 75))
    small = world.draw('green', 'triangle', 'dark', rng, (20, 20))
    exact = world.draw('yellow', 'cross', 'dark', rng, (SIZE, SIZE))
    photo = world.draw('green', 'cross', 'white', rng, (120, 80))
    clear = world.draw('red', 'square', 'grey', rng, (64, 64)).convert('RGBA')
    clear.putalpha(Image.fromarray(np.where(np.asarray(clear)[..., 0] > 180, 255, 40).astype(np.uint8)))
    wide.save(PICTURES / 'red-circle-wide.png')
    tall.save(PICTURES / 'blue-square-tall.png')
    small.save(PICTURES / 'green-triangle-small.png')
    exact.save(PICTURES / 'yellow-cross-exact.png')
    exact.convert('L').save(PICTURES / 'cross-grey.png')
    wide.convert('P', palette=Image.Palette.ADAPTIVE, colors=16).save(PICTURES / 'red-circle-palette.png')
    clear.save(PICTURES / 'red-square-transparent.png')
    photo.save(PICTURES / 'green-cross.jpg', quality=92, subsampling=0)
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter to be upright
    photo.save(PICTURES / 'green-cross-turned.jpg', quality=92, subsampling=0, exif=turned)
    return {path.name: path for path in sorted(PICTURES.glob('*.*'))}


def pixels(tensor):
    """A few values and the means of one prepared picture, to find where a difference comes in: [[channel, y, x, value]]."""
    places = [(channel, y, x) for channel in range(3) for y, x in [(0, 0), (7, 19), (16, 16), (31, 2), (31, 31)]]
    return {
        'pixels': [[*place, float(tensor[0][place])] for place in places],
        'channel_means': tensor[0].mean((1, 2)),
    }
