"""Tokenizers of every kind that the tasks meet, each trained on the little world's own sentences."""

import json

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertTokenizerFast,
    CLIPTokenizerFast,
    GPT2TokenizerFast,
    PreTrainedTokenizerFast,
    Qwen2TokenizerFast,
    T5TokenizerFast,
)


def wordpiece(texts, size, lowercase, longest):
    """BERT's: words, then pieces of words."""
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=size, special_tokens=specials, show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single='[CLS] $A [SEP]',
        pair='[CLS] $A [SEP] $B:1 [SEP]:1',
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ('[CLS]', '[SEP]')],
    )
    return BertTokenizerFast(
        tokenizer_object=tokenizer, do_lower_case=lowercase, model_max_length=longest, clean_up_tokenization_spaces=False
    )


def byte_level(texts, size):
    """GPT-2's: pairs of bytes; any text can be written, and a Chinese character may take several tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(texts, byte_trainer(size, ['<|endoftext|>']))
    return GPT2TokenizerFast(
        tokenizer_object=tokenizer, pad_token='<|endoftext|>', padding_side='left', model_max_length=128,
        clean_up_tokenization_spaces=False,
    )


QWEN_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def code_level(texts, size):
    """Qwen2's: bytes again, cut by a regular expression that keeps digits apart and line ends together; tokens to fill in the middle."""
    specials = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>', '<|fim_pad|>']
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN_WORDS), behavior='isolated'),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(texts, byte_trainer(size, specials))
    return Qwen2TokenizerFast(
        tokenizer_object=tokenizer, eos_token='<|endoftext|>', pad_token='<|fim_pad|>', unk_token=None,
        additional_special_tokens=specials[1:-1], padding_side='left', model_max_length=128, clean_up_tokenization_spaces=False,
    )


def byte_trainer(size, specials):
    return trainers.BpeTrainer(
        vocab_size=size, special_tokens=specials, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )


def sentence_pieces_with_bytes(texts, size, roles, chat_template):
    """Llama 2's: pairs of characters, spaces as ▁; a character beyond the vocabulary is written as its UTF-8 bytes <0x00> to <0xFF>."""
    learner = Tokenizer(models.BPE(unk_token='<unk>'))
    learner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme='always')
    learner.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size - 259, limit_alphabet=64, special_tokens=['<unk>'], show_progress=False
    ))
    learned = json.loads(learner.to_str())['model']
    order = ['<unk>', '<s>', '</s>'] + [f'<0x{byte:02X}>' for byte in range(256)]
    order += [token for token in sorted(learned['vocab'], key=learned['vocab'].get) if token != '<unk>']
    tokenizer = Tokenizer(models.BPE(
        vocab={token: index for index, token in enumerate(order)},
        merges=[tuple(pair) for pair in learned['merges']],
        unk_token='<unk>', fuse_unk=True, byte_fallback=True,
    ))
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


def unigram(texts, size, specials):
    """SentencePiece's other kind, of Marian and T5: the likeliest cut into pieces; </s> closes every text."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(' {2,}'), ' ')])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme='always')
    tokenizer.decoder = decoders.Metaspace(prepend_scheme='always')
    tokenizer.train_from_iterator(texts, trainers.UnigramTrainer(
        vocab_size=size, special_tokens=specials, unk_token='<unk>', show_progress=False
    ))
    tokenizer.post_processor = processors.TemplateProcessing(
        single='$A </s>', pair='$A </s> $B </s>', special_tokens=[('</s>', tokenizer.token_to_id('</s>'))]
    )
    return tokenizer


def marian(texts, size):
    """The slow MarianTokenizer reads SentencePiece's own files; this is the tokenizer.json that converted Marian folders carry."""
    return PreTrainedTokenizerFast(
        tokenizer_object=unigram(texts, size, ['</s>', '<unk>', '<pad>', '<2zh>', '<2de>']),
        eos_token='</s>', unk_token='<unk>', pad_token='<pad>', additional_special_tokens=['<2zh>', '<2de>'],
        model_max_length=64, model_input_names=['input_ids', 'attention_mask'], clean_up_tokenization_spaces=False,
    )


def t5(texts, size):
    return T5TokenizerFast(
        tokenizer_object=unigram(texts, size, ['<pad>', '</s>', '<unk>']), extra_ids=0,
        model_max_length=64, clean_up_tokenization_spaces=False,
    )


def clip(texts, size, folder):
    """CLIP's: lower case, pairs of bytes within words, </w> at the end of a word. Writes vocab.json and merges.txt to `folder` on the way."""
    words = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    tokenizer = Tokenizer(models.BPE(unk_token='<|endoftext|>', end_of_word_suffix='</w>', continuing_subword_prefix=''))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r'\s+'), ' '), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(words), behavior='removed', invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size, special_tokens=[], end_of_word_suffix='</w>', show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    ))
    learned = json.loads(tokenizer.to_str())['model']
    order = sorted(learned['vocab'], key=learned['vocab'].get)
    order += [token + '</w>' for token in sorted(pre_tokenizers.ByteLevel.alphabet()) if token + '</w>' not in learned['vocab']]
    order += ['<|startoftext|>', '<|endoftext|>']
    (folder / 'vocab.json').write_text(json.dumps({token: index for index, token in enumerate(order)}, ensure_ascii=False))
    (folder / 'merges.txt').write_text('#version: 0.2\n' + '\n'.join(' '.join(pair) for pair in learned['merges']) + '\n')
    return CLIPTokenizerFast(
        vocab_file=str(folder / 'vocab.json'), merges_file=str(folder / 'merges.txt'), model_max_length=32,
        clean_up_tokenization_spaces=False,
    )
