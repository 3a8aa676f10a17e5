import assert from 'node:assert/strict'
import { test } from 'node:test'
import { specProblems } from './problems.ts'
import { spec } from './testing/measurements.ts'

test('finds nothing wrong with defaults, and with what the CRD allows', () => {
  assert.deepEqual(specProblems(spec(['a'])), [])
  const weights = { accuracy: 0.1, cost: 0.2, throughput: 0.7 }
  assert.deepEqual(specProblems(spec(['a'], { weights, costModel: { perRequest: 0 } })), [])
})

test('says that weights must sum to 1, those left out with their default', () => {
  assert.deepEqual(specProblems(spec(['a'], { weights: { accuracy: 0.5 } })), [
    'spec.weights sum to 1.1 and must sum to 1; a weight that is left out has its default',
  ])
  assert.deepEqual(specProblems(spec(['a'], { weights: { accuracy: -0.4, cost: 0.7, throughput: 0.7 } })), [
    'spec.weights.accuracy is -0.4 and must be from 0 to 1',
  ])
})

test('refuses amounts that are negative or no number, by their field', () => {
  const broken = { costModel: { basePerGb: -1 }, expectedRequestsPerHour: Number.NaN }
  assert.deepEqual(specProblems(spec(['a'], broken)), [
    'spec.costModel.basePerGb is -1 and must be a number of at least 0',
    'spec.expectedRequestsPerHour is NaN and must be a number of at least 0',
  ])
})

test('refuses a price sheet beside coefficients', () => {
  const costModel = { perRequest: 1, prices: { configMapRef: { name: 'prices' } } }
  assert.deepEqual(specProblems(spec(['a'], { costModel })), [
    'spec.costModel.prices takes the place of perRequest; set either',
  ])
})

test('refuses to rank an error by the formula of the article', () => {
  assert.deepEqual(specProblems(spec(['a'], { metric: 'perplexity', score: 'comprehensive' })), [
    'spec.score comprehensive adds the metric to other shares, and perplexity is an error without a bound; set spec.score to normalized',
  ])
  assert.deepEqual(specProblems(spec(['a'], { metric: 'r2', score: 'comprehensive' })), [])
})
