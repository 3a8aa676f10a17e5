/** Prints how long the proof of one file takes: the first in this process, and the shortest of later ones, in ms. */
import { proveFile } from '../../inference-server/src/rows/prove.ts'

const path = process.argv[2] ?? ''

const timeMs = (): number => {
  const start = performance.now()
  proveFile(path)
  return performance.now() - start
}

const firstMs = timeMs()
console.log(JSON.stringify({ firstMs, warmMs: Math.min(...Array.from({ length: 20 }, timeMs)) }))
