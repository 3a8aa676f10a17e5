/** `node sampling.ts REQUEST FOLDER FILE`: the optimizer runs this for the graph that it has exported, and compares on what is written. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeSamples } from './samples.ts'

/** @returns the exit code */
const sampled = async (request: string, folder: string, file: string): Promise<number> => {
  const asked = JSON.parse(readFileSync(request, 'utf8')) as object
  const place = dirname(file)
  const made = await makeSamples({ ...asked, folder }, place, [join(place, 'failure.json')])
  if (typeof made === 'number') return made
  return made === file ? 0 : 1
}

if (import.meta.main) {
  const [request = '', folder = '', file = ''] = process.argv.slice(2)
  process.exitCode = await sampled(request, folder, file)
}
