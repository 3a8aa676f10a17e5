/** The servers that are compared: how each is started, and how each takes a request. */
import { join } from 'node:path'
import { freePort } from '../../local-cluster/machine/ports.ts'
import { gantryProgram, threads } from '../load/gantry.ts'
import { base64Of, jsonRequest, numbersOf, oipBinary, oipJson, type Request } from '../load/request.ts'
import type { Program } from '../load/server.ts'
import type { RowTensor } from '../models/rows.ts'
import { cached, pythonWith } from '../python.ts'

export interface Competitor {
  readonly name: string
  /** Installs what it needs. */
  readonly prepare: () => Promise<unknown>
  readonly program: (folder: string, port: number) => Promise<Program>
  readonly request: (tensors: readonly RowTensor[]) => Request
}

/** Gantry's own default. */
const maxRows = 32
/** A tensor with more elements is sent in the most compact form that a server takes: clients do not send pictures as JSON numbers. */
const longElements = 10_000

const infer = '/v2/models/model/infer'
const isLong = (tensors: readonly RowTensor[]): boolean =>
  tensors.some(({ data }) => data.length > longElements)

const here = import.meta.dirname
const environmentOf = (name: string): Promise<string> =>
  pythonWith(join(here, name, 'requirements.txt'), cached('bench-peers', name))

const settings = (folder: string, port: number): Readonly<Record<string, string>> => ({
  MODEL_PATH: join(folder, 'model.onnx'),
  THREADS: String(threads),
  MAX_ROWS: String(maxRows),
  PORT: String(port),
  PYTHONPATH: here,
})

const gantry: Competitor = {
  name: 'Gantry',
  prepare: async () => {},
  program: async (folder, port) => gantryProgram(folder, port),
  request: (tensors) => (isLong(tensors) ? oipBinary : oipJson)(infer, tensors),
}

const kserve: Competitor = {
  name: "KServe's Python server",
  prepare: () => environmentOf('kserve'),
  program: async (folder, port) => ({
    command: join(await environmentOf('kserve'), 'python'),
    args: [join(here, 'kserve/server.py')],
    env: settings(folder, port),
  }),
  request: (tensors) => (isLong(tensors) ? oipBinary : oipJson)(infer, tensors),
}

const mlserver: Competitor = {
  name: 'MLServer',
  prepare: () => environmentOf('mlserver'),
  program: async (folder, port) => ({
    command: join(await environmentOf('mlserver'), 'mlserver'),
    args: ['start', join(here, 'mlserver')],
    env: {
      ...settings(folder, port),
      MLSERVER_HOST: '127.0.0.1',
      MLSERVER_HTTP_PORT: String(port),
      MLSERVER_GRPC_PORT: String(await freePort()),
      MLSERVER_METRICS_PORT: String(await freePort()),
      MLSERVER_DEBUG: 'false',
      // Inference in the same process is as fast as in a separate worker, starts sooner and takes half the memory.
      MLSERVER_PARALLEL_WORKERS: '0',
    },
  }),
  request: (tensors) => {
    if (!isLong(tensors)) return oipJson(infer, tensors)
    const inputs = tensors.map((tensor) => ({
      name: tensor.name,
      datatype: 'BYTES',
      shape: [1],
      data: [base64Of(tensor)],
    }))
    return jsonRequest(infer, { inputs })
  },
}

const litserve: Competitor = {
  name: 'LitServe',
  prepare: () => environmentOf('litserve'),
  program: async (folder, port) => ({
    command: join(await environmentOf('litserve'), 'python'),
    args: [join(here, 'litserve/server.py')],
    env: settings(folder, port),
  }),
  request: (tensors) => {
    const valuesOf = isLong(tensors) ? base64Of : numbersOf
    return jsonRequest(
      '/predict',
      Object.fromEntries(tensors.map((tensor) => [tensor.name, valuesOf(tensor)])),
    )
  },
}

export const competitors: readonly Competitor[] = [gantry, kserve, mlserver, litserve]
