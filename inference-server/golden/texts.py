"""Makes texts.json: what Python's tokenizers makes of texts in many scripts, with every tokenizer of models/ and with every
normalizer and pre-tokenizer by itself, in front of a vocabulary of single characters.

    .venv/bin/python texts.py

Of each text and tokenizer: the ids without special tokens, and from where to where in the text each stands, in code points."""
import io
import json
import pathlib
import tempfile
import unicodedata

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, models
from tokenizers import normalizers as n
from tokenizers import pre_tokenizers as p
from tokenizers.processors import ByteLevel

HERE = pathlib.Path(__file__).parent

PLAIN = [
    'Alice lives in Oslo.',
    '  two  spaces, a\ttab\nand\u00a0others\u3000here \u2028 \u0085 ',
    "it's the 1st, 2nd & 3rd: $5.00 (50%) <x> [y] {z} #tag @me ~`^_|\\",
    'a\u0000b\u0007c\u200bd\u200ee\ufefff\ufffdg\u00adh\u2060i',
    'naïve café ÅNGSTRÖM Ǆungla ŉ ﬁne ﬀ ﬃ Ⅷ ½ ² ① ㎏ ℌ ℃',
    'ΟΔΟΣ ΣΑΣ. Σ ΌΣΟΣ-ΣΑΣ ς ᾼ ᾳ Ἀθήνα',
    'İstanbul ISPARTA ıi̇ ẞß Straße ǅ Ⱥ',
    'Привет, мир! ЁЛКА йод',
    'שָׁלוֹם עולם',
    'السَّلَامُ عَلَيْكُمْ ﷺ ﷲ ١٢٣',
    'नमस्ते दुनिया क़ ख़ १२३ श्री',
    'สวัสดีชาวโลก ๑๒๓ น้ำ',
    'வணக்கம் உலகம் கொ',
    'བོད་ཡིག ཀྵ',
    'ကျွန်ုပ် မြန်မာ',
    'ភាសាខ្មែរ',
    'Tiếng Việt: Nguyễn Ệ',
    '我想退货。“你好”，世界！㐀㐁 豈更 丽',
    'ひらがな カタカナ がぎぐ ﾊﾟﾋﾟ ｶﾞ ・〜～ー',
    '안녕 한국어 Oslo 각힣',
    'ㄱㄴㄷ ᄀᄁ ᅡᅢ ᆨᆩ 각',
    'Oslo𠮷 𠀀𪛟 𪜀𫜴 𫝀 𫠠 𬺡 𮯰 𰀀 丽',
    '𐌰𐌱𐌲 𝄞𝅘𝅥𝅮 𝒜𝓑𝕮 𝟘𝟙 𐐀𐐨 𑄀 𒀀 𓀀',
    '🙂 👍🏽 👨‍👩‍👧‍👦 🇳🇴🇩🇪 ❤️ ☎︎ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    'x̂́̃ ą̊ e̐̀ ộ̣ q̣̇ q̣̇ a⃝',
    '\u0301abc \u05b8 ◌́ \u200d\u0308x',
    '\ue000 \U000f0000 \U0010ffff \ufdd0 \u0378 \U0001fbff \U000e0100',
    '®™© … — – ‘q’ “q” «q» ¿? ¡! § ¶ † ‡ • · € £ ¥',
    '¼ ٪ ৳ ₹ ∑∫√∞ ≠≤ ⇒ ∀x∈ℝ',
    'ᏣᎳᎩ ꮳꮃꭹ Ⴀ ა Ა',
    'Alice\u3000Oslo\u200bBob\u2009Rome\u202fX\u205fY\u180ez',
    'a' * 30 + '字' * 5 + '́' * 3,
    'ﾞ ﾟ が ゙a',
    'Ω K Å Ω ; ` ｡',
    'क्‍ष ക്‌ഷ',
    'ﷺ﷼ ㌀ ㍿ 🄰 🈂 Ⓐ ⑴',
    '[MASK] a [SEP]é <mask>  b </s>\u3000<mask> <|endoftext|> x<unk>y',
    'é<mask> ß [MASK]한 <mask>',
    '<a>x <b>  <c>y <c> É É1 HELLO hello<d> <ee>字<d> 字',
    '  <a>  <d>\u3000字 <d>字<b>\u3000x<c> <e><ee> ÉHELLO Hello',
    '<d>  HELLO1HELLO É <c>_ <a>',
]


def texts():
    """Each in the forms that systems write: as typed, composed (NFC) and decomposed (NFD, as macOS names files)."""
    forms = [form for text in PLAIN for form in (text, unicodedata.normalize('NFC', text), unicodedata.normalize('NFD', text))]
    return list(dict.fromkeys(forms))


def answers(tokenizer, all_texts):
    tokenizer.no_padding()
    tokenizer.no_truncation()
    for text in all_texts:
        encoded = tokenizer.encode(text, add_special_tokens=False)
        # Flat, or most of the file would be brackets.
        yield [number for id_, (start, end) in zip(encoded.ids, encoded.offsets) for number in (id_, start, end)]


def protobuf(content):
    """Fields of bytes in a message, by number."""
    at, found = 0, {}

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(content):
        tag = varint()
        if tag & 7 == 0:
            varint()
        elif tag & 7 == 2:
            length = varint()
            found[tag >> 3] = content[at:at + length]
            at += length
        else:
            at += 4 if tag & 7 == 5 else 8
    return found


def charsmap():
    """A small table as SentencePiece compiles it: it makes one of several, several of one, and nothing of some."""
    rules = {'ﬁ': 'fi', 'e\u0301': 'é', '\u212b': 'Å', '½': '1⁄2', '\u200b': ' ', '\u00ad': '', '…': '...', '字': '字字', '\u1112': 'ㅎ'}
    with tempfile.TemporaryDirectory() as folder:
        tsv, corpus = pathlib.Path(folder, 'rules.tsv'), pathlib.Path(folder, 'corpus.txt')
        points = lambda text: ' '.join(f'{ord(char):X}' for char in text)
        tsv.write_text(''.join(f'{points(one)}\t{points(other)}\n' for one, other in rules.items()))
        corpus.write_text('ab ba abba\n' * 20)
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_writer=model, vocab_size=12, hard_vocab_limit=False, normalization_rule_tsv=str(tsv), minloglevel=2)
    return protobuf(protobuf(model.getvalue())[3])[2]


def steps():
    """Name -> normalizer and pre-tokenizer."""
    words = p.WhitespaceSplit()
    normalizers = {
        'bert': n.BertNormalizer(lowercase=True),
        'bert cased': n.BertNormalizer(lowercase=False),
        'bert with accents': n.BertNormalizer(lowercase=True, strip_accents=False),
        'nfc': n.NFC(), 'nfd': n.NFD(), 'nfkc': n.NFKC(), 'nfkd': n.NFKD(),
        'accents': n.Sequence([n.NFD(), n.Lowercase(), n.StripAccents()]),
        'replace': n.Sequence([n.Strip(), n.Replace(Regex(r'\s+'), ' '), n.Replace('a', 'xyz'), n.Replace(Regex('[e-g]'), '')]),
        'prepend': n.Prepend('▁'),
        'precompiled': n.Precompiled(charsmap()),
    }
    pre_tokenizers = {
        'bert': p.BertPreTokenizer(), 'whitespace': p.Whitespace(), 'punctuation': p.Punctuation(), 'digits': p.Digits(True),
        'contiguous digits': p.Digits(), 'merged punctuation': p.Punctuation('merged_with_previous'),
        'metaspace': p.Metaspace(), 'metaspace first': p.Metaspace(prepend_scheme='first'),
        'split': p.Split(Regex(r'\w+'), 'isolated'), 'split removed': p.Split(Regex(r'\s'), 'removed'),
        'split next': p.Split('e', 'merged_with_next'), 'split contiguous': p.Split(Regex('[^a-z]'), 'contiguous'),
        'split inverted': p.Split(Regex(r'\p{L}+'), 'removed', invert=True), 'bytes': p.ByteLevel(), 'fixed': p.FixedLength(3),
    }
    yield from ((f'normalizer {name}', one, words) for name, one in normalizers.items())
    yield from ((f'pre-tokenizer {name}', None, one) for name, one in pre_tokenizers.items())


ADDED = [
    AddedToken('<a>', lstrip=True, normalized=False), AddedToken('<b>', rstrip=True, normalized=False),
    AddedToken('<c>', single_word=True, normalized=False), AddedToken('<d>', normalized=True, lstrip=True, rstrip=True),
    AddedToken('HELLO', normalized=True), AddedToken('<e>', normalized=False), AddedToken('<ee>', normalized=False),
    AddedToken('É', normalized=True, single_word=True),
]


def step_answers(some_texts):
    """Each step in front of WordPiece with all characters, whose ## tells where a word goes on."""
    all_steps = list(steps())
    forms = [normalizer.normalize_str(text) for _, normalizer, _ in all_steps if normalizer for text in some_texts]
    characters = sorted(set(''.join([*forms, *some_texts, *p.ByteLevel.alphabet(), '▁'])))
    vocabulary = {'[UNK]': 0}
    for character in characters:
        vocabulary[character] = len(vocabulary)
        vocabulary[f'##{character}'] = len(vocabulary)
    for name, normalizer, pre_tokenizer in all_steps:
        tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token='[UNK]'))
        tokenizer.pre_tokenizer = pre_tokenizer
        if normalizer:
            tokenizer.normalizer = normalizer
        written = json.loads(tokenizer.to_str())
        yield name, {key: written[key] for key in ('normalizer', 'pre_tokenizer')}, list(answers(tokenizer, some_texts))
        if name in ('normalizer bert', 'normalizer prepend', 'pre-tokenizer bytes', 'pre-tokenizer metaspace first'):
            tokenizer.add_tokens(ADDED)
            if name == 'pre-tokenizer bytes':
                tokenizer.post_processor = ByteLevel(trim_offsets=True)
            written = json.loads(tokenizer.to_str())
            keys = ('normalizer', 'pre_tokenizer', 'post_processor', 'added_tokens')
            yield f'{name}, added tokens', {key: written[key] for key in keys}, list(answers(tokenizer, some_texts))
    yield 'characters', ''.join(characters), None


def main():
    all_texts = texts()
    some_texts = [*all_texts[::3], *PLAIN[-3:]]
    tokenizers, seen = {}, {}
    for path in sorted((HERE / 'models').glob('*/tokenizer.json')):
        tokenizers[path.parent.name] = list(answers(Tokenizer.from_file(str(path)), all_texts))
    compact = lambda value: json.dumps(value, separators=(',', ':'))
    parts = [f'{json.dumps(name)}: {compact(step if each is None else {"step": step, "answers": each})}' for name, step, each in step_answers(some_texts)]
    lines = [f'{json.dumps(name)}: [\n' + ',\n'.join(json.dumps(one, separators=(',', ':')) for one in each) + '\n]' for name, each in tokenizers.items()]
    written = ',\n'.join(json.dumps(text) for text in all_texts)
    (HERE / 'texts.json').write_text(f'{{"texts": [\n{written}\n],\n"tokenizers": {{\n' + ',\n'.join(lines) + '\n},\n"tried": ' + compact(some_texts) + ',\n"steps": {\n' + ',\n'.join(parts) + '\n}}\n')


if __name__ == '__main__':
    main()
