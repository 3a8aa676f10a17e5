import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../failures/errors.ts'
import { pick, printedRandom, randomBytes } from '../testing/fuzz.ts'
import { frame } from '../testing/grpc-frames.ts'
import { createFraming } from './framing.ts'

test('messages are told apart however the bytes are split, and their bytes are counted exactly', (context) => {
  const random = printedRandom(context)
  for (let round = 0; round < 500; round++) {
    const messages = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
      compressed: random() < 0.5,
      bytes: randomBytes(random, pick(random, [1, 10, 3000])),
    }))
    const stream = Buffer.concat(messages.map(({ compressed, bytes }) => frame(bytes, Number(compressed))))
    const framing = createFraming(3000)
    let takenBytes = 0
    for (let at = 0; at < stream.length; ) {
      const size = 1 + Math.floor(random() * pick(random, [1, 7, 5000]))
      takenBytes += framing.take(stream.subarray(at, at + size))
      at += size
      assert.equal(framing.isPartial(), at < stream.length && !endsAt(messages, at))
    }
    const arrived = messages.map(() => framing.next())
    assert.deepEqual(
      arrived.map(({ compressed }) => compressed),
      messages.map(({ compressed }) => compressed),
    )
    assert.equal(
      arrived.reduce((sum, { heldBytes }) => sum + heldBytes, 0),
      takenBytes,
    )
    assert.equal(framing.next(), undefined)
  }
})

const endsAt = (messages: readonly { readonly bytes: Buffer }[], at: number): boolean => {
  let end = 0
  return messages.some(({ bytes }) => {
    end += 5 + bytes.length
    return end === at
  })
}

test('a message that is larger than the limit is refused with its head', () => {
  const framing = createFraming(100)
  framing.take(frame(Buffer.alloc(100)))
  assert.throws(
    () => framing.take(frame(Buffer.alloc(0), 0, 101)),
    (error) => error instanceof Failure && error.kind === 'too-large',
  )
})
