/** Body of a thread that makes numbers of pictures, one after the other. */
import { parentPort } from 'node:worker_threads'
import { pictureNumbers } from './picture-tensor.ts'
import type { FromPictureThread, ToPictureThread } from './picture-threads.ts'

if (!parentPort) throw new Error('picture-thread.ts runs as a worker thread only')
const port = parentPort
const answer = (message: FromPictureThread, given: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...given])

port.on('message', ({ id, picture, plan }: ToPictureThread) => {
  try {
    const numbers = pictureNumbers(picture, plan)
    answer({ id, numbers }, [numbers.data.buffer])
  } catch (error) {
    answer({ id, problem: String(error) })
  }
})
