/** A model of 1 GiB, encrypted on the volume and as it is: its import, its start up to the first answer, and the memory of both. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../local-cluster/machine/ports.ts'
import { gantryMain } from './load/gantry.ts'
import type { Effort } from './options.ts'
import { median, type Row } from './report.ts'

const usualRounds = 3
const [width, layers] = [8192, 4]

interface Measured {
  readonly seconds: number
  /** Largest resident memory of the process. */
  readonly peakMb: number
}

const writeModel = async (folder: string): Promise<string> => {
  await mkdir(folder)
  await copyFile(join(import.meta.dirname, 'models/external/model.onnx'), join(folder, 'model.onnx'))
  const file = await open(join(folder, 'weights.bin'), 'w')
  const row = Buffer.from(Float32Array.from({ length: width * 64 }, () => Math.random() / width).buffer)
  for (let written = 0; written < layers * width * width * 4; written += row.length) await file.write(row)
  await file.close()
  return folder
}

/** Read while the process lives: afterwards the kernel does not say it any more. */
const peakMbOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return (Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024) / 1e6
}

const importInto = async (models: string, source: string, more: readonly string[]): Promise<Measured> => {
  const begun = performance.now()
  const args = [...gantryMain, 'import', '--source', source, '--models', models, ...more]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  let peakMb = 0
  const look = setInterval(async () => {
    peakMb = Math.max(peakMb, await peakMbOf(child.pid ?? 0))
  }, 50)
  const [code] = await ended
  clearInterval(look)
  if (code !== 0) throw new Error(`an import ended with ${code}`)
  return { seconds: (performance.now() - begun) / 1000, peakMb }
}

const isAnswered = async (port: number): Promise<boolean> => {
  const data = Array.from({ length: width }, () => 1)
  const body = JSON.stringify({ inputs: [{ name: 'x', shape: [1, width], datatype: 'FP32', data }] })
  const headers = { 'content-type': 'application/json' }
  const url = `http://127.0.0.1:${port}/v2/models/model/infer`
  return fetch(url, { method: 'POST', headers, body }).then(
    ({ status }) => status === 200,
    () => false,
  )
}

const start = async (folder: string, more: readonly string[]): Promise<Measured> => {
  const port = await freePort()
  const begun = performance.now()
  const serve = ['serve', '--model', folder, '--name', 'model', '--port', `${port}`, '--grpc-port', 'off']
  const args = [...gantryMain, ...serve, '--lanes', 'off', '--drain-seconds', '0', ...more]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    while (!(await isAnswered(port))) {
      if (child.exitCode !== null) throw new Error(`a server ended with ${child.exitCode}`)
      await sleep(20)
    }
    return { seconds: (performance.now() - begun) / 1000, peakMb: await peakMbOf(child.pid ?? 0) }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** One import and one start. */
const round = async (folder: string, source: string, name: string, keys: readonly string[]) => {
  const models = join(folder, name)
  await rm(models, { recursive: true, force: true })
  const imported = await importInto(models, source, keys)
  const id = (await readdir(models)).find((one) => one.startsWith('v_')) ?? ''
  return { imported, started: await start(join(models, id), keys) }
}

export const measure = async ({ rounds = usualRounds }: Effort): Promise<readonly Row[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-encryption-'))
  try {
    const source = await writeModel(join(folder, 'source'))
    const keys = join(folder, 'keys')
    await mkdir(keys)
    await writeFile(join(keys, 'k1'), randomBytes(32).toString('base64'))
    const [plain, encrypted]: Awaited<ReturnType<typeof round>>[][] = [[], []]
    for (let count = 0; count < rounds; count += 1) {
      plain?.push(await round(folder, source, 'plain', []))
      encrypted?.push(await round(folder, source, 'encrypted', ['--encryption-keys', keys]))
    }
    return rowsOf(plain ?? [], encrypted ?? [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Rounds = readonly Awaited<ReturnType<typeof round>>[]

const rowsOf = (plain: Rounds, encrypted: Rounds): readonly Row[] => {
  const against = 'the same files as they are'
  const row = (what: string, unit: 's' | 'MB', of: (one: Rounds[number]) => number): Row => {
    return { what, ours: median(encrypted.map(of)), limit: median(plain.map(of)), unit, against }
  }
  return [
    row('import of 1 GiB', 's', ({ imported }) => imported.seconds),
    row('largest memory of the import', 'MB', ({ imported }) => imported.peakMb),
    row('start up to the first answer', 's', ({ started }) => started.seconds),
    row('largest memory of the server', 'MB', ({ started }) => started.peakMb),
  ]
}
