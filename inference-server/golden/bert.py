"""The size of all BERTs here, and how they are exported."""

import numpy as np
import torch
from transformers import BertConfig

from exporting import export


def config(tokenizer, longest=64, **extra):
    return BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=longest, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        initializer_range=0.1,  # so narrow a network hardly starts to learn from the usual 0.02
        **extra,
    )


def export_bert(model, path, outputs, types=True):
    """outputs: {name: axes} of the graph, each an attribute of the model's answer; types: whether it tells two texts apart."""
    names = ['input_ids', 'attention_mask', *(['token_type_ids'] if types else [])]
    inputs = {name: ('batch_size', 'sequence_length') for name in names}

    def run(model, tensors):
        answer = model(**tensors)
        return tuple(getattr(answer, name) for name in outputs)

    def example(batch, length, hidden=0):
        mask = torch.ones(batch, length, dtype=torch.int64)
        if hidden:
            mask[0, -hidden:] = 0
        token_types = (torch.arange(length) >= length // 2).long().expand(batch, -1).contiguous()
        ids = torch.randint(0, model.config.vocab_size, (batch, length))
        return {'input_ids': ids, 'attention_mask': mask, 'token_type_ids': token_types}

    examples = [example(2, 9), example(1, 1), example(1, 30), example(3, 8, 3)]
    return export(model, run, inputs, outputs, path, examples)


def masked_words(tokenizer, texts, rng):
    """A batch for masked language modelling: one token in five is hidden behind [MASK]."""
    batch = dict(tokenizer(texts, padding=True, return_tensors='pt'))
    ids = batch['input_ids']
    special = torch.isin(ids, torch.tensor(tokenizer.all_special_ids))
    hidden = torch.from_numpy(rng.random(tuple(ids.shape)) < 0.2) & ~special
    hidden[torch.arange(len(ids)), 1 + torch.from_numpy(rng.integers(0, 4, len(ids)))] = True
    hidden &= ~special
    batch['labels'] = ids.masked_fill(~hidden, -100)
    batch['input_ids'] = ids.masked_fill(hidden, tokenizer.mask_token_id)
    return batch


def rows(tensor):
    """The first row of a batch of one, as numbers."""
    return tensor[0].detach().numpy().astype(np.float64)
