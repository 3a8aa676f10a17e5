/**
 * Runs a model before it is ready: the first run of a shape is slow, and a model that cannot run should not become ready.
 * Also finds out whether rows are independent: a free first axis may count time steps instead of requests.
 */
import { toHalf } from './half.ts'
import {
  allocate,
  elementCount,
  type NamedTensors,
  type Signature,
  stack,
  stackNamed,
  type Tensor,
  type TensorSpec,
} from './tensor.ts'

export type Run = (inputs: NamedTensors) => Promise<{ readonly outputs: NamedTensors }>

/** Whether requests may share a batch. */
export type Batching = { readonly kind: 'batchable' } | { readonly kind: 'alone'; readonly reason: string }

const alone = (reason: string): Batching => ({ kind: 'alone', reason })

/** What free axes but the first are set to: small first, then a size that image models take. */
const freeLengths = [8, 224] as const

/** Small values that are valid indices, masks, pixels and numbers alike, and differ from row to row. */
const valueAt = (index: number, row: number): number => (index === 0 ? 1 : ((index * (row + 2)) % 5) % 2)

const sample = (spec: TensorSpec, row: number, freeLength: number): Tensor => {
  const shape = spec.shape.map((length, axis) =>
    axis === 0 && length === -1 ? 1 : length === -1 ? freeLength : length,
  )
  const count = elementCount(shape)
  const { datatype } = spec
  if (datatype === 'BYTES') {
    return {
      dtype: datatype,
      shape,
      data: Array.from({ length: count }, (_, index) => String(valueAt(index, row))),
    }
  }
  const data = allocate(datatype, count)
  for (let index = 0; index < count; index++) {
    const value = valueAt(index, row)
    if (datatype === 'INT64' || datatype === 'UINT64') data[index] = BigInt(value)
    else data[index] = datatype === 'FP16' ? toHalf(value) : value
  }
  return { dtype: datatype, shape, data }
}

const samples = ({ inputs }: Signature, row: number, freeLength: number): NamedTensors =>
  new Map(inputs.map((spec) => [spec.name, sample(spec, row, freeLength)]))

/** A batch of made-up rows of a model whose other axes are all fixed. */
export const sampleRows = (signature: Signature, rows: number): NamedTensors =>
  new Map(
    signature.inputs.map((spec) => {
      const [first, ...rest] = Array.from({ length: rows }, (_, row) => sample(spec, row, 1))
      return [spec.name, stack([first as Tensor, ...rest])]
    }),
  )

/** What the declared axes say: undefined where they allow batches. */
const declaredReason = ({ inputs, outputs }: Signature): string | undefined => {
  const all = [...inputs, ...outputs]
  const fixed = all.find(({ shape }) => shape[0] !== -1)
  if (fixed) return `the first axis of ${fixed.name} is not free`
  const names = new Set(all.map(({ symbols }) => symbols[0] ?? '').filter((name) => name !== ''))
  return names.size > 1 ? `the first axes have different names: ${[...names].join(', ')}` : undefined
}

/** Largest share of the output by which a row may differ when it has company: quantization does that, a sum over rows more. */
const toleratedShare = 0.1

const sameNumbers = (together: ArrayLike<number | bigint>, apart: ArrayLike<number | bigint>): boolean => {
  let difference = 0
  let size = 0
  for (let index = 0; index < apart.length; index++) {
    const one = Number(apart[index])
    const other = Number(together[index])
    if (Number.isNaN(one) && Number.isNaN(other)) continue
    difference += (one - other) ** 2
    size += one ** 2
  }
  return difference <= toleratedShare ** 2 * size + 1e-12
}

const sameTensor = (together: Tensor | undefined, apart: Tensor): boolean => {
  if (!together || together.shape.join() !== apart.shape.join()) return false
  if (apart.dtype === 'BYTES') {
    return (apart.data as readonly string[]).every((element, index) => element === together.data[index])
  }
  // The bits of FP16 grow with its values, so comparing them as integers is strict enough and simple.
  return sameNumbers(together.data as ArrayLike<number>, apart.data as ArrayLike<number>)
}

/** A run takes its inputs' memory, so every run gets tensors of its own. */
const compareRows = async (signature: Signature, run: Run, freeLength: number): Promise<Batching> => {
  const apart = [
    await run(samples(signature, 0, freeLength)),
    await run(samples(signature, 1, freeLength)),
  ] as const
  const together = await run(
    stackNamed([samples(signature, 0, freeLength), samples(signature, 1, freeLength)]),
  )
  for (const { name } of signature.outputs) {
    const [one, other] = [apart[0].outputs.get(name), apart[1].outputs.get(name)]
    const stackable = one && other && one.shape[0] === 1 && one.shape.join() === other.shape.join()
    if (!stackable || !sameTensor(together.outputs.get(name), stack([one, other]))) {
      return alone(`rows of output ${name} depend on each other`)
    }
  }
  return { kind: 'batchable' }
}

/**
 * Runs the model on made-up rows, one by one and together.
 * Failure of a made-up input says nothing about the model, so it only turns batching off.
 */
export const warmUp = async (signature: Signature, run: Run): Promise<Batching> => {
  const reason = declaredReason(signature)
  let failure = ''
  for (const freeLength of freeLengths) {
    try {
      if (reason === undefined) return await compareRows(signature, run, freeLength)
      await run(samples(signature, 0, freeLength))
      return alone(reason)
    } catch (error) {
      failure = String((error as Error).cause ?? (error as Error).message)
    }
  }
  return alone(reason ?? `rows could not be tried together: ${failure}`)
}
