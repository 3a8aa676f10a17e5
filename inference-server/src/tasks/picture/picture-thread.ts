/** Body of a thread that makes numbers of pictures, one after the other. */
import { parentPort } from 'node:worker_threads'
import { freeBytes } from '../../tensors/tensor-memory.ts'
import { pictureNumbers } from './picture-tensor.ts'
import type { FromPictureThread, PictureHead, ToPictureThread } from './picture-threads.ts'

if (!parentPort) throw new Error('picture-thread.ts runs as a worker thread only')
const port = parentPort
const answer = (message: FromPictureThread, given: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...given])

/** Pictures that have not come whole. */
const arriving = new Map<number, PictureHead & { readonly data: Uint8Array }>()

const make = (id: number, { size, plan, data }: PictureHead & { readonly data: Uint8Array }): void => {
  const numbers = pictureNumbers({ data, ...size }, plan)
  // Left to the garbage collector, the pixels of several large pictures would wait for it.
  freeBytes(data)
  answer({ id, numbers }, [numbers.data.buffer])
}

const take = (message: ToPictureThread): void => {
  const { id } = message
  if ('plan' in message) {
    const { width, height, channels } = message.size
    arriving.set(id, { ...message, data: new Uint8Array(width * height * channels) })
    return
  }
  const picture = arriving.get(id)
  if (!picture) return
  const { at, part } = message
  picture.data.set(part, at)
  if (at + part.length < picture.data.length) return
  arriving.delete(id)
  make(id, picture)
}

port.on('message', (message: ToPictureThread) => {
  try {
    take(message)
  } catch (error) {
    arriving.delete(message.id)
    answer({ id: message.id, problem: String(error) })
  }
})
