/** A tokenizer whose patterns may take any time, in its process. */
import { join } from 'node:path'
import { Failure } from '../../failures/errors.ts'
import { modelFileSize } from '../../sealing/model-file.ts'
import { sentFolder } from '../../sealing/sealed-folders.ts'
import type { Answer } from '../../untrusted/messages.ts'
import { openUntrusted } from '../../untrusted/untrusted-process.ts'
import type { TextReaders } from './readings.ts'

/** Heap that the library takes for a byte of tokenizer.json: up to 20 with large vocabularies, and room for texts. */
const heapPerByte = 40
const leastHeapMiB = 128
const mostHeapMiB = 2048
const mebibyte = 2 ** 20

const heapFor = async (dir: string): Promise<number> => {
  const size = (await modelFileSize(join(dir, 'tokenizer.json')).catch(() => undefined)) ?? 0
  return Math.min(mostHeapMiB, leastHeapMiB + Math.ceil((size * heapPerByte) / mebibyte))
}

const subject = "the model's tokenizer"

const unreadable = (answer: Answer): Failure =>
  new Failure('internal', 'the server failed to answer; its log has the cause', {
    cause: new Error(answer.kind === 'refused' ? answer.message : `an answer of kind ${answer.kind}`),
  })

/** @throws StartError where the folder has no tokenizer that can be used */
export const readApart = async (dir: string, signal: AbortSignal | undefined): Promise<TextReaders> => {
  const { ask } = await openUntrusted({ kind: 'tokenizer', dir, sealed: sentFolder(dir) }, subject, {
    heapMiB: await heapFor(dir),
    signal,
  })
  return {
    idsOf: async (text, most, field) => {
      const answer = await ask({ kind: 'ids', text, most }, field)
      if (answer.kind === 'ids') return answer.ids
      throw unreadable(answer)
    },
    pieces: async (text, most, field) => {
      const answer = await ask({ kind: 'pieces', text, most }, field)
      if (answer.kind === 'pieces') return answer.pieces
      throw unreadable(answer)
    },
  }
}
