/** Bodies of POST /v2/models/NAME/infer. */
import { headerLengthName } from '../../protocol/protocol.ts'
import { elementsIn, type NamedTensors } from '../../tensors/tensor.ts'
import { bytesOf } from '../../tensors/tensor-binary.ts'
import { dataToJson } from '../../tensors/tensor-json.ts'
import type { RequestBody } from './request-body.ts'

/** Tensors of more elements go as bytes: as JSON they would take the server longer than many models. */
const mostJsonElements = 4096

const jsonBody = (tensors: NamedTensors): RequestBody => {
  const inputs = [...tensors].map(([name, tensor]) => {
    const { dtype: datatype, shape } = tensor
    return `${JSON.stringify({ name, datatype, shape }).slice(0, -1)},"data":${dataToJson(tensor)}}`
  })
  return { headers: { 'content-type': 'application/json' }, content: `{"inputs":[${inputs.join(',')}]}` }
}

/** @param output the only one that is answered, as bytes; undefined: all, as JSON */
export const binaryInferBody = (tensors: NamedTensors, output?: string): RequestBody => {
  const parts = [...tensors].map(([name, tensor]) => ({ name, tensor, bytes: bytesOf(tensor) }))
  const inputs = parts.map(({ name, tensor: { dtype: datatype, shape }, bytes }) => ({
    ...{ name, datatype, shape },
    parameters: { binary_data_size: bytes.length },
  }))
  const wanted =
    output === undefined ? {} : { outputs: [{ name: output, parameters: { binary_data: true } }] }
  const head = Buffer.from(JSON.stringify({ inputs, ...wanted }))
  return {
    headers: { 'content-type': 'application/octet-stream', [headerLengthName]: `${head.length}` },
    content: Buffer.concat([head, ...parts.map(({ bytes }) => bytes)]),
  }
}

export const inferBody = (tensors: NamedTensors): RequestBody =>
  elementsIn(tensors) > mostJsonElements ? binaryInferBody(tensors) : jsonBody(tensors)
