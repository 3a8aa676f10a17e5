"""
Small pictures in every form that people send, and the RGB values that transformers sees in them: `load_image` turns a
picture upright after its EXIF orientation and converts it to RGB with Pillow. Needs Pillow and numpy alone.
"""

import base64
import json
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

FORMS = Path(__file__).parent / 'pictures' / 'forms'
WIDTH, HEIGHT = 16, 8


def drawn():
    """A smooth picture without symmetry, which no wrong turn leaves as it is: uint8 [8, 16, 3]."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([x * 15 + 7, y * 30 + 10, 240 - x * 9 - y * 11], axis=-1).astype(np.uint8)


def oriented(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def build():
    shutil.rmtree(FORMS, ignore_errors=True)
    FORMS.mkdir(parents=True)
    colour = Image.fromarray(drawn())
    grey = colour.convert('L')
    clear = colour.convert('RGBA')
    clear.putalpha(grey)
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257 - 100)
    few = colour.quantize(12)
    for turn in range(1, 9):
        colour.save(FORMS / f'turned-{turn}.jpg', quality=95, subsampling=0, exif=oriented(turn))
    for kind in ('png', 'webp', 'tif'):
        colour.save(FORMS / f'turned-6.{kind}', **({'lossless': True} if kind == 'webp' else {}), exif=oriented(6))
    for mode in ('L', 'LA', '1', 'P', 'RGB', 'RGBA'):
        source = clear if mode in ('LA', 'RGBA') else colour
        source.convert(mode).save(FORMS / f'mode-{mode.lower()}.png')
    few.save(FORMS / 'palette-clear.png', transparency=3)
    few.save(FORMS / 'palette-4-bits.png', bits=4)
    few.save(FORMS / 'palette.gif')
    few.save(FORMS / 'frames.gif', save_all=True, append_images=[few.rotate(180)], duration=100, disposal=2)
    colour.save(FORMS / 'key.png', transparency=tuple(int(value) for value in drawn()[3, 5]))
    deep.save(FORMS / 'grey-16.png')
    deep.save(FORMS / 'grey-16.tif')
    grey.save(FORMS / 'grey.jpg', quality=95)
    grey.save(FORMS / 'grey.tif')
    colour.save(FORMS / 'colour.tif', compression='tiff_lzw')
    few.save(FORMS / 'palette.tif')
    colour.convert('CMYK').save(FORMS / 'cmyk.jpg', quality=95)
    colour.convert('CMYK').save(FORMS / 'cmyk.tif')
    colour.save(FORMS / 'lossy.webp', quality=90)
    clear.save(FORMS / 'clear.webp', lossless=True, exact=True)
    colour.save(FORMS / 'half-colour.jpg', quality=90, subsampling=2)
    colour.save(FORMS / 'progressive.jpg', quality=90, progressive=True, subsampling=0)
    # sixteen bits per colour: Pillow writes none, so the file is put together here
    (FORMS / 'colour-16.png').write_bytes(png_16(drawn().astype(np.uint16) * 257 - 100))
    seen = {}
    for path in sorted(FORMS.iterdir()):
        picture = ImageOps.exif_transpose(Image.open(path)).convert('RGB')
        seen[path.name] = [*picture.size, base64.b64encode(picture.tobytes()).decode()]
    lines = ',\n  '.join(f'{json.dumps(name)}: {json.dumps(values)}' for name, values in seen.items())
    (FORMS / 'forms.json').write_text('{\n  ' + lines + '\n}\n')
    print(f'  {len(seen)} forms')


def png_16(values):
    """uint16 [height, width, 3] -> the bytes of a file."""

    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    height, width, _ = values.shape
    rows = b''.join(b'\0' + row.astype('>u2').tobytes() for row in values)
    head = struct.pack('>IIBBBBB', width, height, 16, 2, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


if __name__ == '__main__':
    build()
