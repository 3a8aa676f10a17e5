import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure, inferenceFailed, inputFailed } from './errors.ts'
import { sentenceFor } from './language.ts'

const failed = new Failure('inference-failed', inferenceFailed)
const chinese = '模型推理失败,请稍后重试'

for (const [header, sentence] of [
  [undefined, inferenceFailed],
  ['', inferenceFailed],
  ['*', inferenceFailed],
  ['en', inferenceFailed],
  ['zh', chinese],
  ['zh-CN,zh;q=0.9,en;q=0.8', chinese],
  ['en;q=0.5, zh-TW;q=0.9', chinese],
  ['de, zh;q=0.2', inferenceFailed],
  ['zh;q=0', inferenceFailed],
  ['zhuang', inferenceFailed],
] as const) {
  test(`a failed inference for Accept-Language ${header}: ${sentence}`, () =>
    assert.equal(sentenceFor(failed, header), sentence))
}

test('people read the same of inputs that the model cannot compute, and programs more', () => {
  const unable = new Failure('inference-failed', inputFailed)
  assert.equal(sentenceFor(unable, 'zh'), chinese)
  assert.equal(sentenceFor(unable, undefined), inputFailed)
  assert.ok(inputFailed.startsWith(inferenceFailed))
})

test('a sentence that says what to do is never replaced by one that does not', () => {
  const precise = new Failure('inference-failed', 'an output is not text; ask for it with binary_data')
  assert.equal(sentenceFor(precise, 'zh'), precise.message)
})
