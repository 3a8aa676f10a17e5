import assert from 'node:assert/strict'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { failing, importOptions, temporaryFolder } from '../testing/imports.ts'
import { importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)

let copies = 0

/** Imports a copy of a reference model without some of its files. */
const importing = (model: string, task: Task, without: readonly string[] = []) => {
  copies += 1
  const source = join(folder.path, `source-${copies}`)
  cpSync(join(import.meta.dirname, '../../golden/models', model), source, { recursive: true })
  for (const name of without) rmSync(join(source, name))
  return importModel(importOptions({ source, volume: join(folder.path, `models-${copies}`), task }))
}

test('a pair of encoder and decoder is imported with all that it needs', async () => {
  for (const [model, task] of [
    ['translation-marian', 'translation'],
    ['translation-t5', 'translation'],
    ['image-to-text', 'image-to-text'],
  ] as const) {
    const { version } = await importing(model, task)
    const files = readdirSync(join(folder.path, `models-${copies}`, version.id))
    for (const name of ['encoder_model.onnx', 'decoder_model_merged.onnx', 'tokenizer.json'])
      assert.ok(files.includes(name), `${model} ${name}`)
  }
})

test('a decoder that writes alone is imported', async () => {
  await importing('text-generation-gpt2', 'text-generation')
  await importing('code-generation', 'code-generation')
})

test('what is missing is named', async () => {
  for (const name of ['encoder_model.onnx', 'decoder_model_merged.onnx', 'tokenizer.json']) {
    const sentence = new RegExp(`^${name} is missing, which translation needs`)
    await assert.rejects(
      importing('translation-marian', 'translation', [name]),
      failing('ModelIncomplete', sentence),
    )
  }
  await assert.rejects(
    importing('text-generation-gpt2', 'text-generation', ['tokenizer.json']),
    failing('ModelIncomplete', /^tokenizer\.json is missing, which text-generation needs/),
  )
})
