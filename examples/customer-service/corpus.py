"""Turns the templates of data/ into sentences.

A line of a template file is `category<TAB>template`. In a template `(a|b)` picks one, `[a|b]` picks one or nothing, `{slot}`
takes a value from slots.json and `#` becomes a digit. A slot has two disjoint lists, `train` and `heldout`.
"""

import json
import re
from pathlib import Path

DATA = Path(__file__).parent / 'data'
CATEGORIES = ['商品信息', '订单状态', '退换货', '技术支持']
OTHER = '其他'  # none of the four
SLOTS = json.loads((DATA / 'slots.json').read_text(encoding='utf-8'))
TYPOS = SLOTS.pop('错字')
WIDE = str.maketrans(',?!', '，？！')


def read(name):
    """Pairs (category, rest of the line) of a file in data/."""
    lines = (DATA / name).read_text(encoding='utf-8').splitlines()
    return [tuple(line.split('\t')) for line in lines if line and not line.startswith('#')]


def sentences(name, split, per_template, rng):
    """Pairs (category, text): every template of a file `per_template` times, each time with other words around it."""
    pairs = [(category, dress(category, fill(template, split, rng), split, rng)) for category, template in read(name) * per_template]
    # Someone who only says what he bought has not asked anything yet.
    pairs += [(OTHER, fill('{情境}', split, rng).rstrip(',')) for _ in range(len(pairs) // 50)]
    return [(category, write(text, rng)) for category, text in pairs]


def fill(template, split, rng):
    text = re.sub(r'\[([^\]]*)\]', lambda match: rng.choice([''] + match[1].split('|')), template)
    text = re.sub(r'\(([^)]*)\)', lambda match: rng.choice(match[1].split('|')), text)
    while '{' in text:  # a slot's value may hold slots itself
        text = re.sub(r'\{([^}]*)\}', lambda match: fill(rng.choice(SLOTS[match[1]][split]), split, rng), text)
    return re.sub('#', lambda _: str(rng.randint(0, 9)), text)


def dress(category, text, split, rng):
    """What people put around a question. The same for every category, so that none of it gives the category away."""
    before = fill('{情境}', split, rng) if rng.random() < (0.12 if category == OTHER else 0.3) else ''
    opening = fill('{开头}', split, rng) if rng.random() < 0.3 else ''
    ending = fill('{结尾}', split, rng) if rng.random() < 0.5 else ''
    return opening + before + text + ending


def write(text, rng):
    """How it is typed: full-width or no punctuation, and in one text of three a slip or two."""
    style = rng.random()
    if style < 0.45:
        text = text.translate(WIDE)
    elif style < 0.6:
        text = re.sub('[,?!。]', lambda _: rng.choice(['', ' ']), text)
    if rng.random() < 0.33:
        for _ in range(rng.randint(1, 2)):
            text = slip(text, rng)
    return text.strip()


def slip(text, rng):
    """One typing error: a letter that sounds alike, or one that is missing, doubled or swapped with the next."""
    alike = [at for at, letter in enumerate(text) if letter in TYPOS]
    if alike and rng.random() < 0.6:
        at = rng.choice(alike)
        return text[:at] + TYPOS[text[at]] + text[at + 1 :]
    if len(text) < 5:
        return text
    at = rng.randrange(len(text) - 1)
    first, second = text[at], text[at + 1]
    return text[:at] + rng.choice([second, first + first + second, second + first]) + text[at + 2 :]
