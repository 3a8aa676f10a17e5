/** One inference request in the forms that servers take it. */
import type { RowTensor } from '../models/rows.ts'

/** What a caller sends again and again, with POST. */
export interface Request {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

const asJson = { 'content-type': 'application/json' }

/** Numbers of a tensor as JSON has them. */
export const numbersOf = ({ data }: RowTensor): readonly number[] =>
  Array.from(data as Iterable<number>, Number)

const bytesOf = ({ data }: RowTensor): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength)

export const base64Of = (tensor: RowTensor): string => bytesOf(tensor).toString('base64')

export const jsonRequest = (path: string, body: unknown): Request => ({
  path,
  headers: asJson,
  body: JSON.stringify(body),
})

/** Open Inference Protocol, everything as JSON. */
export const oipJson = (path: string, tensors: readonly RowTensor[]): Request =>
  jsonRequest(path, {
    inputs: tensors.map((tensor) => ({
      name: tensor.name,
      datatype: tensor.datatype,
      shape: tensor.shape,
      data: numbersOf(tensor),
    })),
  })

/** Open Inference Protocol with its binary tensors, both ways. */
export const oipBinary = (path: string, tensors: readonly RowTensor[]): Request => {
  const inputs = tensors.map(({ name, datatype, shape, data }) => ({
    name,
    datatype,
    shape,
    parameters: { binary_data_size: data.byteLength },
  }))
  const head = Buffer.from(JSON.stringify({ inputs, parameters: { binary_data_output: true } }))
  return {
    path,
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(head.length),
    },
    body: Buffer.concat([head, ...tensors.map(bytesOf)]),
  }
}
