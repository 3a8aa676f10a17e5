/** Numbers from 0 (inclusive) to 1 (exclusive), uniform; equal seeds give equal numbers. */
export type Random = () => number

const words = 2 ** 32

/**
 * xoshiro128** with a state spread out of the seed by splitmix32, both by Blackman and Vigna.
 * @param seed an integer
 */
export const seededRandom = (seed: number): Random => {
  // Both halves of the seed count, so that seeds beyond 32 bits differ.
  let mixed = (seed ^ Math.imul(Math.floor(seed / words), 0x9e3779b1)) >>> 0
  const spread = (): number => {
    mixed = (mixed + 0x9e3779b9) >>> 0
    let word = mixed
    word = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
    return (word ^ (word >>> 15)) >>> 0
  }
  let [a, b, c, d] = [spread(), spread(), spread(), spread()]
  const rotated = (word: number, by: number): number => (word << by) | (word >>> (32 - by))
  const next = (): number => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, 11)
    return result
  }
  // 53 bits, all that a double holds.
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53
}
