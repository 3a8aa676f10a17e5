import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failing } from '../testing/imports.ts'
import { type SelectionWish, selectFiles } from './hub-files.ts'

const wish = (change: Partial<SelectionWish> = {}): SelectionWish => ({
  ...{ task: 'tensor', file: undefined, export: false, whole: false },
  ...change,
})

/** A repository as those of encoders are, with all that their authors put beside a model. */
const repository = [
  ...['.gitattributes', 'README.md', 'LICENSE', 'config.json', 'modeling_acme.py', 'train_script.py'],
  ...['tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'vocab.txt', 'spiece.model'],
  ...['modules.json', '1_Pooling/config.json', '2_Dense/config.json', '2_Dense/model.safetensors'],
  ...['model.safetensors', 'pytorch_model.bin', 'tf_model.h5', 'flax_model.msgpack', 'rust_model.ot'],
  ...[
    'onnx/model.onnx',
    'onnx/model.onnx_data',
    'onnx/model_quantized.onnx',
    'onnx/model_quantized.onnx_data',
  ],
  ...['openvino/openvino_model.bin', 'coreml/model.mlpackage/Data/weights.bin', 'events/run.tfevents'],
]
const beside = [
  ...['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json', 'vocab.txt'],
  ...[
    'spiece.model',
    'modules.json',
    '1_Pooling/config.json',
    '2_Dense/config.json',
    '2_Dense/model.safetensors',
  ],
]

test('the graph comes with its weights and what tasks read, and nothing else', () => {
  assert.deepEqual(selectFiles(repository, wish()), {
    paths: [...beside, 'onnx/model.onnx', 'onnx/model.onnx_data'],
    graphs: ['onnx/model.onnx'],
  })
})

test('a chosen graph comes without the others and their weights', () => {
  const { paths, graphs } = selectFiles(repository, wish({ file: 'onnx/model_quantized.onnx' }))
  assert.deepEqual(paths.slice(beside.length), [
    'onnx/model_quantized.onnx',
    'onnx/model_quantized.onnx_data',
  ])
  assert.deepEqual(graphs, ['onnx/model_quantized.onnx'])
})

test('an encoder comes with its decoder', () => {
  const pair = ['onnx/encoder_model.onnx', 'onnx/decoder_model_merged.onnx', 'onnx/decoder_model.onnx']
  const { paths } = selectFiles(['config.json', ...pair], wish({ task: 'translation' }))
  assert.deepEqual(paths, ['config.json', 'onnx/decoder_model_merged.onnx', 'onnx/encoder_model.onnx'])
})

test('an export gets weights that cannot run code, and no graph', () => {
  assert.deepEqual(selectFiles(repository, wish({ export: true })), {
    paths: [...beside, 'model.safetensors'],
    graphs: [],
  })
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
  const split = ['config.json', 'model.safetensors.index.json', ...shards, 'pytorch_model.bin']
  assert.deepEqual(selectFiles(split, wish({ export: true })).paths, split.slice(0, 4))
  assert.deepEqual(selectFiles(['churn.skops', 'churn.pkl'], wish({ export: true })).paths, ['churn.skops'])
})

test('what a repository lacks is told with what to do', () => {
  const refused = (paths: readonly string[], change: Partial<SelectionWish>, said: RegExp): void =>
    assert.throws(() => selectFiles(paths, wish(change)), failing('ModelIncomplete', said))
  refused(
    ['config.json', 'model.safetensors'],
    {},
    /weights in safetensors; set spec\.optimize\.export: \{\}/,
  )
  refused(['config.json', 'pytorch_model.bin'], {}, /can run code when it is read.*refs\/pr\/N/)
  refused(['model-Q4_K_M.gguf'], {}, /GGUF/)
  refused(['README.md'], {}, /neither a \.onnx file nor weights/)
  refused(['a.onnx', 'b.onnx'], {}, /2 \.onnx files are there; choose one/)
  refused(repository, { file: 'onnx/other.onnx' }, /there is no "onnx\/other\.onnx"/)
  refused(['model.pkl'], { export: true }, /is a pickle/)
  refused(['config.json', 'pytorch_model.bin'], { export: true }, /weights of PyTorch without a model/)
  refused(repository, { export: true, file: 'pytorch_model.bin' }, /weights of PyTorch without a model/)
  refused(repository, { export: true, file: 'x.skops' }, /has no such file/)
})

test('a signature over all files brings them all', () => {
  assert.deepEqual(selectFiles(repository, wish({ whole: true })).paths, repository)
})
