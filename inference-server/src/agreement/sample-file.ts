/** Reads single samples of the file that `samples` writes (samples/tensor-file.ts), so that a large one need not fit into memory. */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { sampleNames } from '@gantry/contract/optimizing.ts'
import type { Datatype, NamedTensors, Tensor } from '../tensors/tensor.ts'
import { elementCount } from '../tensors/tensor.ts'
import { tensorFromBytes } from '../tensors/tensor-binary.ts'

/** Names of the format (safetensors). */
const datatypes: Readonly<Record<string, Datatype>> = {
  ...{ BOOL: 'BOOL', U8: 'UINT8', U16: 'UINT16', U32: 'UINT32', U64: 'UINT64' },
  ...{ I8: 'INT8', I16: 'INT16', I32: 'INT32', I64: 'INT64', F16: 'FP16', F32: 'FP32', F64: 'FP64' },
}
const lengthBytes = 8
/** A header has some hundred bytes for each input of a row. */
const longestHeader = 256 * 2 ** 20

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [from: number, to: number]
}

export interface SampleFile extends AsyncDisposable {
  /** Numbers of the rows that judge, in an order that has nothing to do with that of the data set. */
  readonly judging: readonly number[]
  /** The output that a label is compared with. */
  readonly answering: string | undefined
  readonly row: (number: number) => Promise<NamedTensors>
}

/**
 * Half of the samples calibrate, and the others judge. The optimizer divides them by the same rule: samples in the order of the SHA-256
 * of their numbers, of which the first half calibrates. A single sample does both.
 * @param samples number of the sample that each row belongs to
 * @returns numbers of rows
 */
export const judgingRows = (samples: readonly number[]): readonly number[] => {
  const hash = (sample: number): string => createHash('sha256').update(`${sample}`).digest('hex')
  const order = [...new Set(samples)].map((sample) => [hash(sample), sample] as const).sort()
  const places = new Map(order.map(([, sample], place) => [sample, place]))
  const calibrating = Math.floor(order.length / 2)
  const placeOf = (row: number): number => places.get(samples[row] as number) as number
  return [...samples.keys()]
    .filter((row) => placeOf(row) >= calibrating)
    .toSorted((one, other) => placeOf(one) - placeOf(other) || one - other)
}

const readAt = async (file: FileHandle, from: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from)
  if (bytesRead !== length) throw new Error('the file of samples ends early')
  return buffer
}

const headerOf = async (file: FileHandle) => {
  const length = Number((await readAt(file, 0, lengthBytes)).readBigUInt64LE())
  if (length > longestHeader) throw new Error('the file of samples is none')
  const text = (await readAt(file, lengthBytes, length)).toString('utf8')
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(text) as Record<string, unknown>
  return {
    metadata: metadata as Readonly<Record<string, string>>,
    entries: entries as Readonly<Record<string, Entry>>,
    start: lengthBytes + length,
  }
}

const readTensor = async (
  file: FileHandle,
  start: number,
  name: string,
  { dtype, shape, data_offsets: [from, to] }: Entry,
): Promise<Tensor> => {
  const datatype = datatypes[dtype]
  if (!datatype) throw new Error(`the file of samples has the type ${dtype}`)
  return tensorFromBytes(
    name,
    datatype,
    shape,
    elementCount(shape),
    await readAt(file, start + from, to - from),
  )
}

/** Input names of each row. */
const rowsOf = (entries: Readonly<Record<string, Entry>>) => {
  const rows = new Map<number, (readonly [input: string, entry: Entry])[]>()
  for (const [name, entry] of Object.entries(entries)) {
    const row = /^(\d+)\/(.*)$/s.exec(name)
    if (!row) continue
    const number = Number(row[1])
    rows.set(number, [...(rows.get(number) ?? []), [row[2] as string, entry]])
  }
  return rows
}

/** @throws Error of the file system, or where the file is no file of samples */
export const openSampleFile = async (path: string): Promise<SampleFile> => {
  const file = await open(path, 'r')
  try {
    const { metadata, entries, start } = await headerOf(file)
    const rows = rowsOf(entries)
    const numbers = entries[sampleNames.samples]
    if (!numbers) throw new Error('the file of samples does not say to which samples its rows belong')
    const { data } = await readTensor(file, start, sampleNames.samples, numbers)
    return {
      judging: judgingRows(Array.from(data as BigInt64Array, Number)),
      answering: metadata[sampleNames.metadata.output],
      row: async (number) => {
        const tensors = new Map<string, Tensor>()
        for (const [name, entry] of rows.get(number) ?? [])
          tensors.set(name, await readTensor(file, start, name, entry))
        return tensors
      },
      [Symbol.asyncDispose]: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}
