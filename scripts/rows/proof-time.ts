/** Prints how long the proof of one file takes: the first in this process, and the median of 9 later ones, in ms. */
import { proveFile } from '../../inference-server/src/rows/prove.ts'

const path = process.argv[2] ?? ''

const timeMs = (): number => {
  const start = performance.now()
  proveFile(path)
  return performance.now() - start
}

const firstMs = timeMs()
for (let round = 0; round < 20; round += 1) timeMs()
const later = Array.from({ length: 9 }, timeMs).sort((a, b) => a - b)
console.log(JSON.stringify({ firstMs, warmMs: later[4] }))
