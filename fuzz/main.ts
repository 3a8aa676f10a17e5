/**
 * `npm run fuzz -- [TARGET…] [--minutes N] [--seed N]`: tries made-up inputs for as long as you like, each target in a process of its own. What breaks
 * something becomes a file in fuzz/cases/TARGET/, which every run of the tests tries from then on.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { optionsOrEnd, readCommandLine } from '../scripts/command-line.ts'
import { fuzzOptions, fuzzUsage } from './options.ts'
import { targets } from './targets/index.ts'

/** A round that takes longer hangs: no input may take more than 20 s by itself. */
const silentMs = 60_000
/** Heap limit of a process that tries inputs; no input may need more. */
const heapMiB = 1024
/** Most different failures of one target; with so many the run ends. */
const mostFailures = 20

const known = targets.map(({ name }) => name)
const line = readCommandLine(process.argv.slice(2), (args) => fuzzOptions(args, known))
const { names, minutes, seed = Math.floor(Math.random() * 2 ** 31) } = optionsOrEnd(line, fuzzUsage(known))
const chosen = targets.filter(({ name }) => names.length === 0 || names.includes(name))
const deadline = Date.now() + minutes * 60_000
const root = mkdtempSync(join(tmpdir(), 'gantry-fuzz-'))

/** Saves an input as a case of the tests. @returns its path */
const keep = (name: string, input: Buffer): string => {
  const folder = join(import.meta.dirname, 'cases', name)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 16))
  writeFileSync(path, input)
  return path
}

const start = (name: string, round: number): ChildProcess => {
  const args = [`--max-old-space-size=${heapMiB}`, '--disable-warning=ExperimentalWarning']
  const child = join(import.meta.dirname, 'child.ts')
  return spawn(process.execPath, [...args, child, name, `${seed}`, `${round}`, join(root, name)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

interface Line {
  readonly round: number
  readonly message?: string
  readonly input?: string
}

/** The part of a failure's message by which different failures are told apart. */
const kindOf = (message: string): string =>
  message
    .replace(/^seed \d+, round \d+: /, '')
    .split('\n')[0]
    ?.slice(0, 120) ?? ''

/** Tries one target until the time is over. @returns how many different failures there were */
const fuzz = async (name: string): Promise<number> => {
  const failures = new Set<string>()
  let round = 0
  const found = (message: string, input: Buffer): void => {
    const kind = kindOf(message)
    if (failures.has(kind)) return
    failures.add(kind)
    console.log(`✖ ${name}, kept as ${keep(name, input)}:\n  ${message.split('\n').slice(0, 6).join('\n  ')}`)
  }
  while (Date.now() < deadline && failures.size < mostFailures) {
    const child = start(name, round)
    let heardAt = Date.now()
    let words = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2000)
    })
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      const line = JSON.parse(text) as Line
      heardAt = Date.now()
      round = line.round + 1
      if (line.message !== undefined) found(line.message, Buffer.from(line.input ?? '', 'base64'))
    })
    let why: 'time' | 'hangs' | undefined
    const watch = setInterval(() => {
      if (Date.now() >= deadline || failures.size >= mostFailures) why = 'time'
      else if (Date.now() - heardAt > silentMs) why = 'hangs'
      if (why) child.kill('SIGKILL')
    }, 200)
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
    clearInterval(watch)
    if (why === 'time') break
    const ending =
      why === 'hangs' ? `no end within ${silentMs / 1000} s` : `the process ended (${signal ?? code})`
    found(
      `${ending}: ${words.trim().split('\n').slice(0, 4).join(' | ')}`,
      readFileSync(join(root, name, 'input')),
    )
    round += 20 // the rounds since the last line are not tried again
  }
  console.log(`${failures.size === 0 ? '✔' : '✖'} ${name}: ${round} inputs, ${failures.size} failures`)
  return failures.size
}

console.log(`seed ${seed}, ${minutes} min: ${chosen.map(({ name }) => name).join(', ')}`)
try {
  const counts = await Promise.all(chosen.map(({ name }) => fuzz(name)))
  process.exitCode = counts.some((count) => count > 0) ? 1 : 0
} finally {
  rmSync(root, { recursive: true, force: true })
}
