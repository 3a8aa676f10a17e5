/** Which requests go to the canary: of each hundred exactly as many as the weight says, in random places. */
import { randomInt } from 'node:crypto'
import type { Track } from '@gantry/contract/gateway.ts'

const blockSize = 100

/** @param random whole number from 0 to below its argument */
export const createCanaryBlocks = (
  random: (below: number) => number = randomInt,
): ((weight: number) => Track) => {
  const block = new Uint8Array(blockSize)
  let at = blockSize
  let ofWeight = 0
  const shuffle = (weight: number): void => {
    block.fill(0).fill(1, 0, weight)
    for (let last = blockSize - 1; last > 0; last--) {
      const other = random(last + 1)
      const value = block[last] as number
      block[last] = block[other] as number
      block[other] = value
    }
    at = 0
    ofWeight = weight
  }
  return (weight) => {
    if (weight <= 0) return 'stable'
    if (weight >= blockSize) return 'canary'
    // A new weight begins a new block: what is left of the old one has the old share.
    if (at === blockSize || weight !== ofWeight) shuffle(weight)
    return block[at++] === 1 ? 'canary' : 'stable'
  }
}
