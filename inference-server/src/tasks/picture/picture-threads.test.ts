import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../failures/errors.ts'
import { type PicturePlan, pictureMs, pictureNumbers } from './picture-tensor.ts'
import {
  createPictureThreads,
  type FromPictureThread,
  type PictureThread,
  startPictureThread,
  type ToPictureThread,
} from './picture-threads.ts'

const plan: PicturePlan = {
  target: { width: 224, height: 150 },
  how: 'bicubic',
  crop: { width: 100, height: 120 },
  byteValues: Array.from({ length: 3 }, () => Float32Array.from({ length: 256 }, (_, byte) => byte / 255)),
  datatype: 'FP32',
  channels: 3,
  layout: 'NCHW',
}
const picture = (width: number, height: number) => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7919) % 251),
  width,
  height,
  channels: 3,
})

test('numbers made by a thread are those that are made at once', async () => {
  const onThread = createPictureThreads(startPictureThread)
  for (const datatype of ['FP32', 'FP16'] as const) {
    const wanted = pictureNumbers(picture(900, 700), { ...plan, datatype })
    assert.deepEqual(await onThread(picture(900, 700), { ...plan, datatype }), wanted)
  }
})

/** Threads that answer when the test says so. */
const fakeThreads = () => {
  const threads: { posted: ToPictureThread[]; say: (message: FromPictureThread) => void; die: () => void }[] =
    []
  const spawn = (): PictureThread => {
    const heard = new Map<string, (value: never) => void>()
    const posted: ToPictureThread[] = []
    threads.push({
      posted,
      say: (message) => heard.get('message')?.(message as never),
      die: () => heard.get('error')?.(new Error('out of memory') as never),
    })
    return {
      postMessage: (message) => void posted.push(message),
      on: (event: string, listener: (value: never) => void) => void heard.set(event, listener),
      ref: () => {},
      unref: () => {},
    }
  }
  return { threads, spawn }
}

test('no thread starts for pictures that take less than the way to one', async () => {
  const { threads, spawn } = fakeThreads()
  const onThread = createPictureThreads(spawn, 2)
  const small: PicturePlan = { ...plan, target: { width: 32, height: 32 }, crop: undefined }
  await onThread(picture(40, 40), small)
  assert.equal(threads.length, 0)
})

test('a thread that dies fails its pictures so that they are sent again, and the next picture has a new one', async () => {
  const { threads, spawn } = fakeThreads()
  const onThread = createPictureThreads(spawn, 1)
  const lost = [onThread(picture(900, 700), plan), onThread(picture(900, 700), plan)]
  threads[0]?.die()
  for (const one of await Promise.allSettled(lost)) {
    assert.equal(one.status, 'rejected')
    const { reason } = one as PromiseRejectedResult
    assert.ok(reason instanceof Failure)
    assert.deepEqual([reason.status, reason.retryAfterSeconds], [503, 1])
  }
  const next = onThread(picture(900, 700), plan)
  const numbers = { width: 1, height: 1, data: Float32Array.of(1, 2, 3) }
  threads[1]?.say({ id: Number(threads[1].posted[0]?.id), numbers })
  assert.deepEqual(await next, numbers)
})

test('a thread that dies while it is sent a large picture fails that picture alone', async () => {
  const { threads, spawn } = fakeThreads()
  const onThread = createPictureThreads(spawn, 1)
  const lost = onThread(picture(3000, 2000), plan)
  threads[0]?.die()
  await assert.rejects(lost, { kind: 'unavailable' })
  const parts = threads[0]?.posted.filter((message) => 'part' in message) ?? []
  assert.equal(parts.length, 1)
})

test('pictures go to the thread that has the fewest', async () => {
  const { threads, spawn } = fakeThreads()
  const onThread = createPictureThreads(spawn, 2)
  for (let count = 0; count < 4; count++) void onThread(picture(900, 700), plan)
  await Promise.resolve()
  assert.deepEqual(
    threads.map(({ posted }) => posted.filter((message) => 'plan' in message).length),
    [2, 2],
  )
})

test('what a picture takes grows with its pixels, whether it is made smaller or is not', () => {
  const ms = (width: number, height: number) => pictureMs({ width, height, channels: 3 }, plan)
  assert.ok(ms(4000, 3000) > 10 * ms(800, 600))
  assert.ok(ms(224, 150) < ms(230, 160))
})
