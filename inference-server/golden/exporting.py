"""PyTorch -> ONNX, and the proof that both compute the same."""

import os
import warnings

os.environ.setdefault('ORT_DISABLE_TELEMETRY', '1')  # has to be set before onnxruntime is imported

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from transformers import DynamicCache, EncoderDecoderCache
from transformers.modeling_outputs import BaseModelOutput

from folders import TOLERANCE

OPSET = 18


class Flat(torch.nn.Module):
    """A function of named tensors as a module of tensors in a row, which is what the exporter follows best."""

    def __init__(self, model, names, function):
        super().__init__()
        self.model, self.names, self.function = model, names, function

    def forward(self, *tensors):
        return self.function(self.model, dict(zip(self.names, tensors)))


def export(model, function, inputs, outputs, path, examples):
    """
    Writes `function(model, {name: tensor}) -> tuple` as an ONNX graph and compares both on every example.

    inputs, outputs: {name: axes}, an axis being a number or the name of a free length.
    examples: list of {name: tensor}; the first is traced, so its free lengths have to be 2 or more and all different.
    """
    flat = Flat(model, list(inputs), function).eval()
    traced = tuple(examples[0][name] for name in inputs)
    free = tuple({axis: name for axis, name in enumerate(axes) if isinstance(name, str)} for axes in inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        program = torch.onnx.export(
            flat, traced, input_names=list(inputs), output_names=list(outputs), dynamic_shapes=(free,),
            opset_version=OPSET, dynamo=True, verbose=False,
        )
    proto = cleaned(program.model_proto, {**inputs, **outputs})
    save(proto, path)
    session = onnxruntime.InferenceSession(path)
    worst = 0.0
    for example in examples:
        feeds = {name: example[name] for name in inputs}
        with torch.no_grad():
            expected = flat(*feeds.values())
        actual = session.run(None, {name: tensor.numpy() for name, tensor in feeds.items()})
        for name, left, right in zip(outputs, expected, actual, strict=True):
            assert tuple(left.shape) == right.shape, f'{path.name} {name}: {right.shape} for {tuple(left.shape)}'
            if right.size:
                worst = max(worst, float(np.abs(left.numpy() - right).max()))
    assert worst < TOLERANCE, f'{path} differs from PyTorch by {worst}'
    print(f'  {path.name}: {path.stat().st_size / 1000:.0f} kB, within {worst:.1e} of PyTorch')
    return session


def cleaned(proto, shapes):
    """Without the trace's shapes and stack traces (paths of this machine), equal weights kept once, free lengths under our names."""
    graph = proto.graph
    del graph.value_info[:]
    for node in graph.node:
        del node.metadata_props[:]
        node.doc_string = ''
    del graph.metadata_props[:]
    del proto.metadata_props[:]
    for value in [*graph.input, *graph.output]:
        del value.metadata_props[:]
        kind = value.type.tensor_type.elem_type
        value.CopyFrom(helper.make_tensor_value_info(value.name, kind, list(shapes[value.name])))
    share_weights(graph, [graph])
    return proto


def share_weights(graph, users):
    """Drops initializers that repeat another's bytes and points the nodes of `users` at the one that stays."""
    seen, renamed, kept = {}, {}, []
    for tensor in graph.initializer:
        key = (tensor.data_type, tuple(tensor.dims), onnx.numpy_helper.to_array(tensor).tobytes())
        if key in seen:
            renamed[tensor.name] = seen[key]
        else:
            seen[key] = tensor.name
            kept.append(tensor)
    del graph.initializer[:]
    graph.initializer.extend(kept)
    for user in users:
        for node in user.node:
            for index, name in enumerate(node.input):
                node.input[index] = renamed.get(name, name)


def save(proto, path):
    onnx.checker.check_model(proto, full_check=True)
    onnx.save(proto, path)


def causal_mask(attention_mask, rows, past):
    """Which columns every row may look at, as what is added to its scores: [batch, 1, rows, past + rows]; 0 or the lowest number."""
    columns = torch.arange(past + rows)
    seen = (columns[None, :] <= (torch.arange(rows) + past)[:, None])[None, None]
    if attention_mask is not None:
        seen = seen & attention_mask[:, None, None, :].bool()
    return torch.where(seen, 0.0, torch.finfo(torch.float32).min)


def cache_of(tensors, prefix, layers, between=''):
    """The key-value cache held by the tensors PREFIX.N.BETWEENkey and …value."""
    cache = DynamicCache()
    for layer in range(layers):
        cache.update(tensors[f'{prefix}.{layer}.{between}key'], tensors[f'{prefix}.{layer}.{between}value'], layer)
    return cache


def pairs(cache):
    return tuple(tensor for layer in cache.layers for tensor in (layer.keys, layer.values))


def cache_axes(prefix, layers, heads, width, length, between=''):
    """Names and axes of a cache's tensors, keys and values in turn."""
    return {
        f'{prefix}.{layer}.{between}{part}': ('batch_size', heads, length, width)
        for layer in range(layers)
        for part in ('key', 'value')
    }


# --- decoders alone: GPT-2, Llama, Qwen2 -------------------------------------------------------------------------------

def export_decoder(model, path):
    """
    One graph for the prompt and for every further token: a prompt comes with a past of length 0. Rows of different
    lengths are filled up on the left: 0 in attention_mask, which covers past and new tokens; position_ids count only
    what is not filled up.
    """
    config = model.config
    layers, heads = config.num_hidden_layers, getattr(config, 'num_key_value_heads', config.num_attention_heads)
    width = config.hidden_size // config.num_attention_heads
    past_axes = cache_axes('past_key_values', layers, heads, width, 'past_sequence_length')
    inputs = {
        'input_ids': ('batch_size', 'sequence_length'),
        'attention_mask': ('batch_size', 'total_sequence_length'),
        'position_ids': ('batch_size', 'sequence_length'),
        **past_axes,
    }
    outputs = {
        'logits': ('batch_size', 'sequence_length', config.vocab_size),
        **cache_axes('present', layers, heads, width, 'total_sequence_length'),
    }

    def step(model, tensors):
        ids, cache = tensors['input_ids'], cache_of(tensors, 'past_key_values', layers)
        past = tensors['past_key_values.0.key'].shape[2]
        answer = model(
            input_ids=ids, attention_mask=causal_mask(tensors['attention_mask'], ids.shape[1], past),
            position_ids=tensors['position_ids'], past_key_values=cache, use_cache=True,
        )
        return (answer.logits, *pairs(answer.past_key_values))

    def example(batch, rows, past, hidden=0):
        mask = torch.ones(batch, past + rows, dtype=torch.int64)
        mask[0, :hidden] = 0
        positions = (mask.cumsum(-1) - 1).clamp(min=0)[:, past:]
        ids = torch.randint(0, config.vocab_size, (batch, rows))
        lengths = {'past_sequence_length': past, 'batch_size': batch}
        return {'input_ids': ids, 'attention_mask': mask, 'position_ids': positions, **noise(past_axes, lengths)}

    examples = [example(2, 3, 5), example(1, 1, 0), example(1, 6, 0), example(3, 1, 7), example(2, 4, 3, 2), example(3, 5, 0, 3)]
    return export(model, step, inputs, outputs, path, examples)


def noise(axes, lengths):
    """Random tensors with these axes."""
    return {name: torch.randn([lengths.get(axis, axis) for axis in shape]) for name, shape in axes.items()}


# --- encoders with decoders: Marian, T5, ViT with GPT-2 -----------------------------------------------------------------

def export_text_encoder(model, path):
    inputs = {name: ('batch_size', 'encoder_sequence_length') for name in ('input_ids', 'attention_mask')}
    outputs = {'last_hidden_state': ('batch_size', 'encoder_sequence_length', model.config.d_model)}

    def encode(model, tensors):
        return (model.get_encoder()(**tensors).last_hidden_state,)

    def example(batch, length, hidden=0):
        mask = torch.ones(batch, length, dtype=torch.int64)
        if hidden:
            mask[0, -hidden:] = 0
        return {'input_ids': torch.randint(0, model.config.vocab_size, (batch, length)), 'attention_mask': mask}

    return export(model, encode, inputs, outputs, path, [example(2, 7), example(1, 1), example(1, 9), example(3, 6, 2)])


def export_text_decoders(model, folder, layers, heads, width, keep_both):
    """
    decoder_model_merged.onnx of a text-to-text model: `use_cache_branch` false computes the caches of the encoder's
    states, true takes them from past_key_values.N.encoder.*; then present.N.encoder.* are empty and the earlier ones
    go on being used. With `keep_both`, decoder_model.onnx and decoder_with_past_model.onnx stay beside it.
    """
    size = {'vocab': model.config.vocab_size, 'states': model.config.d_model}
    mask = {'encoder_attention_mask': ('batch_size', 'encoder_sequence_length')}
    ids = {'input_ids': ('batch_size', 'sequence_length')}
    states = {'encoder_hidden_states': ('batch_size', 'encoder_sequence_length', size['states'])}
    own_past = cache_axes('past_key_values', layers, heads, width, 'past_sequence_length', 'decoder.')
    other_past = cache_axes('past_key_values', layers, heads, width, 'encoder_sequence_length', 'encoder.')
    own = cache_axes('present', layers, heads, width, 'total_sequence_length', 'decoder.')
    other = cache_axes('present', layers, heads, width, 'encoder_sequence_length', 'encoder.')
    logits = {'logits': ('batch_size', 'sequence_length', size['vocab'])}

    def answer(model, tensors, states, cache, past):
        ids = tensors['input_ids']
        return model(
            encoder_outputs=BaseModelOutput(states), attention_mask=tensors['encoder_attention_mask'],
            decoder_input_ids=ids, decoder_attention_mask=causal_mask(None, ids.shape[1], past).expand(ids.shape[0], -1, -1, -1),
            past_key_values=cache, use_cache=True,
        )

    def first(model, tensors):
        cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
        result = answer(model, tensors, tensors['encoder_hidden_states'], cache, 0)
        return (result.logits, *pairs(cache.self_attention_cache), *pairs(cache.cross_attention_cache))

    def later(model, tensors):
        own, other = (cache_of(tensors, 'past_key_values', layers, part) for part in ('decoder.', 'encoder.'))
        # only the shape of the states is looked at: their keys and values are in the cache
        states = tensors['encoder_attention_mask'][:, :, None].to(torch.float32).expand(-1, -1, size['states'])
        result = answer(model, tensors, states, EncoderDecoderCache(own, other), tensors['past_key_values.0.decoder.key'].shape[2])
        return (result.logits, *pairs(own))

    def example(batch, rows, past, length, hidden=0):
        lengths = {'batch_size': batch, 'past_sequence_length': past, 'encoder_sequence_length': length}
        shown = torch.ones(batch, length, dtype=torch.int64)
        if hidden:
            shown[0, -hidden:] = 0
        tokens = torch.randint(0, size['vocab'], (batch, rows))
        return {'encoder_attention_mask': shown, 'input_ids': tokens, **noise({**states, **own_past, **other_past}, lengths)}

    first_inputs, later_inputs = {**mask, **ids, **states}, {**mask, **ids, **own_past, **other_past}
    first_path, later_path = folder / 'decoder_model.onnx', folder / 'decoder_with_past_model.onnx'
    export(model, first, first_inputs, {**logits, **own, **other}, first_path,
           [example(2, 3, 0, 5), example(1, 1, 0, 4), example(3, 1, 0, 6, 2)])
    export(model, later, later_inputs, {**logits, **own}, later_path,
           [example(2, 3, 4, 5), example(1, 1, 1, 4), example(3, 1, 7, 6, 2)])
    merge(first_path, later_path, folder / 'decoder_model_merged.onnx')
    if not keep_both:
        first_path.unlink()
        later_path.unlink()


def export_picture_encoder(model, path):
    config = model.config.encoder
    inputs = {'pixel_values': ('batch_size', config.num_channels, config.image_size, config.image_size)}
    patches = (config.image_size // config.patch_size) ** 2 + 1
    outputs = {'last_hidden_state': ('batch_size', patches, config.hidden_size)}

    def encode(model, tensors):
        return (model.get_encoder()(**tensors).last_hidden_state,)

    return export(model, encode, inputs, outputs, path, [noise(inputs, {'batch_size': batch}) for batch in (2, 1, 3)])


def export_picture_decoders(model, folder):
    """
    decoder_model_merged.onnx of a picture-to-text model whose decoder is GPT-2: past_key_values.N.key and .value are
    the decoder's own; the encoder's states are given at every step and looked at anew.
    """
    config = model.config.decoder
    layers, heads, width = config.n_layer, config.n_head, config.n_embd // config.n_head
    ids = {'input_ids': ('batch_size', 'sequence_length')}
    states = {'encoder_hidden_states': ('batch_size', 'encoder_sequence_length', model.config.encoder.hidden_size)}
    past_axes = cache_axes('past_key_values', layers, heads, width, 'past_sequence_length')
    outputs = {
        'logits': ('batch_size', 'sequence_length', config.vocab_size),
        **cache_axes('present', layers, heads, width, 'total_sequence_length'),
    }

    def answer(model, tensors, own, past):
        ids = tensors['input_ids']
        cache = EncoderDecoderCache(own, DynamicCache())
        mask = causal_mask(None, ids.shape[1], past).expand(ids.shape[0], -1, -1, -1)
        result = model.decoder(
            input_ids=ids, attention_mask=mask, position_ids=(torch.arange(ids.shape[1]) + past)[None].expand(ids.shape[0], -1),
            encoder_hidden_states=tensors['encoder_hidden_states'], past_key_values=cache, use_cache=True,
        )
        return (result.logits, *pairs(own))

    def first(model, tensors):
        return answer(model, tensors, DynamicCache(), 0)

    def later(model, tensors):
        return answer(model, tensors, cache_of(tensors, 'past_key_values', layers), tensors['past_key_values.0.key'].shape[2])

    def example(batch, rows, past, length):
        lengths = {'batch_size': batch, 'past_sequence_length': past, 'encoder_sequence_length': length}
        tokens = torch.randint(0, config.vocab_size, (batch, rows))
        return {'input_ids': tokens, **noise({**states, **past_axes}, lengths)}

    first_path, later_path = folder / 'decoder_model.onnx', folder / 'decoder_with_past_model.onnx'
    export(model, first, {**ids, **states}, outputs, first_path, [example(2, 3, 0, 17), example(1, 1, 0, 17)])
    export(model, later, {**ids, **states, **past_axes}, outputs, later_path, [example(2, 3, 4, 17), example(1, 1, 1, 17)])
    merge(first_path, later_path, folder / 'decoder_model_merged.onnx')
    first_path.unlink()
    later_path.unlink()


def merge(first_path, later_path, path):
    """
    Both graphs under one `If` on `use_cache_branch`, as the exporters of Hugging Face write it. An output that the
    second graph lacks has no rows in its branch.
    """
    first, later = onnx.load(first_path), onnx.load(later_path)
    inputs = {value.name: value for model in (first, later) for value in model.graph.input}
    outputs = list(first.graph.output)
    weights = []
    branches = [branch(model, prefix, outputs, weights) for model, prefix in ((later, 'later'), (first, 'first'))]
    choice = helper.make_node(
        'If', ['use_cache_branch'], [value.name for value in outputs], name='choice',
        then_branch=branches[0], else_branch=branches[1],
    )
    switch = helper.make_tensor_value_info('use_cache_branch', TensorProto.BOOL, [1])
    graph = helper.make_graph([choice], 'merged', [*inputs.values(), switch], outputs, weights)
    share_weights(graph, branches)
    # attributes hold copies, so the branches whose inputs were renamed have to be put in again
    del choice.attribute[:]
    choice.attribute.extend([helper.make_attribute('then_branch', branches[0]), helper.make_attribute('else_branch', branches[1])])
    graph.node[0].CopyFrom(choice)
    save(helper.make_model(graph, opset_imports=first.opset_import, ir_version=first.ir_version), path)
    print(f'  {path.name}: {path.stat().st_size / 1000:.0f} kB')


def branch(model, prefix, outputs, weights):
    """A graph as a branch: all its names but those of the inputs prefixed, its weights moved out into `weights`."""
    graph, outer = model.graph, {value.name for value in model.graph.input}

    def named(name):
        return name if not name or name in outer else f'{prefix}.{name}'

    nodes = []
    for node in graph.node:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.name = named(node.name)
        copy.input[:] = [named(name) for name in node.input]
        copy.output[:] = [named(name) for name in node.output]
        nodes.append(copy)
    for tensor in graph.initializer:
        copy = onnx.TensorProto()
        copy.CopyFrom(tensor)
        copy.name = named(tensor.name)
        weights.append(copy)
    made = {value.name for value in graph.output}
    results = []
    for value in outputs:
        result = onnx.ValueInfoProto()
        result.CopyFrom(value)
        result.name = f'{prefix}.{value.name}'
        if value.name not in made:
            heads, width = (value.type.tensor_type.shape.dim[axis].dim_value for axis in (1, 3))
            empty = helper.make_tensor('empty', TensorProto.FLOAT, [0, heads, 1, width], [])
            nodes.append(helper.make_node('Constant', [], [result.name], value=empty))
            result.CopyFrom(helper.make_tensor_value_info(result.name, TensorProto.FLOAT, [0, heads, 1, width]))
        results.append(result)
    return helper.make_graph(nodes, prefix, [], results)
