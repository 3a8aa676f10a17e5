/** SentencePiece's own normalization: a table of what becomes what, compiled into a trie. */
import { type Change, changed, textOf, type Unit } from './units.ts'

/** Grapheme clusters of fewer bytes are looked up as a whole. */
const longestCluster = 6

const clusters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A darts-clone double array: each unit holds a label, a value or the way to its children. */
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6)
const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1
const labelOf = (unit: number): number => unit & ~0x7fffff00
const entryOf = (unit: number): number => unit & 0x7fffffff

type Table = (part: string) => string | undefined

/** What a part becomes is what its shortest beginning becomes that the table has, as in Python. */
const tableOf = (trie: Uint32Array, targets: Buffer): Table => {
  const target = (from: number): string => {
    const end = targets.indexOf(0, from)
    return targets.toString('utf8', from, end < 0 ? targets.length : end)
  }
  return (part) => {
    let node = offsetOf(trie[0] ?? 0)
    for (const byte of Buffer.from(part)) {
      if (byte === 0) return undefined
      node ^= byte
      const unit = trie[node] ?? 0
      if (labelOf(unit) !== byte) return undefined
      node ^= offsetOf(unit)
      if (hasLeaf(unit)) return target(entryOf(trie[node] ?? 0))
    }
    return undefined
  }
}

/** What is left over in number is new at the end, or taken away behind the last one written. */
const replace = (changes: Change[], part: string, target: string): void => {
  const more = [...target].length - [...part].length
  const first = changes.length
  for (const char of target) changes.push([char, 0])
  for (let at = changes.length - 1; at >= first && at >= changes.length - more; at--)
    changes[at] = [String(changes[at]?.[0]), 1]
  const last = changes.at(-1)
  if (more < 0 && last) changes[changes.length - 1] = [last[0], last[1] + more]
}

/** @param encoded `precompiled_charsmap` of tokenizer.json, base64: bytes of the trie, the trie, the targets */
export const charsMap = (encoded: string): ((units: readonly Unit[], origin: number) => readonly Unit[]) => {
  const bytes = Buffer.from(encoded, 'base64')
  const size = bytes.length < 4 ? 0 : bytes.readUInt32LE(0)
  if (size % 4 !== 0 || bytes.length < 4 + size) throw new Error('its precompiled_charsmap is not whole')
  const trie = Uint32Array.from({ length: size / 4 }, (_, index) => bytes.readUInt32LE(4 + index * 4))
  const table = tableOf(trie, bytes.subarray(4 + size))
  return (units, origin) => {
    const changes: Change[] = []
    let isChanged = false
    const lookUp = (part: string): boolean => {
      const target = table(part)
      if (target === undefined) return false
      replace(changes, part, target)
      isChanged = true
      return true
    }
    for (const { segment } of clusters.segment(textOf(units))) {
      if (Buffer.byteLength(segment) < longestCluster && lookUp(segment)) continue
      for (const char of segment) if (!lookUp(char)) changes.push([char, 0])
    }
    return isChanged ? changed(units, changes, origin) : units
  }
}
