"""Makes texts.json: what Python's tokenizers makes of texts in many scripts, with every tokenizer of models/.

    .venv/bin/python texts.py

Of each text and tokenizer: the ids without special tokens, and from where to where in the text each stands, in code points."""
import json
import pathlib
import unicodedata

from tokenizers import Tokenizer

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


def main():
    all_texts = texts()
    tokenizers, seen = {}, {}
    for path in sorted((HERE / 'models').glob('*/tokenizer.json')):
        tokenizers[path.parent.name] = list(answers(Tokenizer.from_file(str(path)), all_texts))
    lines = [f'{json.dumps(name)}: [\n' + ',\n'.join(json.dumps(one, separators=(',', ':')) for one in each) + '\n]' for name, each in tokenizers.items()]
    written = ',\n'.join(json.dumps(text) for text in all_texts)
    (HERE / 'texts.json').write_text(f'{{"texts": [\n{written}\n],\n"tokenizers": {{\n' + ',\n'.join(lines) + '\n}}\n')


if __name__ == '__main__':
    main()
