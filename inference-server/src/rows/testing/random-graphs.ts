import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type GraphReport, type Tally, tallyOf } from './reports.ts'

/** Graphs for each child process: what an abort of onnxruntime costs, against what it costs to start one. */
const chunkSize = 50
const chunkTimeoutMs = 120_000

/** Reports of the chunk's graphs, in order, up to the one that ended the process early. */
const reportsOf = (from: number, to: number): Promise<readonly GraphReport[]> =>
  new Promise((resolve, reject) => {
    const reports: GraphReport[] = []
    const child = fork(join(import.meta.dirname, 'chunk.ts'), [String(from), String(to)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: chunkTimeoutMs,
      // The flags of the test runner are not for its children.
      execArgv: [],
    })
    let words = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      words += chunk.toString()
    })
    child.on('message', (report) => reports.push(report as GraphReport))
    child.on('error', reject)
    child.on('close', (code) => {
      // An abort ends by a signal; an exit with a code is an error of the harness's or the prover's own.
      if (code) reject(new Error(`after graph ${from + reports.length - 1}: ${words}`))
      else resolve(reports)
    })
  })

/** Grows and checks graphs of seeds `seed`, `seed + 1` … */
export const tryRandomGraphs = async (seed: number, count: number): Promise<Tally> => {
  const reports: GraphReport[] = []
  const lost: number[] = []
  let next = seed
  while (next < seed + count) {
    const to = Math.min(seed + count, next + chunkSize)
    const chunk = await reportsOf(next, to)
    reports.push(...chunk)
    next += chunk.length
    if (next < to) {
      lost.push(next)
      next += 1
    }
  }
  return tallyOf(reports, lost)
}
