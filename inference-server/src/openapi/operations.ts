/** Operations of an OpenAPI document. */
import { object, ref, type Schema } from './schemas.ts'

type Operation = Readonly<Record<string, unknown>>
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

export const json = (schema: Schema): Operation => ({ 'application/json': { schema } })
export const answer = (schema: Schema, description = 'The answer.') => ({
  '200': { description, content: json(schema) },
})
export const failed = (schema = 'Error') => ({
  default: { description: 'What is wrong, and what to do next.', content: json(ref(schema)) },
})

export const get = (summary: string, responses: Operation): Readonly<Record<string, Operation>> => ({
  get: { summary, responses },
})
export const post = (
  summary: string,
  content: Operation,
  responses: Operation,
): Readonly<Record<string, Operation>> => ({
  post: { summary, requestBody: { required: true, content }, responses },
})

export const file: Schema = { type: 'string', format: 'binary' }

/** A file as a form brings it. */
export const form = { 'multipart/form-data': { schema: object({ file }, ['file']) } }
