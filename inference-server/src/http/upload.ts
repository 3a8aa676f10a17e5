import type { IncomingMessage } from 'node:http'
import { Failure } from '../failures/errors.ts'
import type { Bodies } from '../requests/bodies.ts'
import { readBody } from './body.ts'

/** Names of the form field that holds the file. */
const fileFields = ['file', 'image'] as const

const missing = (): Failure =>
  new Failure('invalid', 'the form has no file; send it in the field "file"', { field: 'file' })

const several = (): Failure =>
  new Failure('invalid', 'the form has several files; send one picture in each request', { field: 'file' })

/** Whether a request brings a file rather than JSON. */
export const isMedia = (request: IncomingMessage): boolean =>
  /^(multipart\/form-data|image\/|application\/octet-stream)/i.test(request.headers['content-type'] ?? '')

/** An uploaded file. */
export interface Upload {
  readonly file: Buffer
  /** The form's other fields. */
  readonly fields: Readonly<Record<string, string>>
}

/** The form is small enough to be held whole, so its parts come one after another without back pressure. */
const readForm = async (request: IncomingMessage, bodies: Bodies): Promise<Upload> => {
  const body = await readBody(request, bodies)
  const busboy = (await import('busboy')).default
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void =>
      reject(
        new Failure('malformed', `the form cannot be read: ${(error as Error).message}`, { cause: error }),
      )
    try {
      const form = busboy({ headers: request.headers, limits: { files: 4, fields: 64, parts: 68 } })
      const files: Buffer[] = []
      const fields = new Map<string, string>()
      form.on('field', (name, value) => fields.set(name, value))
      form.on('file', (name, stream) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('error', fail)
        stream.on('close', () => {
          if (fileFields.some((field) => field === name)) files.push(Buffer.concat(chunks))
        })
      })
      form.on('error', fail)
      form.on('close', () => {
        const [file] = files
        if (file === undefined) reject(missing())
        else if (files.length > 1) reject(several())
        else resolve({ file, fields: Object.fromEntries(fields) })
      })
      form.end(body)
    } catch (error) {
      fail(error)
    }
  })
}

/**
 * The file of an upload: the body itself (image/…, application/octet-stream), or the field `file` of a form.
 * @throws Failure unsupported-media-type, malformed, invalid, too-large
 */
export const readUpload = async (request: IncomingMessage, bodies: Bodies): Promise<Upload> => {
  const type = request.headers['content-type'] ?? ''
  const form = /^multipart\/form-data\b/i.test(type)
  if (!form && !/^(image\/|application\/octet-stream\b)/i.test(type)) {
    const found = type === '' ? 'there is no content-type' : `content-type ${type} is no picture`
    throw new Failure(
      'unsupported-media-type',
      `${found}; send multipart/form-data with a field "file", or image/png`,
    )
  }
  const upload = form
    ? await readForm(request, bodies)
    : { file: await readBody(request, bodies), fields: {} }
  if (upload.file.length === 0) throw new Failure('invalid', 'the file is empty', { field: 'file' })
  return upload
}
