/**
 * One fuzzer until it is ended: `node fuzz/child.ts TARGET SEED FIRST FOLDER`. It writes each input to FOLDER/input before it tries it, so that
 * so that the parent process knows the input of a crash or an endless loop. It prints a line of JSON for each failure, each twenty rounds and each second.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FuzzFailure, runRounds } from './run.ts'
import { targets } from './targets/index.ts'

const [name, seed, first, folder = '.'] = process.argv.slice(2)
const target = targets.find((one) => one.name === name)
if (!target) throw new Error(`there is no target ${name}`)
mkdirSync(folder, { recursive: true })

let saidAtMs = Date.now()
const say = (line: object): void => {
  saidAtMs = Date.now()
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
const fuzzer = await target.open()
for (let round = Number(first); ; round += 1) {
  try {
    await runRounds(fuzzer, Number(seed), [round], (input) => writeFileSync(join(folder, 'input'), input))
  } catch (error) {
    const { message, input } = error as FuzzFailure
    say({ round, message, input: input.toString('base64') })
  }
  if (round % 20 === 0 || Date.now() - saidAtMs > 1000) say({ round })
  if (round % 1000 === 999) await fuzzer.afterwards?.()
}
