/** An ordinary gRPC client of a test server. */
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import {
  type Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import type { TestServer } from './server.ts'

export type Message = Readonly<Record<string, unknown>>

/** @param file name of a file in grpc/ */
export const clientOf = (file: string, path: readonly string[], port: number | undefined): Client => {
  const options = { keepCase: true, longs: String, enums: String, defaults: false, oneofs: true }
  const proto = fileURLToPath(new URL(`../grpc/${file}`, import.meta.url))
  let found: unknown = loadPackageDefinition(loadSync(proto, options))
  for (const name of path) found = (found as Record<string, unknown>)[name]
  return new (found as ServiceClientConstructor)(`127.0.0.1:${port}`, credentials.createInsecure())
}

export const inference = ({ serving }: Pick<TestServer, 'serving'>): Client =>
  clientOf('open_inference.proto', ['inference', 'GRPCInferenceService'], serving.grpcPort)

export const headers = (entries: Readonly<Record<string, string>>): Metadata => {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value)
  return metadata
}

/** A call that is answered once. */
export const call = (
  client: Client,
  method: string,
  request: Message = {},
  metadata = new Metadata(),
): Promise<Message> =>
  new Promise((resolve, reject) => {
    const methods = client as unknown as Record<
      string,
      (request: Message, metadata: Metadata, done: (error: unknown, answer: Message) => void) => void
    >
    methods[method]?.(request, metadata, (error, answer) => (error ? reject(error) : resolve(answer)))
  })

/** How a call fails that has to. */
export const refusal = async (promise: Promise<unknown>): Promise<ServiceError> => {
  const error = await promise.then(
    () => assert.fail('was not refused'),
    (caught: unknown) => caught,
  )
  return error as ServiceError
}
