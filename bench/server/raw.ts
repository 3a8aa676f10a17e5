/**
 * The ceiling: a session inline, run again and again, with nothing around it; or several side by side, each on a thread of its own.
 *   node bench/server/raw.ts MODEL_NAME MODEL_FOLDER THREADS SESSIONS SECONDS ROWS[,ROWS…]
 * THREADS are those of one run. Says `ready` after the first run, then what it measured as one line of JSON: SessionAlone
 * without `coldMs`. A batch that takes longer than `longestMs` is the last one measured: larger ones bring no more.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import type { Tensor } from 'onnxruntime-node'
import type { Load } from '../load/wrk.ts'
import { type ModelName, type RowTensor, rowOf } from '../models/rows.ts'
import { percentile } from '../report.ts'

const longestMs = 2000

process.env['ORT_DISABLE_TELEMETRY'] = '1'
const { default: ort } = await import('onnxruntime-node')

const args = (workerData as readonly string[] | null) ?? process.argv.slice(2)
const [name = '', folder = '.', threads = '1', sessions = '1', seconds = '1', batches = '1'] = args
const session = await ort.InferenceSession.create(join(folder, 'model.onnx'), {
  intraOpNumThreads: Number(threads),
  logSeverityLevel: 4,
})

const repeated = ({ datatype, shape, data }: RowTensor, rows: number): Tensor => {
  const Data = data.constructor as new (length: number) => typeof data
  const all = new Data(rows * data.length)
  for (let row = 0; row < rows; row += 1) all.set(data as never, row * data.length)
  return new ort.Tensor(datatype === 'FP32' ? 'float32' : 'int64', all as never, [rows, ...shape.slice(1)])
}

const row = rowOf(name as ModelName)
const feeds = (rows: number): Record<string, Tensor> =>
  Object.fromEntries(row.map((tensor) => [tensor.name, repeated(tensor, rows)]))

const measure = async (rows: number): Promise<Load> => {
  const inputs = feeds(rows)
  await session.run(inputs)
  const latencies: number[] = []
  const begunMs = performance.now()
  let endedMs = begunMs
  while (endedMs - begunMs < Number(seconds) * 1000) {
    const startedMs = endedMs
    await session.run(inputs)
    endedMs = performance.now()
    latencies.push(endedMs - startedMs)
  }
  latencies.sort((a, b) => a - b)
  return {
    perSecond: (rows * latencies.length * 1000) / (endedMs - begunMs),
    p50Ms: percentile(latencies, 0.5),
    p95Ms: percentile(latencies, 0.95),
    p99Ms: percentile(latencies, 0.99),
  }
}

/** Runs the session in a thread, on request of the main thread, beside others. */
const workFor = (port: MessagePort): void => {
  port.on('message', async (rows: number) => port.postMessage(await measure(rows)))
  port.postMessage('loaded')
}

/** @returns what takes the next measurement of all of them at once */
const sideBySide = async (): Promise<(rows: number) => Promise<Load>> => {
  const workers = Array.from(
    { length: Number(sessions) },
    () => new Worker(new URL(import.meta.url), { workerData: args }),
  )
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return async (rows) => {
    const answers = workers.map((worker) => once(worker, 'message'))
    for (const worker of workers) worker.postMessage(rows)
    const loads = (await Promise.all(answers)).map(([load]) => load as Load)
    const most = (value: (load: Load) => number): number => Math.max(...loads.map(value))
    return {
      perSecond: loads.reduce((sum, { perSecond }) => sum + perSecond, 0),
      p50Ms: most(({ p50Ms }) => p50Ms),
      p95Ms: most(({ p95Ms }) => p95Ms),
      p99Ms: most(({ p99Ms }) => p99Ms),
    }
  }
}

const main = async (): Promise<void> => {
  await session.run(feeds(1))
  process.stdout.write('ready\n')
  const measureAll = sessions === '1' ? measure : await sideBySide()
  const measured: (Load & { readonly rows: number })[] = []
  for (const rows of batches.split(',').map(Number)) {
    measured.push({ rows, ...(await measureAll(rows)) })
    if ((measured.at(-1)?.p50Ms ?? 0) > longestMs) break
  }
  process.stdout.write(
    `${JSON.stringify({ batches: measured, residentMb: process.memoryUsage.rss() / 1e6 })}\n`,
  )
  process.exit()
}

if (parentPort) workFor(parentPort)
else await main()
