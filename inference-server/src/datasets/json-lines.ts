import { isObject, type JsonObject } from '../json/json-object.ts'
import { numberOfWord, parseWorded } from '../json/json-words.ts'
import { invalidLine } from './dataset-error.ts'
import type { Line } from './lines.ts'
import { type DatasetRecord, mostDepth } from './record.ts'

/** Numbers in the places of the texts that stand for NaN and Infinity. @param room levels that may be below @throws DatasetError */
const withNumbers = (value: unknown, line: number, room = mostDepth): unknown => {
  if (typeof value === 'string') return numberOfWord(value) ?? value
  if (typeof value !== 'object' || value === null) return value
  if (room === 0) throw invalidLine(line, `is nested deeper than ${mostDepth} lists and objects`)
  const inside = (item: unknown): unknown => withNumbers(item, line, room - 1)
  if (Array.isArray(value)) return value.map(inside)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inside(member)]))
}

/** JSON, also with NaN and Infinity as Python writes them. */
const parsed = ({ number, text }: Line): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    const worded = parseWorded(Buffer.from(text))
    if (worded !== undefined) return withNumbers(worded.value, number)
    throw invalidLine(number, 'is not JSON; give one {"inputs": …, "label": …} a line')
  }
}

const memberOf = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) && object[name] !== null ? object[name] : undefined

/** Records of JSON lines. Empty lines are passed over, and so are members other than inputs, label and id. @throws DatasetError */
export const jsonRecords = async function* (lines: AsyncIterable<Line>): AsyncGenerator<DatasetRecord> {
  for await (const line of lines) {
    if (line.text.trim() === '') continue
    const value = parsed(line)
    if (!isObject(value))
      throw invalidLine(line.number, 'is no JSON object; give one {"inputs": …, "label": …} a line')
    const inputs = memberOf(value, 'inputs')
    if (inputs === undefined) throw invalidLine(line.number, 'inputs is missing')
    const [label, id] = [memberOf(value, 'label'), memberOf(value, 'id')]
    yield { line: line.number, inputs: { kind: 'json', value: inputs }, label, id }
  }
}
