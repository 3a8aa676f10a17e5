/** Names of the classes that a tensor of probabilities has a column for, as the model's own metadata keeps them. */
import { readMessageFile } from './message-file.ts'
import type { Field, MessageReader } from './protobuf.ts'

/** Class names in the order of the columns: texts, or the whole numbers of a model that was trained on numbers. */
export type ClassNames = readonly (string | number)[]

const keyStart = 'gantry.classes.'

/** Key in the model's metadata. @param output name of the tensor of probabilities */
export const classesKey = (output: string): string => keyStart + output

/** Fields in onnx.proto: ModelProto.metadata_props and the entries in it. */
const metadata = 14
const entry = { key: 1, value: 2 } as const

/**
 * Reads a model file in constant memory.
 * @returns names by output; empty for a model that has none
 * @throws MalformedMessage
 */
export const classNames = (path: string): ReadonlyMap<string, ClassNames> =>
  readMessageFile(path, (reader, size) => {
    const found = new Map<string, ClassNames>()
    for (const field of reader.fields(0, size)) {
      if (field.number !== metadata || field.wire !== 2) continue
      const [key, names] = readEntry(reader, field)
      if (names) found.set(key.slice(keyStart.length), names)
    }
    return found
  })

const readEntry = (reader: MessageReader, span: Field): readonly [string, ClassNames | undefined] => {
  let key = ''
  let value: Field | undefined
  for (const field of reader.fields(span.start, span.end)) {
    if (field.number === entry.key) key = reader.text(field)
    if (field.number === entry.value) value = field
  }
  return [key, key.startsWith(keyStart) && value ? namesIn(reader.text(value)) : undefined]
}

/** Other programs may write such a key, too, with any content. */
const namesIn = (text: string): ClassNames | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    const isName = (name: unknown): boolean => typeof name === 'string' || Number.isSafeInteger(name)
    return Array.isArray(value) && value.every(isName) ? value : undefined
  } catch {
    return undefined
  }
}
