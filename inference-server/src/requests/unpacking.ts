/** Bodies that came compressed. Few bytes become many, so only some are unpacked at a time: the others wait as they came. */

import { Failure } from '../failures/errors.ts'
import { createRoom } from '../process/room.ts'
import type { BytesInFlight } from './bytes-in-flight.ts'

export type Coding = 'gzip' | 'deflate'

/** @param limitBytes that the result may have @throws Failure too-large, malformed */
type Inflate = (body: Buffer, coding: Coding, limitBytes: number) => Promise<Buffer>

/**
 * @param isGone whether the caller has left
 * @throws Failure too-large, malformed, bodies-full, cancelled
 */
export type Unpack = (
  body: Buffer,
  coding: Coding,
  limitBytes: number,
  isGone: () => boolean,
) => Promise<Buffer>

/** Each takes up to the largest body, and a thread of the four that Node has for such work. */
const atATime = 2

export const tooLarge = (limitBytes: number): Failure =>
  new Failure(
    'too-large',
    `the body is larger than the limit of ${limitBytes} bytes; send less, or raise --max-body-mib`,
  )

const inflate: Inflate = async (body, coding, limitBytes) => {
  const { gunzip, inflate: unzip } = await import('node:zlib')
  const unpack = coding === 'gzip' ? gunzip : unzip
  return new Promise((resolve, reject) => {
    unpack(body, { maxOutputLength: limitBytes }, (error, result) => {
      if (!error) resolve(result)
      else if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge(limitBytes))
      else reject(new Failure('malformed', `the body is not ${coding}: ${error.message}`))
    })
  })
}

/** @param inFlight what waits takes memory, also where its caller has left meanwhile */
export const createUnpacking = (inFlight: BytesInFlight): Unpack => {
  const room = createRoom(atATime)
  return async (body, coding, limitBytes, isGone) => {
    const hold = inFlight.hold(() => {})
    hold.arriving(false)
    try {
      hold.add(body.length)
      return await room(1, async () => {
        if (isGone()) throw new Failure('cancelled', 'the caller left before its body was unpacked')
        return inflate(body, coding, limitBytes)
      })
    } finally {
      hold.release()
    }
  }
}
