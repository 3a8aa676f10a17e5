/** Bounds the size of an answer: a request names outputs, rows and options, and pays a few bytes for each. */
import { Failure } from '../failures/errors.ts'
import type { BytesElement, NamedTensors, Tensor } from '../tensors/tensor.ts'
import { binaryLength } from '../tensors/tensor-binary.ts'

/** Numbers, or half as many characters, whose JSON takes the thread of HTTP 25 ms; what is more is written bit by bit. */
const manyNumbers = 200_000
/** Most bytes of one answer's outputs in binary: no client reads more at once. */
const mostBinaryBytes = 2 ** 30

/** Estimated time to write the JSON, in numbers. */
const weightOf = ({ dtype, data }: Tensor): number => {
  if (dtype !== 'BYTES') return data.length
  let characters = 0
  for (const element of data as readonly BytesElement[]) characters += element.length
  return data.length + characters / 8
}

/** Whether the JSON of these outputs would hold the thread of HTTP. */
export const isLarge = (outputs: NamedTensors): boolean => {
  let weight = 0
  for (const tensor of outputs.values()) weight += weightOf(tensor)
  return weight > manyNumbers
}

const mib = (bytes: number): number => Math.round(bytes / 2 ** 20)

/**
 * @param bytes of the answer as JSON, as far as it is known @param field what made it large @throws Failure
 */
export const checkAnswer = (bytes: number, mostBytes: number, field?: string): void => {
  if (bytes <= mostBytes) return
  const remedy =
    field === undefined ? 'ask for the outputs in binary, for fewer rows' : `ask for less in ${field}`
  throw new Failure(
    'too-large',
    `the answer would have more than ${mib(mostBytes)} MiB as JSON; ${remedy}, or raise --max-answer-mib`,
    { field: field ?? 'outputs' },
  )
}

/** @param tensors outputs that are sent in binary @throws Failure */
export const checkBinary = (tensors: Iterable<Tensor>): void => {
  let bytes = 0
  for (const tensor of tensors) bytes += binaryLength(tensor)
  checkOutputBytes(bytes)
}

/** @throws Failure */
export const checkOutputBytes = (bytes: number): void => {
  if (bytes <= mostBinaryBytes) return
  throw new Failure(
    'too-large',
    `the outputs have ${mib(bytes)} MiB, but at most ${mib(mostBinaryBytes)} are sent; send fewer rows or smaller ones`,
    { field: 'outputs' },
  )
}
