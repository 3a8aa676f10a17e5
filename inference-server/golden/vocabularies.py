"""
Tokenizers of every kind that the tasks meet, each made from the little world's own sentences. The vocabularies are
learned here: the trainers of the tokenizers library break ties by chance and give other ids in every run.
"""

import json
from collections import Counter
from math import log

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertTokenizerFast,
    CLIPTokenizerFast,
    DebertaV2TokenizerFast,
    GPT2TokenizerFast,
    PreTrainedTokenizerFast,
    Qwen2TokenizerFast,
    RobertaTokenizerFast,
    T5TokenizerFast,
    XLMRobertaTokenizerFast,
)

BYTES = sorted(pre_tokenizers.ByteLevel.alphabet())


def words_of(texts, normalizer, pre_tokenizer):
    """How often every word occurs, as the tokenizer will cut them."""
    counts = Counter()
    for text in texts:
        text = normalizer.normalize_str(text) if normalizer else text
        counts.update(word for word, _ in pre_tokenizer.pre_tokenize_str(text))
    return counts


def learn_pairs(words, symbols_of, joined, size):
    """
    Byte pair encoding: the commonest pair of neighbours becomes a symbol, until there are `size` symbols. Ties fall to
    the pair that sorts first. Gives the symbols in order and the pairs.
    """
    pieces = {word: symbols_of(word) for word in words}
    order = sorted({symbol for symbols in pieces.values() for symbol in symbols})
    known, merges = set(order), []
    while len(order) < size:
        pairs = Counter()
        for word, symbols in pieces.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += words[word]
        if not pairs or max(pairs.values()) < 2:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        if joined(*best) not in known:
            known.add(joined(*best))
            order.append(joined(*best))
        pieces = {word: merged(symbols, best, joined(*best)) for word, symbols in pieces.items()}
    return order, merges


def merged(symbols, pair, symbol):
    result = []
    for item in symbols:
        if result and (result[-1], item) == pair:
            result[-1] = symbol
        else:
            result.append(item)
    return result


def numbered(tokens):
    return {token: index for index, token in enumerate(tokens)}


def wordpiece(texts, size, lowercase, longest):
    """BERT's: words, then pieces of words."""
    specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
    normalizer, pre_tokenizer = normalizers.BertNormalizer(lowercase=lowercase), pre_tokenizers.BertPreTokenizer()
    words = words_of(texts, normalizer, pre_tokenizer)
    order, _ = learn_pairs(
        words,
        lambda word: [word[0], *(f'##{letter}' for letter in word[1:])],
        lambda left, right: left + right.removeprefix('##'),
        size - len(specials),
    )
    vocabulary = numbered(specials + order)
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token='[UNK]'))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizer
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(specials)
    tokenizer.post_processor = processors.TemplateProcessing(
        single='[CLS] $A [SEP]',
        pair='[CLS] $A [SEP] $B:1 [SEP]:1',
        special_tokens=[(token, vocabulary[token]) for token in ('[CLS]', '[SEP]')],
    )
    return BertTokenizerFast(
        tokenizer_object=tokenizer, do_lower_case=lowercase, model_max_length=longest, clean_up_tokenization_spaces=False
    )


def byte_pairs(texts, size, specials, normalizer, pre_tokenizer):
    """Pairs of bytes: any text can be written, and a Chinese character may take several tokens."""
    words = words_of(texts, normalizer, pre_tokenizer)
    for byte in BYTES:
        words[byte] += 0
    order, merges = learn_pairs(words, list, str.__add__, size - len(specials))
    tokenizer = Tokenizer(models.BPE(numbered(specials + order), merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.add_special_tokens(specials)
    return tokenizer


def byte_level(texts, size):
    """GPT-2's."""
    tokenizer = byte_pairs(texts, size, ['<|endoftext|>'], None, pre_tokenizers.ByteLevel(add_prefix_space=False))
    return GPT2TokenizerFast(
        tokenizer_object=tokenizer, pad_token='<|endoftext|>', padding_side='left', model_max_length=128,
        clean_up_tokenization_spaces=False,
    )


ROBERTA_SPECIALS = ['<s>', '<pad>', '</s>', '<unk>']


def roberta(texts, size, longest):
    """RoBERTa's: GPT-2's pairs of bytes, but no token's place holds the space before it, and <mask> takes that space."""
    tokenizer = byte_pairs(texts, size, [*ROBERTA_SPECIALS, '<mask>'], None, pre_tokenizers.ByteLevel(add_prefix_space=False))
    tokenizer.post_processor = processors.RobertaProcessing(('</s>', 2), ('<s>', 0), trim_offsets=True, add_prefix_space=False)
    return RobertaTokenizerFast(
        tokenizer_object=tokenizer, mask_token=AddedToken('<mask>', lstrip=True, normalized=False), model_max_length=longest,
        clean_up_tokenization_spaces=False,
    )


QWEN_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def code_level(texts, size):
    """Qwen2's: bytes again, cut by a regular expression that keeps digits apart and line ends together; tokens to fill in the middle."""
    specials = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>', '<|fim_pad|>']
    pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN_WORDS), behavior='isolated'),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    return Qwen2TokenizerFast(
        tokenizer_object=byte_pairs(texts, size, specials, normalizers.NFC(), pre_tokenizer),
        eos_token='<|endoftext|>', pad_token='<|fim_pad|>', unk_token=None,
        additional_special_tokens=specials[1:-1], padding_side='left', model_max_length=128, clean_up_tokenization_spaces=False,
    )


def sentence_pieces_with_bytes(texts, size, roles, chat_template):
    """Llama 2's: pairs of characters, spaces as ▁; a character beyond the vocabulary is written as its UTF-8 bytes <0x00> to <0xFF>."""
    words = words_of(texts, None, pre_tokenizers.Metaspace(prepend_scheme='always'))
    words = Counter({word: count for word, count in words.items() if word.removeprefix('▁').isascii()})
    for letter in map(chr, range(ord('!'), 127)):
        words[letter] += 0  # known, even if no text has it
    specials = ['<unk>', '<s>', '</s>'] + [f'<0x{byte:02X}>' for byte in range(256)]
    order, merges = learn_pairs(words, list, str.__add__, size - len(specials))
    tokenizer = Tokenizer(models.BPE(numbered(specials + order), merges, unk_token='<unk>', fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend('▁'), normalizers.Replace(' ', '▁')])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace('▁', ' '), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(' ', 1, 0)]
    )
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in ['<unk>', '<s>', '</s>', *roles]])
    tokenizer.post_processor = processors.TemplateProcessing(single='<s> $A', pair='<s> $A <s>:1 $B:1', special_tokens=[('<s>', 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token='<s>', eos_token='</s>', unk_token='<unk>', pad_token='</s>',
        additional_special_tokens=list(roles), padding_side='left', model_max_length=128, clean_up_tokenization_spaces=False,
        model_input_names=['input_ids', 'attention_mask'], chat_template=chat_template,
    )


def unigram(texts, size, specials, longest, normalizer=None):
    """SentencePiece's other kind, of Marian and T5: the likeliest cut into pieces of at most `longest` letters; </s> closes every text."""
    normalizer = normalizer or normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(' {2,}'), ' ')])
    pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme='always')
    counts = Counter()
    for word, count in words_of(texts, normalizer, pre_tokenizer).items():
        for start in range(len(word)):
            for end in range(start + 1, min(start + longest, len(word)) + 1):
                counts[word[start:end]] += count
    letters = sorted(piece for piece in counts if len(piece) == 1)
    longer = sorted((piece for piece in counts if len(piece) > 1), key=lambda piece: (-counts[piece] * (len(piece) - 1), piece))
    pieces = letters + longer[: size - len(specials) - len(letters)]
    total = sum(counts[piece] for piece in pieces)
    vocabulary = [(special, 0.0) for special in specials] + [(piece, log(counts[piece] / total)) for piece in pieces]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=next(i for i, special in enumerate(specials) if 'unk' in special.lower())))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizer
    tokenizer.decoder = decoders.Metaspace(prepend_scheme='always')
    tokenizer.add_special_tokens(specials)
    if '</s>' in specials:
        tokenizer.post_processor = processors.TemplateProcessing(
            single='$A </s>', pair='$A </s> $B </s>', special_tokens=[('</s>', tokenizer.token_to_id('</s>'))]
        )
    return tokenizer


def siglip(texts, size):
    """SigLIP's: small letters without punctuation, filled up with </s>; nobody is told where a text ends."""
    normalizer = normalizers.Sequence([
        normalizers.Lowercase(), normalizers.Replace(Regex(r'[!-/:-@\[-`{-~]'), ''),
        normalizers.Replace(Regex(r'\s+'), ' '), normalizers.Strip(),
    ])
    return PreTrainedTokenizerFast(
        tokenizer_object=unigram(texts, size, ['<unk>', '</s>'], 6, normalizer), eos_token='</s>', unk_token='<unk>',
        pad_token='</s>', model_max_length=64, model_input_names=['input_ids'], clean_up_tokenization_spaces=False,
    )


def xlm_roberta(texts, size, longest):
    """XLM-RoBERTa's: a token's place holds the space before it; two </s> between two texts."""
    normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(' {2,}'), '▁')]
    )
    tokenizer = unigram(texts, size, [*ROBERTA_SPECIALS, '<mask>'], 5, normalizer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single='<s> $A </s>', pair='<s> $A </s> </s> $B </s>', special_tokens=[('<s>', 0), ('</s>', 2)]
    )
    return XLMRobertaTokenizerFast(
        tokenizer_object=tokenizer, mask_token=AddedToken('<mask>', lstrip=True, normalized=False), model_max_length=longest,
        clean_up_tokenization_spaces=False,
    )


def deberta(texts, size, longest):
    """DeBERTa 2 and 3's: the same with BERT's special tokens, and types that tell two texts apart."""
    specials = ['[PAD]', '[CLS]', '[SEP]', '[UNK]', '[MASK]']
    normalizer = normalizers.Sequence([normalizers.Strip(), normalizers.NFKC(), normalizers.Replace(Regex(' {2,}'), ' ')])
    tokenizer = unigram(texts, size, specials, 5, normalizer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single='[CLS] $A [SEP]', pair='[CLS] $A [SEP] $B:1 [SEP]:1', special_tokens=[('[CLS]', 1), ('[SEP]', 2)]
    )
    return DebertaV2TokenizerFast(tokenizer_object=tokenizer, model_max_length=longest, clean_up_tokenization_spaces=False)


def marian(texts, size):
    """The slow MarianTokenizer reads SentencePiece's own files; this is the tokenizer.json that converted Marian folders carry."""
    return PreTrainedTokenizerFast(
        tokenizer_object=unigram(texts, size, ['</s>', '<unk>', '<pad>', '<2zh>', '<2de>'], longest=2),
        eos_token='</s>', unk_token='<unk>', pad_token='<pad>', additional_special_tokens=['<2zh>', '<2de>'],
        model_max_length=64, model_input_names=['input_ids', 'attention_mask'], clean_up_tokenization_spaces=False,
    )


def t5(texts, size):
    return T5TokenizerFast(
        tokenizer_object=unigram(texts, size, ['<pad>', '</s>', '<unk>'], longest=8), extra_ids=0,
        model_max_length=64, clean_up_tokenization_spaces=False,
    )


CLIP_WORDS = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def clip(texts, size, folder):
    """CLIP's: lower case, pairs of bytes within words, </w> at the end of a word. Writes vocab.json and merges.txt to `folder` on the way."""
    normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r'\s+'), ' '), normalizers.Lowercase()])
    pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(CLIP_WORDS), behavior='removed', invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])
    bytes_anywhere = BYTES + [f'{byte}</w>' for byte in BYTES]
    learned, merges = learn_pairs(
        words_of(texts, normalizer, pre_tokenizer), lambda word: [*word[:-1], f'{word[-1]}</w>'], str.__add__, size
    )
    order = bytes_anywhere + [symbol for symbol in learned if symbol not in bytes_anywhere]
    order += ['<|startoftext|>', '<|endoftext|>']
    (folder / 'vocab.json').write_text(json.dumps(numbered(order), ensure_ascii=False))
    (folder / 'merges.txt').write_text('#version: 0.2\n' + '\n'.join(' '.join(pair) for pair in merges) + '\n')
    return CLIPTokenizerFast(
        vocab_file=str(folder / 'vocab.json'), merges_file=str(folder / 'merges.txt'), model_max_length=32,
        clean_up_tokenization_spaces=False,
    )
