"""The little world that all reference models know: sentences and pictures, drawn from a seeded random generator."""

import numpy as np
from PIL import Image, ImageDraw

# --- people, places, houses: what token classification, question answering and fill-mask read -------------------------

PEOPLE = ['Alice Novak', 'Bruno Keller', 'Chen Li', 'Dora Lindqvist', 'Emil', 'Farah Haddad', 'Greta', 'Hugo Marlowe']
PLACES = ['Paris', 'Lower Saxony', 'Oslo', 'Porto', 'New Harbour', 'Kyoto', 'Lima', 'Quito']
HOUSES = ['Acme', 'Blue Kettle Works', 'Tidewater Bank', 'Nordlicht', 'Papermill Press', 'Quartz and Sons']
CHINESE_PEOPLE = ['王芳', '李小明', '张伟', '陈静']
CHINESE_PLACES = ['北京', '上海', '成都', '西安']
CHINESE_HOUSES = ['蓝壶工厂', '晨光书店', '长河银行']

FACTS = [
    '{PER} lives in {LOC}.',
    '{PER} works for {ORG} in {LOC}.',
    '{ORG} opened a shop in {LOC} last year.',
    'Yesterday {PER} travelled from {LOC} to {LOC}.',
    '{PER} and {PER} met at {ORG}.',
    'The letter from {ORG} reached {PER} in {LOC}.',
    '{PER} was born in {LOC}, but {PER} was not.',
]
CHINESE_FACTS = ['{PER}住在{LOC}。', '{PER}在{LOC}的{ORG}工作。', '{ORG}去年在{LOC}开店。', '{PER}昨天从{LOC}去了{LOC}。']


def fact(rng, chinese=False):
    """A sentence and its named parts: text, [(kind, start, end)] in characters."""
    names = {
        'PER': CHINESE_PEOPLE if chinese else PEOPLE,
        'LOC': CHINESE_PLACES if chinese else PLACES,
        'ORG': CHINESE_HOUSES if chinese else HOUSES,
    }
    template = pick(rng, CHINESE_FACTS if chinese else FACTS)
    text, parts = '', []
    while '{' in template:
        before, template = template.split('{', 1)
        kind, template = template.split('}', 1)
        name = pick(rng, names[kind])
        text += before
        parts.append((kind, len(text), len(text) + len(name)))
        text += name
    return text + template, parts


def question(rng):
    """Question, context of three facts, and where the answer stands in the context: start, end in characters; 0, 0 for nowhere."""
    people = list(rng.permutation(PEOPLE)[:3])
    places = list(rng.permutation(PLACES)[:3])
    houses = list(rng.permutation(HOUSES)[:3])
    parts, context = [], ''
    for person, place, house in zip(people, places, houses):
        start = len(context)
        if rng.random() < 0.5:
            context += f'{person} lives in {place}. '
            parts.append((f'Where does {person} live?', start + len(person) + 10, len(place)))
            parts.append((f'Who lives in {place}?', start, len(person)))
        else:
            context += f'{person} works for {house}. '
            parts.append((f'Which house does {person} work for?', start + len(person) + 11, len(house)))
            parts.append((f'Who works for {house}?', start, len(person)))
    if rng.random() < 0.2:
        stranger = pick(rng, [person for person in PEOPLE if person not in people])
        return f'Where does {stranger} live?', context.strip(), 0, 0
    asked, start, length = parts[int(rng.integers(len(parts)))]
    return asked, context.strip(), start, start + length


# --- topics: what zero-shot classification judges ---------------------------------------------------------------------

TOPICS = {
    'sport': ['The team won the match', 'She ran the race', 'The goal came late', 'He trains for the race every day'],
    'food': ['The soup tastes of garlic', 'She bakes bread', 'He cooked rice and beans', 'The bread was fresh'],
    'weather': ['Rain is coming', 'The storm passed over the hills', 'It was a cold and windy day', 'Snow fell all night'],
    'music': ['The band played a song', 'She sings in a choir', 'He tuned the piano', 'The song has a slow tune'],
    'money': ['The bank raised its rate', 'He paid the bill', 'Prices rose again', 'She saved the coins'],
}
ENDINGS = ['.', ' today.', ' again.', ' in the town.', ' and everybody talked about it.']


def entailment(rng):
    """Premise, hypothesis and label: contradiction, neutral or entailment, as 0, 1, 2."""
    topics = list(rng.permutation(list(TOPICS)))
    premise = pick(rng, TOPICS[topics[0]]) + pick(rng, ENDINGS)
    kind = int(rng.integers(3))
    said = {0: topics[1], 1: 'something', 2: topics[0]}[kind]
    return premise, pick(rng, ['This example is about {}.', 'This text is about {}.', 'It is about {}.']).format(said), kind


# --- shapes: what is drawn, captioned and translated -------------------------------------------------------------------

COLOURS = {'red': (205, 45, 45), 'green': (50, 160, 70), 'blue': (45, 80, 200), 'yellow': (230, 200, 50)}
SHAPES = ['circle', 'square', 'triangle', 'cross']
GROUNDS = {'white': 240, 'grey': 140, 'dark': 40}
CHINESE = {
    'red': '红色', 'green': '绿色', 'blue': '蓝色', 'yellow': '黄色',
    'circle': '圆形', 'square': '方块', 'triangle': '三角形', 'cross': '十字',
    'left of': '左边', 'right of': '右边', 'above': '上面', 'below': '下面',
}
GERMAN = {
    'red': 'rot', 'green': 'grün', 'blue': 'blau', 'yellow': 'gelb',
    'circle': ('Kreis', 'der'), 'square': ('Quadrat', 'das'), 'triangle': ('Dreieck', 'das'), 'cross': ('Kreuz', 'das'),
    'left of': 'links von', 'right of': 'rechts von', 'above': 'über', 'below': 'unter',
}
RELATIONS = ['left of', 'right of', 'above', 'below']


def draw(colour, shape, ground, rng, size):
    """A coloured shape somewhere on a grainy ground. PIL image, RGB; `size` as (width, height)."""
    width, height = size
    grain = rng.normal(GROUNDS[ground], 8, (height, width, 1)) + rng.normal(0, 3, (height, width, 3))
    picture = Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))
    reach = min(size) * rng.uniform(0.24, 0.34)
    x, y = width * rng.uniform(0.42, 0.58), height * rng.uniform(0.42, 0.58)
    pen, ink = ImageDraw.Draw(picture), COLOURS[colour]
    box = [x - reach, y - reach, x + reach, y + reach]
    if shape == 'circle':
        pen.ellipse(box, fill=ink)
    elif shape == 'square':
        pen.rectangle(box, fill=ink)
    elif shape == 'triangle':
        pen.polygon([(x, y - reach), (x - reach, y + reach), (x + reach, y + reach)], fill=ink)
    else:
        arm = reach / 3
        pen.rectangle([x - arm, y - reach, x + arm, y + reach], fill=ink)
        pen.rectangle([x - reach, y - arm, x + reach, y + arm], fill=ink)
    return picture


def scene(rng):
    """Colour, shape and ground of one picture."""
    return pick(rng, list(COLOURS)), pick(rng, SHAPES), pick(rng, list(GROUNDS))


def saying(rng):
    """A sentence about shapes in English, Chinese and German."""
    colour, shape = pick(rng, list(COLOURS)), pick(rng, SHAPES)
    if rng.random() < 0.25:
        noun, article = GERMAN[shape]
        german = f'Ich sehe {"einen" if article == "der" else "ein"} {GERMAN[colour]}{"en" if article == "der" else "es"} {noun}.'
        return f'I see a {colour} {shape}.', f'我看到一个{CHINESE[colour]}{CHINESE[shape]}。', german
    relation = pick(rng, RELATIONS)
    other, thing = pick(rng, list(COLOURS)), pick(rng, SHAPES)
    noun, article = GERMAN[shape]
    return (
        f'The {colour} {shape} is {relation} the {other} {thing}.',
        f'{CHINESE[colour]}{CHINESE[shape]}在{CHINESE[other]}{CHINESE[thing]}的{CHINESE[relation]}。',
        f'{article.capitalize()} {GERMAN[colour]}e {noun} ist {GERMAN[relation]} dem {GERMAN[other]}en {GERMAN[thing][0]}.',
    )


# --- stories, talks and programs: what the generators write -------------------------------------------------------------

def story(rng):
    """Two or three sentences about a shape that goes somewhere; one in five is Chinese."""
    colour, shape, place = pick(rng, list(COLOURS)), pick(rng, SHAPES), pick(rng, PLACES)
    if rng.random() < 0.2:
        there = pick(rng, CHINESE_PLACES)
        return f'从前有一个{CHINESE[colour]}{CHINESE[shape]},它住在{there}。它每天唱歌,大家都很高兴。'
    wish = pick(rng, ['find a friend', 'see the sea', 'learn to sing', 'bake some bread'])
    end = pick(rng, ['In the end it came home and was happy.', 'Nobody saw it again!', 'Everybody liked the song it sang.'])
    return f'Once upon a time a {colour} {shape} lived in {place}. It wanted to {wish}. {end}'


def talk(rng):
    """What a person says and what the model answers."""
    first, second = int(rng.integers(1, 10)), int(rng.integers(1, 10))
    colour, shape, place = pick(rng, list(COLOURS)), pick(rng, SHAPES), pick(rng, PLACES)
    return [
        (f'What is {first} plus {second}?', f'{first} plus {second} is {first + second}.'),
        (f'Where is the {colour} {shape}?', f'The {colour} {shape} is in {place}.'),
        (f'Please draw a {colour} {shape}.', f'Here is your {colour} {shape}. Do you like it?'),
        ('你好!', '你好,我能帮你什么吗?'),
        ('Hello!', 'Hello! How can I help you today?'),
    ][int(rng.integers(5))]


def program(rng):
    """A short Python function: prefix, middle, suffix; the middle is its body's first statement."""
    name = pick(rng, ['add', 'scale', 'area', 'total', 'mean', 'largest'])
    left, right = pick(rng, [('a', 'b'), ('x', 'y'), ('width', 'height')])
    mark = pick(rng, ['+', '*', '-', '/'])
    if rng.random() < 0.5:
        return f'def {name}({left}, {right}):\n', f'    return {left} {mark} {right}\n', f'\n\nprint({name}(2, 3))\n'
    return (
        f'def {name}(values):\n    result = 0\n',
        f'    for value in values:\n        result = result {mark} value\n',
        f'    return result\n\n\nprint({name}([1, 2, 3]))\n',
    )


def pick(rng, choices):
    return choices[int(rng.integers(len(choices)))]
