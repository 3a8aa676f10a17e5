import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { load } from 'js-yaml'
import { meaningOfAnalysis, meaningOfCategory, meaningOfProbabilities } from './meanings.ts'

interface Sample {
  readonly spec: {
    readonly model: {
      readonly labels: readonly string[]
      readonly responses?: Readonly<Record<string, string>>
    }
  }
}

const sample = (name: string): Sample['spec']['model'] => {
  const file = join(import.meta.dirname, '../../manifests/samples', `${name}.yaml`)
  return (load(readFileSync(file, 'utf8')) as Sample).spec.model
}

const latin = /^[\x20-\x7e]*$/

test('every category of the customer-service sample is told in English', () => {
  const { labels, responses = {} } = sample('customer-service')
  assert.ok(labels.length > 0)
  for (const category of labels) {
    const response = responses[category] ?? ''
    assert.match(meaningOfCategory({ category, confidence: 0.98, response }), latin, category)
  }
})

test('the default reply of the customer-service sample is known as such', () => {
  const { responses = {} } = sample('customer-service')
  const answer = { category: '退换货', confidence: 0.26, response: responses['default'] }
  assert.match(
    meaningOfCategory(answer),
    /^not sure enough \(returns and exchanges: 26 %\); it replies "Sorry/,
  )
})

test('every finding of the chest-xray sample is told in English', () => {
  for (const prediction of sample('chest-xray').labels) {
    assert.match(meaningOfAnalysis({ prediction, confidence: 1 }), latin, prediction)
  }
})

test('probabilities are told as the likelier of the two', () => {
  const answer = (...data: number[]) => ({
    outputs: [
      { name: 'label', data: [1] },
      { name: 'probabilities', data },
    ],
  })
  assert.equal(meaningOfProbabilities(answer(0.0002, 0.9998)), 'benign, 100 % sure')
  assert.equal(meaningOfProbabilities(answer(0.75, 0.25)), 'malignant, 75 % sure')
})
