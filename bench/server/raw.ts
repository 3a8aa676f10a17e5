/**
 * The ceiling: a session inline, run again and again, with nothing around it.
 *   node bench/server/raw.ts MODEL_NAME MODEL_FOLDER THREADS SECONDS ROWS[,ROWS…]
 * Says `ready` after the first run, then what it measured as one line of JSON: SessionAlone without `coldMs`.
 */
import { join } from 'node:path'
import type { Tensor } from 'onnxruntime-node'
import type { Load } from '../load/wrk.ts'
import { type ModelName, type RowTensor, rowOf } from '../models/rows.ts'
import { percentile } from '../report.ts'

process.env['ORT_DISABLE_TELEMETRY'] = '1'
const { default: ort } = await import('onnxruntime-node')

const [name = '', folder = '.', threads = '1', seconds = '1', batches = '1'] = process.argv.slice(2)
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
    p99Ms: percentile(latencies, 0.99),
  }
}

await session.run(feeds(1))
process.stdout.write('ready\n')
const measured: (Load & { readonly rows: number })[] = []
for (const rows of batches.split(',').map(Number)) measured.push({ rows, ...(await measure(rows)) })
process.stdout.write(
  `${JSON.stringify({ batches: measured, residentMb: process.memoryUsage.rss() / 1e6 })}\n`,
)
