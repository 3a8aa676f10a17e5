/** What tests that make up their input have in common. */
import type { TestContext } from 'node:test'
import { seededRandom } from './random.ts'

export type Random = () => number

/** Numbers that the printed seed repeats: `FUZZ_SEED=7 npx node --test FILE` runs with another one. */
export const printedRandom = (context: TestContext): Random => {
  const seed = Number(process.env['FUZZ_SEED'] ?? 1)
  context.diagnostic(`FUZZ_SEED=${seed}`)
  return seededRandom(seed)
}

export const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item

export const randomBytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 256)))

/** Bytes of something right, some of them changed, cut or doubled. */
export const mutated = (random: Random, right: Buffer): Buffer => {
  const bytes = Buffer.from(right)
  for (let change = 0; change < 1 + random() * 8; change++)
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
  const cut = Math.floor(random() * bytes.length)
  if (random() < 0.3) return bytes.subarray(0, cut)
  return random() < 0.3 ? Buffer.concat([bytes, bytes.subarray(cut)]) : bytes
}
