/** Counted calls of gRPC to a model whose versions are adders: half over a connection that is kept, half over a new one each. */
import { join } from 'node:path'
import {
  type Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { grpcPort } from '../contract/server.ts'

export interface GrpcTraffic {
  /** What was sent, and a line for each call without the right answer. */
  readonly stop: () => Promise<{ readonly sent: number; readonly lost: readonly string[] }>
}

interface Options {
  /** Address of the Service. */
  readonly host: string
  readonly model: string
  readonly apiKey: string
  readonly perSecond: number
  /** Summands of the versions that may answer. */
  readonly summands: readonly number[]
}

const proto = join(import.meta.dirname, '../inference-server/src/grpc/open_inference.proto')
const patienceMs = 10_000

interface Answer {
  readonly outputs: readonly { readonly contents?: { readonly fp32_contents: readonly number[] } }[]
  readonly raw_output_contents?: readonly Buffer[]
}

const sumOf = ({ outputs, raw_output_contents: [raw] = [] }: Answer): number =>
  raw ? raw.readFloatLE() : (outputs[0]?.contents?.fp32_contents[0] ?? Number.NaN)

export const startGrpcTraffic = ({ host, model, apiKey, perSecond, summands }: Options): GrpcTraffic => {
  const definition = loadSync(proto, { keepCase: true, longs: String, enums: String, oneofs: true })
  const { inference } = loadPackageDefinition(definition) as unknown as {
    inference: { GRPCInferenceService: ServiceClientConstructor }
  }
  const open = (): Client =>
    new inference.GRPCInferenceService(`${host}:${grpcPort}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    })
  const metadata = new Metadata()
  metadata.set('authorization', `Bearer ${apiKey}`)
  const kept = open()
  const lost: string[] = []
  const underWay = new Set<Promise<void>>()
  let sent = 0

  const ask = (client: Client, x: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const { ModelInfer } = client as unknown as Record<string, (...args: unknown[]) => void>
      const contents = { fp32_contents: [x] }
      const request = {
        model_name: model,
        inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents }],
      }
      const deadline = Date.now() + patienceMs
      ModelInfer?.call(client, request, metadata, { deadline }, (error: unknown, answer: Answer) =>
        error ? reject(error) : resolve(sumOf(answer)),
      )
    })
  const count = async (): Promise<void> => {
    const x = sent % 1000
    const client = sent % 2 === 0 ? kept : open()
    sent += 1
    try {
      const y = await ask(client, x)
      if (!summands.includes(y - x)) lost.push(`${new Date().toISOString()} ${x} is answered with ${y}`)
    } catch (error) {
      lost.push(`${new Date().toISOString()} ${(error as Error).message}`)
    }
    if (client !== kept) client.close()
  }
  const ticking = setInterval(() => {
    const one = count()
    underWay.add(one)
    void one.finally(() => underWay.delete(one))
  }, 1000 / perSecond)
  return {
    stop: async () => {
      clearInterval(ticking)
      await Promise.all(underWay)
      kept.close()
      return { sent, lost }
    },
  }
}
