/** Import of 1 GiB beside a tool that brings the same bytes, then `sha256sum` and `sync`, in turns; and the peak of the import's memory. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gantryMain } from '../load/gantry.ts'
import type { Effort } from '../options.ts'
import { median, show, type Table } from '../report.ts'
import { files, models, type OpenSource, sources } from './sources.ts'

export { models }

const rounds = 5
const sizeMiB = 1024
const graph = join(import.meta.dirname, '../../examples/breast-cancer/model/model.onnx')

interface Run {
  readonly seconds: number
  readonly peakMb: number
}

/** The highest resident memory of a process; the kernel keeps it as long as the process is there. */
const peakMbOf = (pid: number): number => {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return (Number(kibibytes ?? 0) * 1024) / 1e6
  } catch {
    return 0 // it has ended
  }
}

const run = async (command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> => {
  const begun = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => {
    errors = `${errors}${text}`.slice(-4000)
  })
  let peakMb = 0
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, peakMbOf(child.pid ?? 0))
  }, 20)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${errors}`)
  return { seconds: (performance.now() - begun) / 1000, peakMb }
}

/** Random bytes, which no file system and no connection makes smaller. */
const writeModel = async (folder: string): Promise<void> => {
  copyFileSync(graph, join(folder, files.graph))
  const file = await open(join(folder, files.weights), 'w')
  for (let written = 0; written < sizeMiB; written += 16) await file.write(randomBytes(16 * 2 ** 20))
  await file.sync()
  await file.close()
}

const ours = async ({ options, env }: OpenSource, volume: string): Promise<Run> => {
  const args = [...gantryMain, 'import', ...options, '--models', volume, '--task', 'tensor']
  const result = await run(process.execPath, args, { ...process.env, ...env, ORT_DISABLE_TELEMETRY: '1' })
  rmSync(volume, { recursive: true })
  return result
}

const theirs = async ({ limit, env }: OpenSource, file: string): Promise<Run> => {
  const script = `set -e; ${limit}; sha256sum "$1" >/dev/null; sync "$1"`
  const result = await run('bash', ['-c', script, 'bash', file], { ...process.env, ...env })
  rmSync(file)
  return result
}

const lineOf = (name: string, limit: string, runs: readonly { ours: Run; theirs: Run }[]): string[] => {
  const speed = (of: 'ours' | 'theirs'): number => sizeMiB / median(runs.map((one) => one[of].seconds))
  const peak = Math.max(...runs.map((one) => one.ours.peakMb))
  const [tool = ''] = limit.split(' ')
  return [
    name,
    `${show(speed('ours'))} MiB/s`,
    `${show(speed('theirs'))} MiB/s`,
    (speed('ours') / speed('theirs')).toFixed(2),
    `${tool}, sha256sum, sync`,
    `${show(peak)} MB`,
  ]
}

export const measure = async (effort: Effort): Promise<Table> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
  const lines: string[][] = []
  try {
    await writeModel(folder)
    for (const { name, open: openSource } of sources) {
      if (effort.models.length > 0 && !effort.models.includes(name)) continue
      const source = await openSource(folder)
      try {
        const runs: { ours: Run; theirs: Run }[] = []
        for (let round = 0; round < (effort.rounds ?? rounds); round += 1)
          runs.push({
            theirs: await theirs(source, join(folder, 'copy')),
            ours: await ours(source, join(folder, '..', `${folder.split('/').at(-1)}-models`)),
          })
        lines.push(lineOf(name, source.limit, runs))
      } finally {
        await source.close()
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return { head: ['source', 'import', 'limit', 'ratio', 'the limit is', 'peak memory of the import'], lines }
}
