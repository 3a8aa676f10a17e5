/** What a failed import reports becomes the status of a model, and people read that who may not read the source. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Task } from '@gantry/contract/server.ts'
import { asImportError, inFull } from '../failures/import-error.ts'
import { bytes, integer, message } from '../onnx/write.ts'
import { type TarEntry, tar } from '../testing/archives.ts'
import { importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { failedReport, reportText } from './command/report.ts'
import { type ImportOptions, importModel } from './import-model.ts'

const folder = temporaryFolder()
after(folder.remove)

/** Stands in every name and every content that no report may repeat. */
const mark = 'Hunter2'

type Files = Readonly<Record<string, string | Buffer>>

interface Case {
  readonly source: string
  readonly task?: Task
  readonly change?: Partial<ImportOptions>
}

const place = (): string => mkdtempSync(join(folder.path, 'case-'))
const folderOf = (files: Files): string => {
  const dir = place()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), content)
  }
  return dir
}
const fileOf = (content: string | Buffer): string => {
  const path = join(place(), 'download')
  writeFileSync(path, content)
  return path
}
const archiveOf = (...entries: TarEntry[]): string => fileOf(tar(entries))
const linkTo = (target: string): string => {
  const dir = folderOf({ 'model.onnx': model })
  symlinkSync(target, join(dir, mark))
  return dir
}
const onnx = (...graph: Buffer[]): Buffer =>
  Buffer.concat([integer(1, 8), message(7, graph), message(8, [bytes(1, ''), integer(2, 17)])])
const weightsAt = (location: string, ...more: Buffer[]): Buffer =>
  onnx(
    message(5, [message(13, [bytes(1, 'location'), bytes(2, location)]), ...more, integer(14, 1)]),
    message(12, [bytes(1, 'y')]),
  )
const sequence = message(2, [message(4, [message(1, [message(1, [integer(1, 1)])])])])
const foreignOperator = Buffer.concat([
  onnx(
    message(1, [bytes(1, 'x'), bytes(2, 'y'), bytes(4, `${mark}Op`), bytes(7, `${mark}.domain`)]),
    message(12, [bytes(1, 'y')]),
  ),
])
const withTokenizer = (files: Files): Case => ({
  source: folderOf({ 'model.onnx': model, ...files }),
  task: 'text-classification',
})

const cases: Readonly<Record<string, () => Case>> = {
  'a text': () => ({ source: fileOf(`PGPASSWORD=${mark}\n`) }),
  'a JSON document': () => ({ source: fileOf(`{"SecretAccessKey": "${mark}"}`) }),
  'bytes that are no model': () => ({
    source: fileOf(Buffer.concat([Buffer.from([10, 7]), Buffer.from(mark)])),
  }),
  'a folder without a graph': () => ({ source: folderOf({ [`base/${mark}.dump`]: mark, PG_VERSION: '16' }) }),
  'several graphs': () => ({ source: folderOf({ [`${mark}.onnx`]: model, 'b.onnx': model }) }),
  'a graph elsewhere': () => ({ source: folderOf({ [`${mark}/net.onnx`]: model, a: '' }) }),
  'a choice that is not there': () => ({
    source: folderOf({ [`${mark}.onnx`]: model }),
    change: { file: 'other.onnx' },
  }),
  'a decoder without its encoder': () => ({
    source: folderOf({ [`decoder_model_merged${mark}.onnx`]: model }),
    task: 'translation',
  }),
  'several decoders': () => ({
    source: folderOf({ [`decoder_model_merged${mark}.onnx`]: model, 'decoder_model_merged2.onnx': model }),
    task: 'translation',
  }),
  'an encoder beside a decoder': () => ({
    source: folderOf({
      [`decoder_model_merged${mark}.onnx`]: model,
      [`encoder_model${mark}.onnx`]: model,
    }),
  }),
  'an entry that leaves the folder': () => ({ source: archiveOf({ path: `../${mark}`, content: 'x' }) }),
  'an absolute entry': () => ({ source: archiveOf({ path: `/${mark}`, content: 'x' }) }),
  'a link in an archive': () => ({ source: archiveOf({ path: mark, type: '2', linkTo: `/${mark}` }) }),
  'an entry twice': () => ({
    source: archiveOf({ path: mark, content: 'x' }, { path: mark, content: 'x' }),
  }),
  'an archive without a graph': () => ({
    source: archiveOf({ path: mark, content: mark }, { path: 'b', content: '' }),
  }),
  'a damaged archive': () => ({
    source: fileOf(
      Buffer.concat([tar([{ path: mark, content: mark }], false), Buffer.from(mark.repeat(100))]),
    ),
  }),
  'a link out of a folder': () => ({ source: linkTo('/etc/hostname') }),
  'a link to nothing': () => ({ source: linkTo(`/nowhere/${mark}`) }),
  'a link to itself': () => ({ source: linkTo(mark) }),
  'a link round and round': () => ({ source: linkTo('.') }),
  'another digest': () => ({ source: fileOf(model), change: { sha256: '0'.repeat(64) } }),
  'weights that are not there': () => ({ source: fileOf(weightsAt(`${mark}.bin`)) }),
  'weights outside': () => ({ source: fileOf(weightsAt(`../${mark}`)) }),
  'weights that are too short': () => ({
    source: folderOf({
      'model.onnx': weightsAt(mark, message(13, [bytes(1, 'length'), bytes(2, '99')])),
      [mark]: `${mark}\n`,
    }),
  }),
  'weights at a strange place': () => ({
    source: fileOf(weightsAt('w', message(13, [bytes(1, 'offset'), bytes(2, mark)]))),
  }),
  'an output that is no tensor': () => ({ source: fileOf(onnx(message(12, [bytes(1, mark), sequence]))) }),
  'an unknown operator': () => ({ source: fileOf(foreignOperator) }),
  'a config.json that is no JSON': () => ({
    source: folderOf({ 'model.onnx': model, 'config.json': `{"a": ${mark}` }),
  }),
  'a tokenizer_config.json that is no JSON': () => withTokenizer({ 'tokenizer_config.json': mark }),
  'a tokenizer that is none': () => withTokenizer({ 'tokenizer.json': `{"model": {"type": "${mark}"}}` }),
  'a tokenizer that breaks off': () => withTokenizer({ 'tokenizer.json': `{"model": ${mark}` }),
  'another tokenizer': () => withTokenizer({ [`${mark}.model`]: '' }),
  'an unknown pooling': () => ({
    source: folderOf({
      'model.onnx': model,
      'tokenizer.json':
        '{"version":"1.0","added_tokens":[],"normalizer":null,"pre_tokenizer":null,"post_processor":null,"decoder":null,"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[UNK]":0,"a":1}}}',
      '1_Pooling/config.json': `{"pooling_mode": "${mark}"}`,
    }),
    task: 'feature-extraction',
  }),
}

const failureOf = async ({ source, task = 'tensor', change }: Case) => {
  const volume = place()
  const shownAs = 'pvc://claim/model'
  try {
    await importModel(importOptions({ source, shownAs, volume, task, ...change }))
  } catch (error) {
    return asImportError(error)
  }
  throw new Error('it was imported')
}

describe('the report of a failed import repeats neither names nor content of the source:', () => {
  for (const [what, given] of Object.entries(cases))
    test(what, async () => {
      const failure = await failureOf(given())
      const report = reportText(failedReport(failure))
      assert.doesNotMatch(report, new RegExp(mark), inFull(failure))
      assert.doesNotMatch(report.replace('0'.repeat(64), ''), /[0-9a-f]{64}/, 'nor the digest of what came')
    })
})

test('a person at the terminal reads the names and the beginning of what came', async () => {
  const failures = await Promise.all(
    ['a text', 'several graphs', 'weights that are not there', 'a link in an archive'].map((what) =>
      failureOf((cases[what] as () => Case)()),
    ),
  )
  for (const failure of failures) {
    assert.match(inFull(failure), new RegExp(mark))
    assert.match((failedReport(failure) as { message: string }).message, /the log of the import says more$/)
  }
})

test('names that would move a cursor, forge a line or turn the direction are written out, everywhere they are shown', async () => {
  for (const hidden of ['\u001b[2J', '\r\nReady: True', '\u009b2J', '\u202egpj', '\u2028']) {
    for (const source of [
      archiveOf({ path: `../a${hidden}`, content: 'x' }),
      folderOf({ [`a${hidden}`]: '' }),
    ]) {
      const failure = await failureOf({ source })
      for (const text of [inFull(failure), reportText(failedReport(failure))])
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}]/u)
      assert.match(inFull(failure), /\\u|\\r/)
    }
  }
})

test('a file that only a later look finds malformed is said to be no ONNX, as the first look says it', async () => {
  const unended = message(5, [bytes(1, 'classlabels_int64s'), bytes(8, Buffer.from([0x80]))])
  const zipMap = message(1, [
    ...[bytes(1, 'x'), bytes(2, 'y'), bytes(4, 'ZipMap'), unended],
    bytes(7, 'ai.onnx.ml'),
  ])
  const failure = await failureOf({ source: fileOf(onnx(zipMap, message(12, [bytes(1, 'y')]))) })
  assert.equal(failure.reason, 'NotOnnx', inFull(failure))
})
