"""Architectures of transformers and torchvision with random weights: the graph counts, so widths are small."""

import dataclasses

import numpy as np
import torch
from torch import nn
import transformers

from store import ROWS

LENGTH = 7
VOCABULARY = 120
PICTURE = 64


@dataclasses.dataclass(frozen=True)
class Piece:
    """A module, its inputs in the order of forward (ROWS each), its free axes and the names of its outputs."""

    module: nn.Module
    rows: dict
    free: dict
    outputs: list


class Fields(nn.Module):
    """Takes tensors by position and answers the named members of what the model answers."""

    def __init__(self, model, names, outputs, **fixed):
        super().__init__()
        self.model, self.names, self.outputs, self.fixed = model, names, outputs, fixed

    def forward(self, *tensors):
        answer = self.model(**dict(zip(self.names, tensors)), **self.fixed)
        return tuple(getattr(answer, name) for name in self.outputs)


class SentenceEmbedding(nn.Module):
    """Mean over the tokens that count, of length 1: what sentence-transformers does behind a MiniLM."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask, token_type_ids):
        states = self.model(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)[0]
        mask = attention_mask.unsqueeze(-1).expand(states.size()).float()
        mean = torch.sum(states * mask, 1) / torch.clamp(mask.sum(1), min=1e-9)
        return (nn.functional.normalize(mean, p=2, dim=1),)


class DecoderStep(nn.Module):
    """A decoder with its caches as plain tensors: keys and values of each layer, in and out."""

    def __init__(self, model, names, caches):
        super().__init__()
        self.model, self.names, self.caches = model, names, caches

    def forward(self, *tensors):
        plain, past = tensors[: len(self.names)], tensors[len(self.names) :]
        pairs = [(past[i], past[i + 1]) for i in range(0, len(past), 2)]
        cache = self.caches(pairs)
        answer = self.model(**dict(zip(self.names, plain)), past_key_values=cache, use_cache=True)
        return (answer.logits, *flat(answer.past_key_values))


def own_cache(pairs):
    return transformers.DynamicCache(ddp_cache_data=pairs or None)


def crossed_cache(pairs):
    half = len(pairs) // 2
    return transformers.EncoderDecoderCache(own_cache(pairs[:half]), own_cache(pairs[half:]))


def flat(cache):
    if isinstance(cache, transformers.EncoderDecoderCache):
        return [*flat(cache.self_attention_cache), *flat(cache.cross_attention_cache)]
    return [tensor for layer in cache.layers for tensor in (layer.keys, layer.values)]


def ids(random, length=LENGTH):
    return random.integers(2, VOCABULARY, (ROWS, length))


def mask(length=LENGTH):
    """Rows of several lengths: the first is full, the others end earlier."""
    return np.array([[int(place < length - row % 4) for place in range(length)] for row in range(ROWS)])


def text(random, *extra):
    rows = {'input_ids': ids(random), 'attention_mask': mask()}
    if 'token_type_ids' in extra:
        rows['token_type_ids'] = random.integers(0, 2, (ROWS, LENGTH))
    return rows


def text_axes(rows):
    return {name: {0: 'batch', 1: 'sequence'} for name in rows}


def encoder(model, random, output, *extra):
    rows = text(random, *extra)
    return Piece(Fields(model, list(rows), [output]), rows, text_axes(rows), [output])


def pixels(random, size=PICTURE):
    return {'pixel_values': random.standard_normal((ROWS, 3, size, size)).astype(np.float32)}


def picture(model, random, output=None, size=PICTURE, free=()):
    rows = pixels(random, size)
    module = Fields(model, list(rows), [output]) if output else model
    return Piece(module, rows, {'pixel_values': {0: 'batch', **dict(free)}}, [output or 'logits'])


SIZES = {'hidden_size': 32, 'num_attention_heads': 4, 'intermediate_size': 64, 'vocab_size': VOCABULARY}


def bert(random, layers=2, attention=None, **more):
    config = transformers.BertConfig(**{**SIZES, **more}, num_hidden_layers=layers, attn_implementation=attention)
    return encoder(transformers.BertModel(config), random, 'last_hidden_state', 'token_type_ids')


def bert_pooled(random):
    config = transformers.BertConfig(**SIZES, num_hidden_layers=2)
    rows = text(random, 'token_type_ids')
    outputs = ['last_hidden_state', 'pooler_output']
    return Piece(Fields(transformers.BertModel(config), list(rows), outputs), rows, text_axes(rows), outputs)


def bert_classifier(random):
    config = transformers.BertConfig(**SIZES, num_hidden_layers=2, num_labels=3)
    model = transformers.BertForSequenceClassification(config)
    return encoder(model, random, 'logits', 'token_type_ids')


def bert_answers(random):
    model = transformers.BertForQuestionAnswering(transformers.BertConfig(**SIZES, num_hidden_layers=2))
    rows = text(random, 'token_type_ids')
    outputs = ['start_logits', 'end_logits']
    return Piece(Fields(model, list(rows), outputs), rows, text_axes(rows), outputs)


def distilbert(random):
    config = transformers.DistilBertConfig(dim=32, n_heads=4, hidden_dim=64, n_layers=2, vocab_size=VOCABULARY)
    return encoder(transformers.DistilBertForSequenceClassification(config), random, 'logits')


def roberta(random):
    config = transformers.RobertaConfig(**SIZES, num_hidden_layers=2, max_position_embeddings=64)
    return encoder(transformers.RobertaForSequenceClassification(config), random, 'logits')


def minilm(random):
    config = transformers.BertConfig(**SIZES, num_hidden_layers=6)
    rows = text(random, 'token_type_ids')
    module = SentenceEmbedding(transformers.BertModel(config, add_pooling_layer=False))
    return Piece(module, rows, text_axes(rows), ['sentence_embedding'])


def vit(random):
    config = transformers.ViTConfig(
        hidden_size=32, num_attention_heads=4, intermediate_size=64, num_hidden_layers=2, image_size=PICTURE
    )
    return picture(transformers.ViTForImageClassification(config), random, 'logits')


def resnet_of_transformers(random):
    config = transformers.ResNetConfig(embedding_size=16, hidden_sizes=[16, 32], depths=[1, 2], num_labels=5)
    return picture(transformers.ResNetForImageClassification(config), random, 'logits')


def t5_config():
    return transformers.T5Config(
        d_model=32, d_kv=8, d_ff=64, num_heads=4, num_layers=2, vocab_size=VOCABULARY, feed_forward_proj='gated-gelu'
    )


def t5_encoder(random):
    return encoder(transformers.T5EncoderModel(t5_config()), random, 'last_hidden_state')


def encoded(random):
    states = random.standard_normal((ROWS, LENGTH, 32)).astype(np.float32)
    return {'encoder_hidden_states': states, 'encoder_attention_mask': mask()}


class T5Decoder(nn.Module):
    """The decoder of a T5 with the names that exporters use for its inputs."""

    def __init__(self):
        super().__init__()
        self.model = transformers.T5ForConditionalGeneration(t5_config())

    def forward(self, input_ids, encoder_hidden_states, encoder_attention_mask, past_key_values=None, use_cache=False):
        return self.model(
            decoder_input_ids=input_ids,
            encoder_outputs=transformers.modeling_outputs.BaseModelOutput(encoder_hidden_states),
            attention_mask=encoder_attention_mask,
            past_key_values=past_key_values,
            use_cache=use_cache,
        )


def encoded_axes():
    return {name: {0: 'batch', 1: 'encoder_sequence'} for name in ('encoder_hidden_states', 'encoder_attention_mask')}


def t5_decoder(random):
    rows = {'input_ids': ids(random, 4), **encoded(random)}
    free = {'input_ids': {0: 'batch', 1: 'sequence'}, **encoded_axes()}
    return Piece(Fields(T5Decoder(), list(rows), ['logits']), rows, free, ['logits'])


def past(random, sides, layers, heads, width, lengths):
    """Keys and values: one tensor of [ROWS, heads, length, width] for each layer, side and part."""
    return {
        f'past_key_values.{layer}{side}.{part}': random.standard_normal((ROWS, heads, lengths[side], width)).astype(
            np.float32
        )
        for side in sides
        for layer in range(layers)
        for part in ('key', 'value')
    }


def t5_decoder_with_past(random):
    plain = {'input_ids': ids(random, 1), **encoded(random)}
    caches = past(random, ['.decoder', '.encoder'], 2, 4, 8, {'.decoder': 3, '.encoder': LENGTH})
    free = {'input_ids': {0: 'batch'}, **encoded_axes()}
    for name in caches:
        free[name] = {0: 'batch', 2: 'past_sequence_length' if 'decoder' in name else 'encoder_sequence'}
    outputs = ['logits', *[name.replace('past_key_values', 'present') for name in caches]]
    return Piece(DecoderStep(T5Decoder(), list(plain), crossed_cache), {**plain, **caches}, free, outputs)


def gpt2_model(layers=2):
    config = transformers.GPT2Config(n_embd=32, n_head=4, n_layer=layers, vocab_size=VOCABULARY, n_positions=64)
    return transformers.GPT2LMHeadModel(config)


def gpt2(random):
    return encoder(gpt2_model(), random, 'logits')


def gpt2_first(random):
    rows = text(random)
    outputs = ['logits', *[f'present.{layer}.{part}' for layer in range(2) for part in ('key', 'value')]]
    return Piece(DecoderStep(gpt2_model(), list(rows), own_cache), rows, text_axes(rows), outputs)


def gpt2_with_past(random):
    plain = {'input_ids': ids(random, 1), 'attention_mask': mask(5)}
    caches = past(random, [''], 2, 4, 8, {'': 4})
    free = {'input_ids': {0: 'batch'}, 'attention_mask': {0: 'batch', 1: 'past_sequence_length + 1'}}
    for name in caches:
        free[name] = {0: 'batch', 2: 'past_sequence_length'}
    outputs = ['logits', *[name.replace('past_key_values', 'present') for name in caches]]
    return Piece(DecoderStep(gpt2_model(), list(plain), own_cache), {**plain, **caches}, free, outputs)


def clip_text(random):
    config = transformers.CLIPTextConfig(**SIZES, num_hidden_layers=2, eos_token_id=1, max_position_embeddings=20)
    piece = encoder(transformers.CLIPTextModelWithProjection(config), random, 'text_embeds')
    for row in range(ROWS):
        piece.rows['input_ids'][row, LENGTH - 1 - row % 3] = 1
    return piece


def clip_vision(random):
    config = transformers.CLIPVisionConfig(
        hidden_size=32, num_attention_heads=4, intermediate_size=64, num_hidden_layers=2, image_size=PICTURE
    )
    return picture(transformers.CLIPVisionModelWithProjection(config), random, 'image_embeds')


def albert(random):
    config = transformers.AlbertConfig(**SIZES, num_hidden_layers=2, embedding_size=16)
    return encoder(transformers.AlbertModel(config), random, 'last_hidden_state', 'token_type_ids')


def mpnet(random):
    config = transformers.MPNetConfig(**SIZES, num_hidden_layers=2)
    return encoder(transformers.MPNetModel(config), random, 'last_hidden_state')


def deberta(random):
    config = transformers.DebertaV2Config(
        **SIZES,
        num_hidden_layers=2,
        relative_attention=True,
        position_buckets=16,
        max_position_embeddings=32,
        pos_att_type=['p2c', 'c2p'],
        norm_rel_ebd='layer_norm',
        share_att_key=True,
    )
    return encoder(transformers.DebertaV2ForSequenceClassification(config), random, 'logits')


def modernbert(random):
    config = transformers.ModernBertConfig(**SIZES, num_hidden_layers=3, pad_token_id=0, attn_implementation='sdpa')
    return encoder(transformers.ModernBertModel(config), random, 'last_hidden_state')


def llama_with_past(random):
    config = transformers.LlamaConfig(**SIZES, num_hidden_layers=2, num_key_value_heads=2, max_position_embeddings=64)
    plain = {'input_ids': ids(random, 1), 'attention_mask': mask(5)}
    caches = past(random, [''], 2, 2, 8, {'': 4})
    free = {'input_ids': {0: 'batch'}, 'attention_mask': {0: 'batch', 1: 'past_sequence_length + 1'}}
    for name in caches:
        free[name] = {0: 'batch', 2: 'past_sequence_length'}
    outputs = ['logits', *[name.replace('past_key_values', 'present') for name in caches]]
    module = DecoderStep(transformers.LlamaForCausalLM(config), list(plain), own_cache)
    return Piece(module, {**plain, **caches}, free, outputs)


def bert_of_one_length(random):
    """Only the rows are free, as people export who fill texts up to one length."""
    piece = bert_classifier(random)
    return dataclasses.replace(piece, free={name: {0: 'batch'} for name in piece.rows})


def convnext(random):
    config = transformers.ConvNextConfig(hidden_sizes=[16, 32], depths=[1, 1], num_stages=2, num_labels=5)
    return picture(transformers.ConvNextForImageClassification(config), random, 'logits')


def dinov2(random):
    config = transformers.Dinov2Config(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, image_size=56)
    return picture(transformers.Dinov2Model(config), random, 'pooler_output', size=56)


def siglip_vision(random):
    config = transformers.SiglipVisionConfig(
        hidden_size=32, num_attention_heads=4, intermediate_size=64, num_hidden_layers=2, image_size=PICTURE
    )
    return picture(transformers.SiglipVisionModel(config), random, 'pooler_output')


def whisper_encoder(random):
    config = transformers.WhisperConfig(
        d_model=32, encoder_layers=2, encoder_attention_heads=4, encoder_ffn_dim=64, num_mel_bins=20, max_source_positions=30
    )
    rows = {'input_features': random.standard_normal((ROWS, 20, 60)).astype(np.float32)}
    model = transformers.models.whisper.modeling_whisper.WhisperEncoder(config)
    free = {'input_features': {0: 'batch'}}
    return Piece(Fields(model, list(rows), ['last_hidden_state']), rows, free, ['last_hidden_state'])


def wav2vec2(random):
    config = transformers.Wav2Vec2Config(
        **SIZES,
        num_hidden_layers=2,
        conv_dim=[16, 16],
        conv_stride=[5, 2],
        conv_kernel=[10, 3],
        num_conv_pos_embeddings=16,
        num_conv_pos_embedding_groups=4,
    )
    rows = {'input_values': random.standard_normal((ROWS, 400)).astype(np.float32)}
    free = {'input_values': {0: 'batch', 1: 'samples'}}
    return Piece(Fields(transformers.Wav2Vec2ForCTC(config), list(rows), ['logits']), rows, free, ['logits'])


PIECES = {
    'albert': albert,
    'mpnet': mpnet,
    'deberta': deberta,
    'modernbert': modernbert,
    'bert-of-one-length': bert_of_one_length,
    'llama-with-past': llama_with_past,
    'convnext': convnext,
    'dinov2': dinov2,
    'siglip-vision': siglip_vision,
    'whisper-encoder': whisper_encoder,
    'wav2vec2': wav2vec2,
    'bert': bert_pooled,
    'bert-eager': lambda random: bert(random, attention='eager'),
    'bert-12-layers': lambda random: bert(random, layers=12, hidden_size=96, num_attention_heads=12),
    'bert-classifier': bert_classifier,
    'bert-question-answering': bert_answers,
    'distilbert': distilbert,
    'roberta': roberta,
    'minilm-pooled': minilm,
    't5-encoder': t5_encoder,
    't5-decoder': t5_decoder,
    't5-decoder-with-past': t5_decoder_with_past,
    'gpt2': gpt2,
    'gpt2-first-step': gpt2_first,
    'gpt2-with-past': gpt2_with_past,
    'clip-text': clip_text,
    'clip-vision': clip_vision,
    'vit': vit,
    'resnet': resnet_of_transformers,
}
