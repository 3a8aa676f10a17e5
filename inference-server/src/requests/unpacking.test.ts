import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Failure } from '../failures/errors.ts'
import { createBytesInFlight } from './bytes-in-flight.ts'
import { createUnpacking } from './unpacking.ts'

const mib = 2 ** 20
const stays = (): boolean => false
const isOf =
  (kind: string) =>
  (error: unknown): boolean =>
    error instanceof Failure && error.kind === kind

test('bodies that wait are unpacked in turn, and what waits counts as in flight until then', async () => {
  const inFlight = createBytesInFlight(100 * mib)
  const unpack = createUnpacking(inFlight)
  const body = gzipSync(Buffer.alloc(mib, 7))
  const all = Promise.all(Array.from({ length: 20 }, () => unpack(body, 'gzip', mib, stays)))
  assert.equal(inFlight.bytes(), 20 * body.length)
  for (const unpacked of await all) assert.ok(unpacked.equals(Buffer.alloc(mib, 7)))
  assert.equal(inFlight.bytes(), 0)
})

test('one that cannot be unpacked, or whose caller has left, does not hold up those behind it', async () => {
  const inFlight = createBytesInFlight(100 * mib)
  const unpack = createUnpacking(inFlight)
  const body = gzipSync(Buffer.alloc(mib))
  const wrong = [
    assert.rejects(unpack(Buffer.from('no gzip'), 'gzip', mib, stays), isOf('malformed')),
    assert.rejects(unpack(body, 'gzip', mib - 1, stays), isOf('too-large')),
    assert.rejects(
      unpack(body, 'gzip', mib, () => true),
      isOf('cancelled'),
    ),
    assert.rejects(unpack(Buffer.from('x'), 'deflate', mib, stays), isOf('malformed')),
  ]
  assert.equal((await unpack(body, 'gzip', mib, stays)).length, mib)
  await Promise.all(wrong)
  assert.equal(inFlight.bytes(), 0)
})

test('more than there is room for does not wait', async () => {
  const unpack = createUnpacking(createBytesInFlight(mib))
  await assert.rejects(unpack(Buffer.alloc(mib + 1), 'gzip', mib, stays), isOf('bodies-full'))
})
