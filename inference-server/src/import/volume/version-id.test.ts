import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareIds, isVersionId, nextId } from './version-id.ts'

const now = new Date('2026-11-23T10:15:00.999Z')

test('an id is the second of the import, in UTC', () => {
  assert.equal(nextId([], now), 'v_20261123_101500')
  assert.ok(isVersionId(nextId([], now)))
})

test('further imports of one second are numbered', () => {
  const ids: string[] = []
  for (let index = 0; index < 12; index++) ids.push(nextId(ids, now))
  assert.deepEqual([ids[1], ids[11]], ['v_20261123_101500_2', 'v_20261123_101500_12'])
  assert.deepEqual(ids.toSorted(compareIds), ids)
})

test('a number is not given again when older ones of the second are gone', () => {
  assert.equal(nextId(['v_20261123_101500_3'], now), 'v_20261123_101500_4')
})

test('the newest stays the newest where clocks differ', () => {
  assert.equal(nextId(['v_20261123_120000'], now), 'v_20261123_120000_2')
})

test('what is no version is not taken for one', () => {
  for (const name of ['versions.json', '.import-1', 'v_1', 'v_20261123_101500_', 'v_20261123_101500.bak'])
    assert.equal(isVersionId(name), false, name)
})
