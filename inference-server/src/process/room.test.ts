import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRoom } from './room.ts'

/** Work that goes on until it is ended, and what has begun. */
const works = () => {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
  }
  return { begun, work, end: (name: string) => ends.get(name)?.() }
}

test('pictures that fit beside each other go on side by side, the next waits in its turn', async () => {
  const { begun, work, end } = works()
  const room = createRoom(10)
  const results = [room(6, work('a')), room(4, work('b')), room(8, work('c')), room(1, work('d'))]
  await Promise.resolve()
  assert.deepEqual(begun, ['a', 'b'])
  end('b')
  await results[1]
  assert.deepEqual(begun, ['a', 'b'])
  end('a')
  await results[0]
  await Promise.resolve()
  assert.deepEqual(begun, ['a', 'b', 'c', 'd'])
  for (const name of ['c', 'd']) end(name)
  assert.deepEqual(await Promise.all(results), ['a', 'b', 'c', 'd'])
})

test('one that is larger than all the room has it alone', async () => {
  const { begun, work, end } = works()
  const room = createRoom(10)
  const results = [room(99, work('a')), room(1, work('b'))]
  await Promise.resolve()
  assert.deepEqual(begun, ['a'])
  end('a')
  await results[0]
  await Promise.resolve()
  end('b')
  assert.equal(await results[1], 'b')
})

test('a picture that fails leaves its room to the next', async () => {
  const room = createRoom(1)
  await assert.rejects(
    room(1, () => Promise.reject(new Error('broken'))),
    /broken/,
  )
  assert.equal(await room(1, async () => 'next'), 'next')
})
