import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastWords } from './last-words.ts'

test('the last line of a plain log is what counts', () => {
  assert.equal(lastWords('starting\nsegmentation fault\n\n'), 'segmentation fault')
})

test('a JSON line is worth its message', () => {
  assert.equal(lastWords('{"level":"info","message":"starting"}'), 'starting')
})

test('an error says more than what follows it', () => {
  const log = '{"level":"error","message":"no model.onnx"}\n{"level":"info","message":"stopped"}'
  assert.equal(lastWords(log), 'no model.onnx')
})

test('nothing said is nothing, and much is cut', () => {
  assert.equal(lastWords(undefined), undefined)
  assert.equal(lastWords(' \n'), undefined)
  assert.equal(lastWords('x'.repeat(2000))?.length, 500)
})
