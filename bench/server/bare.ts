/**
 * What the inference server is measured against: the least that answers an infer request, node:http and a session on
 * the same thread, without checks, batches, metrics or limits.
 *   node bench/server/bare.ts MODEL_FOLDER PORT
 */
import { createServer } from 'node:http'
import { join } from 'node:path'
import { httpPort } from '../../contract/server.ts'

process.env['ORT_DISABLE_TELEMETRY'] = '1'
const { default: ort } = await import('onnxruntime-node')

interface InferBody {
  readonly inputs: readonly [{ readonly shape: readonly number[]; readonly data: readonly number[] }]
}

const [dir = '.', port = String(httpPort)] = process.argv.slice(2)
const session = await ort.InferenceSession.create(join(dir, 'model.onnx'), {
  intraOpNumThreads: 1,
  logSeverityLevel: 4,
})
const [inputName = ''] = session.inputNames
const outputName =
  session.outputMetadata.find((output) => output.isTensor && output.type === 'float32')?.name ?? ''

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', async () => {
    const { inputs } = JSON.parse(Buffer.concat(chunks).toString()) as InferBody
    const [{ shape, data }] = inputs
    const results = await session.run({
      [inputName]: new ort.Tensor('float32', Float32Array.from(data), shape),
    })
    const output = results[outputName]
    const answer = {
      name: outputName,
      datatype: 'FP32',
      shape: output?.dims,
      data: Array.from(output?.data as Float32Array),
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ model_name: 'bare', outputs: [answer] }))
  })
})
server.listen(Number(port), () => process.stdout.write(`bare server at http://localhost:${port}\n`))
