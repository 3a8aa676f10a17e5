/** Mutations of valid inputs. */
import { isObject } from '../inference-server/src/json/json-object.ts'
import { pick } from '../inference-server/src/testing/fuzz.ts'
import type { Random } from './target.ts'

const upTo = (random: Random, most: number): number => Math.floor(random() * (most + 1))

/** Numbers at the limits of lengths and counts. */
const edges = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff]

const spoil = (random: Random, bytes: Buffer): Buffer => {
  const at = upTo(random, bytes.length - 1)
  const end = Math.min(bytes.length, at + upTo(random, 64))
  switch (upTo(random, 5)) {
    case 0:
      bytes[at] = upTo(random, 255)
      return bytes
    case 1:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << upTo(random, 7))
      return bytes
    case 2:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(pick(random, edges), at)
      return bytes
    case 3:
      return bytes.subarray(0, at)
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
    default:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)])
  }
}

/** Bytes of something right, changed, cut, taken out or doubled in one to four places. */
export const spoiledBytes = (random: Random, right: Buffer): Buffer => {
  let bytes = Buffer.from(right)
  for (let change = upTo(random, 3); change >= 0 && bytes.length > 0; change -= 1)
    bytes = Buffer.from(spoil(random, bytes))
  return bytes
}

const oddities: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 1e21],
  ...['', ' ', 'x', '\u0000', '\ud800', '../../x', '$(HOME)', '\u001b[31m', 'a\r\nReady: True', '__proto__'],
  ...['x'.repeat(70_000), '(a+)+$', '{{ range(9) }}', '{%', '1e3', 'NaN', '-0'],
  ...[[], {}, [null], [[[]]], [-1], { toString: 1 }, JSON.parse('{"__proto__": {"polluted": 1}}')],
]

interface Place {
  readonly holder: Record<string, unknown>
  readonly key: string
}

/** Every member and element of a value of JSON. */
const placesOf = (value: unknown): readonly Place[] => {
  if (!isObject(value) && !Array.isArray(value)) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder)
    .slice(0, 200) // a vocabulary has thousands
    .flatMap((key) => [{ holder, key }, ...placesOf(holder[key])])
}

/** A value of JSON with one to three of its members replaced, taken away, doubled or renamed. */
export const spoiledJson = (random: Random, right: unknown): unknown => {
  const value = structuredClone(right)
  for (let change = upTo(random, 2); change >= 0; change -= 1) {
    const places = placesOf(value)
    if (places.length === 0) return pick(random, oddities)
    const { holder, key } = pick(random, places)
    switch (upTo(random, 4)) {
      case 0:
        delete holder[key]
        break
      case 1:
        holder[pick(random, Object.keys(holder))] = holder[key]
        break
      case 2:
        holder[`${key}_`] = holder[key]
        break
      default:
        holder[key] = structuredClone(pick(random, oddities))
    }
  }
  return value
}
