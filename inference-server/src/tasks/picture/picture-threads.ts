/**
 * Threads that make numbers of pictures, so that the thread of HTTP goes on answering. They start with the first picture that
 * takes long, and end with the process. One that dies fails its pictures (503, to be sent again) and is replaced with the next.
 */
import { availableParallelism } from 'node:os'
import { setImmediate as others } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Failure } from '../../failures/errors.ts'
import { freeBytes } from '../../tensors/tensor-memory.ts'
import { type PictureNumbers, type PicturePlan, pictureMs, pictureNumbers } from './picture-tensor.ts'
import type { Pixels } from './resample.ts'

/** What comes before the parts of a picture. */
export interface PictureHead {
  readonly id: number
  readonly size: Omit<Pixels, 'data'>
  readonly plan: PicturePlan
}

/** Some of its bytes, in order. */
interface PicturePart {
  readonly id: number
  readonly at: number
  readonly part: Uint8Array<ArrayBuffer>
}

export type ToPictureThread = PictureHead | PicturePart

export type FromPictureThread =
  | { readonly id: number; readonly numbers: PictureNumbers }
  | { readonly id: number; readonly problem: string }

/** A Worker is one. */
export interface PictureThread {
  readonly postMessage: (message: ToPictureThread, given?: readonly ArrayBuffer[]) => void
  readonly on: {
    (event: 'message', listener: (message: FromPictureThread) => void): unknown
    (event: 'error', listener: (error: Error) => void): unknown
    (event: 'exit', listener: (code: number) => void): unknown
  }
  readonly ref: () => unknown
  readonly unref: () => unknown
}

/** What takes less is done at once: the way to another thread and back takes 0.2 ms. */
const atOnceMs = 2
/** Each takes about 10 MB. */
const mostThreads = 2

type Waiting = ReturnType<typeof Promise.withResolvers<PictureNumbers>>

const lost = (cause: unknown): Failure =>
  new Failure('unavailable', 'the thread that resized the picture has ended; send the picture again', {
    retryAfterSeconds: 1,
    cause,
  })

/** @param problem the text of an error; the only one that a checked picture can meet is that there is no memory */
const unmade = (problem: string): Error =>
  problem.startsWith('RangeError')
    ? new Failure(
        'out-of-memory',
        'there was no memory to resize the picture; send it again, or a smaller one',
        {
          retryAfterSeconds: 1,
          cause: new Error(problem),
        },
      )
    : new Error(problem)

/** Copied in some milliseconds. Node hands no memory of libvips to another thread. */
const partBytes = 4 * 2 ** 20

/** Part by part, so that probes come between. @param isAwaited whether the thread is still there */
const send = async (
  to: PictureThread,
  { id, data, plan, ...size }: Pixels & Pick<PictureHead, 'id' | 'plan'>,
  isAwaited: () => boolean,
): Promise<void> => {
  to.postMessage({ id, size, plan })
  for (let at = 0; at < data.length && isAwaited(); at += partBytes) {
    const part = new Uint8Array(data.subarray(at, at + partBytes))
    to.postMessage({ id, at, part }, [part.buffer])
    if (at + partBytes < data.length) await others()
  }
}

/** One thread, started with its first picture, and again after it has died. */
const createSlot = (spawn: () => PictureThread) => {
  const waiting = new Map<number, Waiting>()
  let thread: PictureThread | undefined
  let next = 0

  const settle = (message: FromPictureThread): void => {
    const one = waiting.get(message.id)
    waiting.delete(message.id)
    if (waiting.size === 0) thread?.unref()
    if ('numbers' in message) one?.resolve(message.numbers)
    else one?.reject(unmade(message.problem))
  }
  const open = (): PictureThread => {
    const opened = spawn()
    const end = (cause: unknown): void => {
      if (thread !== opened) return
      thread = undefined
      for (const one of waiting.values()) one.reject(lost(cause))
      waiting.clear()
    }
    opened.on('message', settle)
    opened.on('error', end)
    opened.on('exit', (code) => end(new Error(`the thread ended with code ${code}`)))
    return opened
  }
  return {
    size: (): number => waiting.size,
    run: async (picture: Pixels, plan: PicturePlan): Promise<PictureNumbers> => {
      thread ??= open()
      const to = thread
      const one = Promise.withResolvers<PictureNumbers>()
      const id = next++
      // It may be rejected before it has a handler: the thread may die while the picture is sent.
      one.promise.catch(() => {})
      waiting.set(id, one)
      to.ref()
      await send(to, { id, ...picture, plan }, () => waiting.has(id))
      freeBytes(picture.data)
      return one.promise
    },
  }
}

/** @returns makes numbers of a picture, and takes its memory */
export const createPictureThreads = (
  spawn: () => PictureThread,
  threads = Math.min(mostThreads, availableParallelism()),
) => {
  const slots = Array.from({ length: threads }, () => createSlot(spawn))
  return async (picture: Pixels, plan: PicturePlan): Promise<PictureNumbers> => {
    if (pictureMs(picture, plan) < atOnceMs) return pictureNumbers(picture, plan)
    const slot = slots.reduce((least, one) => (one.size() < least.size() ? one : least))
    return slot.run(picture, plan)
  }
}

export const startPictureThread = (): PictureThread =>
  new Worker(new URL('./picture-thread.ts', import.meta.url)) as PictureThread
