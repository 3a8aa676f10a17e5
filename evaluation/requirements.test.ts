import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Candidate } from './evaluation.ts'
import { lacking } from './requirements.ts'

const candidate = (task: Candidate['task'], capabilities?: readonly string[]): Candidate => ({
  name: 'base',
  task,
  ...(capabilities && { capabilities: [...capabilities] }),
})

const able: readonly [Candidate['task'], readonly string[]][] = [
  ['tensor', ['tensor']],
  ['text-classification', ['text_classification']],
  ['token-classification', ['token_classification']],
  ['question-answering', ['question_answering']],
  ['feature-extraction', ['feature_extraction']],
  ['zero-shot-classification', ['zero_shot_classification', 'text_classification']],
  ['fill-mask', ['fill_mask']],
  ['text-generation', ['text_generation']],
  ['code-generation', ['code_generation', 'text_generation']],
  ['translation', ['translation']],
  ['image-classification', ['image_classification']],
  [
    'zero-shot-image-classification',
    ['zero_shot_image_classification', 'image_classification', 'multimodal'],
  ],
  ['image-to-text', ['image_to_text', 'multimodal']],
]
const known = [...new Set(able.flatMap(([, capabilities]) => capabilities))]

for (const [task, capabilities] of able)
  test(`a model of ${task} can do ${capabilities.join(', ')} and nothing else`, () => {
    const missing = known.filter((name) => lacking({ [name]: true }, candidate(task)).length > 0)
    assert.deepEqual(missing.toSorted(), known.filter((name) => !capabilities.includes(name)).toSorted())
  })

test('says what a candidate cannot do, and what requires it', () => {
  const requirements = { translation: true, text_generation: true, 'legal-advice': true, multimodal: true }
  assert.deepEqual(lacking(requirements, candidate('text-classification')), [
    'cannot translate: translation is required',
    'cannot generate text: text_generation is required',
    'cannot do legal_advice: legal-advice is required',
    'cannot take pictures and text together: multimodal is required',
  ])
})

test('requires nothing of what is false or not named', () => {
  assert.deepEqual(lacking({ translation: false }, candidate('tensor')), [])
  assert.deepEqual(lacking(undefined, candidate('tensor')), [])
})

test('takes capabilities beside the task, with hyphens, underscores, spaces and capitals alike', () => {
  const wide = candidate('text-generation', ['Question-Answering', 'legal advice'])
  assert.deepEqual(lacking({ question_answering: true, 'Legal-Advice': true }, wide), [])
})

test('a requirement called as a member of every object is a name like any other', () => {
  assert.deepEqual(lacking({ constructor: true }, candidate('tensor')), [
    'cannot do constructor: constructor is required',
  ])
})

test('a requirement of strange characters becomes one visible line', () => {
  assert.deepEqual(lacking({ 'a\nReady: True\u202e': true }, candidate('tensor')), [
    'cannot do a_ready:_true\ufffd: a Ready: True\ufffd is required',
  ])
})
