import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failing } from '../../testing/imports.ts'
import { chooseGraph, type GraphWish } from './graph-file.ts'

const choose = (paths: string, wish: Partial<GraphWish> = {}) =>
  chooseGraph(paths.split(' '), { task: 'tensor', file: undefined, ...wish })

const refused = (paths: string, message: RegExp, wish: Partial<GraphWish> = {}): void =>
  assert.throws(() => choose(paths, wish), failing('ModelIncomplete', message))

describe('of the graphs in a folder', () => {
  test('model.onnx wins, then onnx/model.onnx', () => {
    assert.deepEqual(choose('a.onnx model.onnx onnx/model.onnx'), { graph: 'model.onnx' })
    assert.deepEqual(choose('a.onnx onnx/model.onnx onnx/model_fp16.onnx'), { graph: 'onnx/model.onnx' })
  })

  test('the only one wins under any name, in the folder or in onnx/', () => {
    for (const path of [
      'iris.onnx',
      'onnx/model_quantized.onnx',
      'onnx/int8/net.onnx',
      'decoder_model_merged.onnx',
    ])
      assert.deepEqual(choose(`config.json ${path} readme/other.onnx`), { graph: path })
  })

  test('the chosen one wins over model.onnx, in any folder', () => {
    const paths = 'model.onnx onnx/model_fp16.onnx text/net.onnx'
    for (const file of ['onnx/model_fp16.onnx', 'text/net.onnx', './text//net.onnx'])
      assert.deepEqual(choose(paths, { file }), { graph: file.replace('./', '').replace('//', '/') })
  })

  test('several are listed, with how to choose', () =>
    refused(
      'onnx/model_fp16.onnx onnx/model_int8.onnx',
      /^2 \.onnx files are there; choose one with --file, on a cluster spec\.model\.source\.file, or call it model\.onnx \(there: "onnx\/model_fp16\.onnx", "onnx\/model_int8\.onnx"\)$/,
    ))

  test('one elsewhere has to be chosen, and what is no graph is listed where there is none', () => {
    refused(
      'unet/model.onnx config.json',
      /other folders have 1 \.onnx file; choose one with --file.*"unet\/model\.onnx"/,
    )
    assert.throws(
      () => chooseGraph([], { task: 'tensor', file: undefined }),
      failing('ModelIncomplete', /^there is no \.onnx file, nor any other; export/),
    )
    refused(
      'config.json weights.bin',
      /^there is no \.onnx file, but 2 other files; export.*"config\.json", "weights\.bin"/,
    )
  })

  test('a choice that is not there, or leaves the folder, is refused', () => {
    refused(
      'model.onnx b.onnx',
      /^there is no "c\.onnx"; the folder has 2 \.onnx files \(there: "model\.onnx", "b\.onnx"\)$/,
      {
        file: 'c.onnx',
      },
    )
    for (const file of ['../model.onnx', '/model.onnx'])
      assert.throws(
        () => choose('model.onnx', { file }),
        failing('UnsafePath', /^the chosen file .*model\.onnx"/),
      )
  })

  test('a decoder in parts is refused with what to export', () =>
    refused(
      'decoder_model.onnx decoder_with_past_model.onnx',
      /a decoder is served as one graph.*without --no-post-process \(there/,
      { task: 'text-generation' },
    ))

  test('an encoder with a decoder needs a task that reads both', () =>
    refused(
      'encoder_model.onnx decoder_model_merged.onnx',
      /an encoder and its decoder; their task is translation or image-to-text/,
    ))
})

describe('of the graphs of an encoder and a decoder', () => {
  const task = 'translation'

  test('the merged decoder is taken with its encoder, before model.onnx and the decoders in parts', () =>
    assert.deepEqual(
      choose(
        'model.onnx onnx/encoder_model.onnx onnx/decoder_model_merged.onnx onnx/decoder_model.onnx onnx/decoder_with_past_model.onnx onnx/decoder_model_merged_int8.onnx',
        { task },
      ),
      { graph: 'onnx/decoder_model_merged.onnx', encoder: 'onnx/encoder_model.onnx' },
    ))

  test('a quantized decoder is taken with the encoder quantized alike, or the full one', () => {
    const decoder = 'onnx/decoder_model_merged_int8.onnx'
    assert.deepEqual(choose(`${decoder} onnx/encoder_model_int8.onnx`, { task }), {
      graph: decoder,
      encoder: 'onnx/encoder_model_int8.onnx',
    })
    assert.deepEqual(
      choose(
        `onnx/decoder_model_merged.onnx ${decoder} onnx/encoder_model.onnx onnx/encoder_model_int8.onnx`,
        {
          task,
          file: decoder,
        },
      ),
      { graph: decoder, encoder: 'onnx/encoder_model_int8.onnx' },
    )
    assert.deepEqual(choose(`${decoder} onnx/encoder_model.onnx`, { task }), {
      graph: decoder,
      encoder: 'onnx/encoder_model.onnx',
    })
  })

  test('what is missing is named', () => {
    refused('decoder_model_merged.onnx', /^encoder_model\.onnx is missing, which translation needs; export/, {
      task,
    })
    refused('encoder_model.onnx', /^decoder_model_merged\.onnx is missing, which translation needs; export/, {
      task,
    })
    refused(
      'encoder_model.onnx decoder_model.onnx decoder_with_past_model.onnx',
      /^decoder_model_merged\.onnx is missing.*has the decoder in parts.*without --no-post-process \(there/,
      { task },
    )
    refused(
      'encoder_model.onnx decoder_model_merged_a.onnx decoder_model_merged_b.onnx',
      /^2 merged decoders are there/,
      { task },
    )
    refused('encoder_model.onnx decoder_model.onnx', /^the chosen file is no merged decoder/, {
      task,
      file: 'decoder_model.onnx',
    })
  })
})
