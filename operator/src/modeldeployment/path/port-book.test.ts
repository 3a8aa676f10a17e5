import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cache } from '@gantry/kube/cache.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import type { ModelDeployment } from '../model-deployment.ts'
import { createPortBook, hasLostPort } from './port-book.ts'

const model = (name: string, status: object = {}, createdAt = '2026-11-26T10:00:00Z'): ModelDeployment => {
  const one = modelDeployment()
  return {
    ...one,
    metadata: { ...one.metadata, name, creationTimestamp: createdAt },
    status: { managedBy: 'gantry-system/gantry', ...status },
  } as ModelDeployment
}

const cacheOf = (...models: readonly ModelDeployment[]): Cache => ({ all: () => models }) as unknown as Cache

const portAfterRestart = (one: ModelDeployment, ...others: readonly ModelDeployment[]): number =>
  createPortBook().take(cacheOf(one, ...others), one) ?? 0

test('a model gets a port from 20000 to 29999, the same one after each start of the operator', () => {
  const port = portAfterRestart(model('a'))
  assert.ok(port >= 20_000 && port <= 29_999)
  assert.equal(portAfterRestart(model('a')), port)
  assert.equal(portAfterRestart(model('a', { gatewayPort: 20_007 })), 20_007)
})

test('no two models have one port, although no status shows it yet; where all are taken there is none', () => {
  const book = createPortBook()
  const models = Array.from({ length: 40 }, (_, index) => model(`m-${index}`))
  const first = portAfterRestart(model('m-0'))
  const holder = model('holder', { gatewayPort: first })
  const cache = cacheOf(holder, ...models)
  const ports = models.map((one) => book.take(cache, one))
  assert.equal(new Set([...ports, first]).size, 41)
  const full = Array.from({ length: 10_000 }, (_, index) =>
    model(`h-${index}`, { gatewayPort: 20_000 + index }),
  )
  assert.equal(book.take(cacheOf(model('late'), ...full), model('late')), undefined)
})

test('a port that is free again, or whose model is gone, is given again', () => {
  const book = createPortBook()
  const one = model('one')
  const wanted = portAfterRestart(one)
  const rival = model('rival', { gatewayPort: wanted })
  book.take(cacheOf(rival, one), rival)
  assert.notEqual(book.take(cacheOf(rival, one), one), wanted)
  book.free(one)
  assert.equal(book.take(cacheOf(one), one), wanted)
})

test('of two models with one port the older keeps it; ports of other releases do not count', () => {
  const [old, young] = [
    model('b', { gatewayPort: 20_001 }, '2026-11-26T10:00:00Z'),
    model('a', { gatewayPort: 20_001 }, '2026-11-26T11:00:00Z'),
  ]
  const cache = cacheOf(young, old)
  assert.equal(hasLostPort(cache, old), false)
  assert.equal(hasLostPort(cache, young), true)
  assert.notEqual(createPortBook().take(cache, young), 20_001)
  const foreign = model('b', { gatewayPort: 20_001, managedBy: 'other/gantry' }, '2026-11-26T10:00:00Z')
  assert.equal(createPortBook().take(cacheOf(foreign, young), young), 20_001)
})
