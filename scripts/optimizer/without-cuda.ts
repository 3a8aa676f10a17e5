/**
 * A lock of Python packages without PyTorch's builds for CUDA, for who has an index of builds without it:
 *   node scripts/optimizer/without-cuda.ts LOCK REST TORCH
 * writes the lock without them to REST, and what to ask the other index for to TORCH.
 */
import { readFileSync, writeFileSync } from 'node:fs'

/** PyTorch, and the packages that only its builds with CUDA ask for. */
const withCuda = /^(torch|triton|cuda-[\w-]+|nvidia-[\w-]+)==/

/** @returns the lock without PyTorch and CUDA, and what to ask another index for */
export const withoutCuda = (lock: string): { readonly lock: string; readonly torch: string } => {
  const requirements = lock.split(/\n(?=\S)/)
  const torch = requirements.find((one) => one.startsWith('torch=='))?.match(/^torch==[\w.]+/)?.[0]
  if (torch === undefined) throw new Error('the lock names no torch')
  return { lock: requirements.filter((one) => !withCuda.test(one)).join('\n'), torch }
}

const main = ([from = '', rest = '', torch = '']: readonly string[]): void => {
  const small = withoutCuda(readFileSync(from, 'utf8'))
  writeFileSync(rest, `${small.lock.trimEnd()}\n`)
  writeFileSync(torch, `${small.torch}\n`)
}

if (import.meta.main) main(process.argv.slice(2))
