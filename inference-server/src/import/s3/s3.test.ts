/** Imports from servers of S3 that break, lie or refuse. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { inFull } from '../../failures/import-error.ts'
import { failing, importOptions, model, temporaryFolder } from '../../testing/imports.ts'
import {
  answerError,
  listing,
  type S3Answer,
  type S3Stand,
  startS3Answers,
} from '../../testing/s3-answers.ts'
import { type ImportOptions, importModel } from '../import-model.ts'

const folder = temporaryFolder()
after(folder.remove)

const aws = {
  AWS_ACCESS_KEY_ID: 'AKIDSECRETLY',
  AWS_SECRET_ACCESS_KEY: 'k3yOfTests',
  AWS_SESSION_TOKEN: 'tokenOfTests',
}
const secret = { credentials: undefined, hosts: [], aws }

let stand: S3Stand
const stands: S3Stand[] = []
afterEach(() => {
  for (const each of stands.splice(0)) each.close()
})

let volumes = 0
/** @returns the folder of the version */
const importing = async (
  source: string,
  answer: S3Answer,
  change: Partial<ImportOptions> = {},
): Promise<string> => {
  stand = await startS3Answers(answer)
  stands.push(stand)
  const volume = join(folder.path, `models-${volumes++}`)
  const s3 = { endpoint: new URL(stand.url), ...change.s3 }
  try {
    const { version } = await importModel(importOptions({ source, volume, secret, ...change, s3 }))
    return join(volume, version.id)
  } catch (error) {
    assert.deepEqual(readdirSync(volume), [], 'a failed import leaves nothing')
    const told = error instanceof Error && 'detail' in error ? inFull(error as never) : String(error)
    for (const text of [...Object.values(aws), 'words of the server', 'Signature='])
      assert.ok(!told.includes(text), told)
    throw error
  }
}

const isListing = ({ url = '' }: IncomingMessage): boolean => url.includes('list-type=2')

/** A bucket with one object, whose listing and content are given. */
const folderOf =
  (list: S3Answer, content: S3Answer): S3Answer =>
  (request, response, url) =>
    request.method === 'HEAD'
      ? void response.writeHead(404).end()
      : (isListing(request) ? list : content)(request, response, url)

const page =
  (...objects: Parameters<typeof listing>[0]): S3Answer =>
  (_request, response) =>
    void response.end(listing(objects))

const never: S3Answer = () => assert.fail('nothing else is asked')

test('a part that nobody asked for is no object', async () => {
  const part: S3Answer = (_request, response) =>
    void response
      .writeHead(206, { 'content-range': `bytes 5-${model.length - 1}/${model.length}`, etag: '"e"' })
      .end(model.subarray(5))
  await assert.rejects(
    importing('s3://models/m/', folderOf(page({ key: 'm/model.onnx', size: model.length }), part)),
    failing('SourceUnsupported', /answered with a part of the file, which nobody asked for/),
  )
})

test('a key that is no path of a file is refused before anything is read', async () => {
  for (const [key, said] of [
    ['m/../../etc/passwd', /has a part \. or \.\./],
    ['m/a/./b', /has a part \. or \.\./],
    ['m/a%00b', /holds a zero byte/],
    [`m/${'a'.repeat(300)}`, /is too long/],
    [`m/${'a/'.repeat(600)}b`, /is too long/],
    ['m/C:%5Cmodel.onnx', /is an absolute path/],
    ['m/%FF%FE', /is no UTF-8/],
    ['m/%EF%BF%BD', /is no UTF-8/],
    ['other/model.onnx', /does not begin with what was asked for/],
    ['m/folder/', /ends with \/ and has bytes/],
  ] as const)
    await assert.rejects(
      importing('s3://models/m', folderOf(page({ key }), never)),
      failing('UnsafePath', said),
      key,
    )
})

test('two keys that are one file on the volume are refused', async () => {
  const content: S3Answer = (_request, response) => void response.setHeader('etag', '"e"').end('words')
  for (const [keys, said] of [
    [['m/a//b', 'm/a/b'], /is there twice/],
    [['m/a', 'm/a/b'], /has a file twice/],
    [['m/a', 'm/A'], /only by upper and lower case/],
  ] as const)
    await assert.rejects(
      importing('s3://models/m', folderOf(page(...keys.map((key) => ({ key }))), content)),
      failing('UnsafePath', said),
      keys.join(' '),
    )
})

test('a listing of more objects than a model has ends at that page, and one that goes in a circle ends', async () => {
  let pages = 0
  const endless: S3Answer = (_request, response) => {
    const objects = Array.from({ length: 1_000 }, (_, n) => ({ key: `m/${pages}-${n}` }))
    pages += 1
    response.end(listing(objects, `token${pages}`))
  }
  await assert.rejects(
    importing('s3://models/m', folderOf(endless, never)),
    failing('SourceUnsupported', /more than 10000 objects/),
  )
  assert.equal(pages, 11)
  const circle: S3Answer = (_request, response) => void response.end(listing([], 'again'))
  await assert.rejects(
    importing('s3://models/m', folderOf(circle, never)),
    failing('SourceUnsupported', /listing of the bucket does not end/),
  )
  assert.equal(stand.requests.length, 3)
})

test('a text without an end, and one that is no XML, are no answer of S3', async () => {
  const endless: S3Answer = (_request, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(' '.repeat(2 ** 20), more)
    }
    more()
  }
  await assert.rejects(
    importing('s3://models/m', folderOf(endless, never)),
    failing('SourceUnsupported', /answers with more than \d+ bytes/),
  )
  await assert.rejects(
    importing(
      's3://models/m/',
      (_request, response) => void response.end('<!doctype html><title>Hello</title>'),
    ),
    failing('SourceUnsupported', /does not speak S3; check spec\.model\.source\.s3\.endpoint/),
  )
})

test('objects that change while they are read are read anew, and never mixed', async () => {
  const old = Buffer.from(model)
  let version = 1
  const list: S3Answer = (_request, response) => {
    const etag = `"${version}"`
    const objects = [
      { key: 'm/labels.json', size: 5, etag },
      { key: 'm/model.onnx', size: old.length, etag },
    ]
    response.end(listing(objects))
  }
  const content: S3Answer = (request, response, url) => {
    const isFirst = url.pathname.endsWith('labels.json')
    if (request.headers['if-match'] !== `"${version}"`)
      return answerError(412, 'PreconditionFailed')(request, response, url)
    response.setHeader('etag', `"${version}"`)
    response.end(isFirst ? `["${version}"]` : old)
    if (isFirst) version = 2 // both are written anew between the first and the second
  }
  const dir = await importing('s3://models/m', folderOf(list, content))
  assert.equal(readFileSync(join(dir, 'labels.json'), 'utf8'), '["2"]')
  assert.deepEqual(stand.requests.filter(isListing).length, 2)
})

test('what breaks off goes on where it ended, as the same object only', async () => {
  const half = Math.floor(model.length / 2)
  const answer: S3Answer = (request, response) => {
    const { range, 'if-match': match } = request.headers
    response.setHeader('etag', '"one"').setHeader('content-length', model.length)
    if (request.method === 'HEAD') return void response.end()
    assert.equal(match, '"one"')
    if (range === undefined)
      return void response.write(model.subarray(0, half), () => setTimeout(() => response.destroy(), 20))
    assert.equal(range, `bytes=${half}-`)
    response.writeHead(206, {
      'content-range': `bytes ${half}-${model.length - 1}/${model.length}`,
      'content-length': model.length - half,
    })
    response.end(model.subarray(half))
  }
  const dir = await importing('s3://models/model.onnx', answer)
  assert.deepEqual(readFileSync(join(dir, 'model.onnx')), model)
  assert.equal(stand.requests.length, 3)
})

test('a server that is busy is asked as often as an import says, and no more', async () => {
  await assert.rejects(
    importing('s3://models/m/', answerError(503, 'SlowDown')),
    failing('SourceUnreachable', /answered 503 \(SlowDown\); tried 3 times/, 'backoff'),
  )
  assert.equal(stand.requests.length, 3)
})

test('a server that accepts a connection and says nothing is given up', async () => {
  const timeouts = { connectMs: 2000, idleMs: 100 }
  await assert.rejects(
    importing('s3://models/m/', () => undefined, { timeouts, retryDelaysMs: [] }),
    failing('SourceUnreachable', /cannot be reached/, 'backoff'),
  )
})

test('a refusal is told by its number where it has no body, and by its name where it has one', async () => {
  for (const [status, code, reason, said] of [
    [
      403,
      'AccessDenied',
      'SourceForbidden',
      /answered 403 \(AccessDenied\): the credentials do not allow to read s3:\/\/models\/m/,
    ],
    [403, 'SignatureDoesNotMatch', 'SourceForbidden', /answered 403 \(SignatureDoesNotMatch\)/],
    [403, '"><script>', 'SourceForbidden', /answered 403: the credentials/],
    [400, 'ExpiredToken', 'SourceForbidden', /the session token has expired; renew it/],
    [400, 'InvalidToken', 'SourceForbidden', /answered 400 \(InvalidToken\)/],
    [404, 'NoSuchBucket', 'SourceNotFound', /there is no bucket models/],
    [
      400,
      'AuthorizationHeaderMalformed',
      'SourceUnsupported',
      /not in the region eu-west-1.*the server says eu-central-1/,
    ],
    [403, 'InvalidObjectState', 'SourceUnsupported', /is archived; restore it/],
    [501, 'NotImplemented', 'SourceUnsupported', /answered 501 \(NotImplemented\)/],
  ] as const)
    await assert.rejects(
      importing(
        's3://models/m',
        answerError(
          status,
          code,
          {},
          '<Region>eu-central-1</Region><StringToSign>tokenOfTests</StringToSign>',
        ),
        { s3: { region: 'eu-west-1' } },
      ),
      failing(reason, said),
      code,
    )
})

test('a bucket of another region is asked for there, as its server says', async () => {
  const elsewhere = { 'x-amz-bucket-region': 'eu-central-1' }
  for (const refusal of [
    answerError(301, 'PermanentRedirect', elsewhere),
    answerError(400, 'AuthorizationHeaderMalformed', elsewhere),
    answerError(400, 'AuthorizationHeaderMalformed', {}, '<Region>eu-central-1</Region>'),
  ]) {
    const object: S3Answer = (request, response) => {
      response.setHeader('etag', '"e"').setHeader('content-length', model.length)
      response.end(request.method === 'HEAD' ? undefined : model)
    }
    await importing('s3://models/model.onnx', (request, response, url) => {
      const isThere = request.headers.authorization?.includes('/eu-central-1/s3/')
      return (isThere ? object : refusal)(request, response, url)
    })
  }
})

test('a redirect is not followed: what is signed is for one host', async () => {
  const other = await startS3Answers(never)
  try {
    await assert.rejects(
      importing(
        's3://models/m',
        answerError(307, 'TemporaryRedirect', { location: `${other.url}/models/m` }),
      ),
      failing('SourceUnsupported', /answered 307.*not in the region/),
    )
    assert.equal(other.requests.length, 0)
  } finally {
    other.close()
  }
})

test('a clock that differs is corrected by that of the server', async () => {
  const hourAhead = new Date(Date.now() + 3_600_000)
  const answer: S3Answer = (request, response, url) => {
    response.setHeader('date', hourAhead.toUTCString())
    const signed = String(request.headers['x-amz-date']).slice(0, 11)
    if (signed !== hourAhead.toISOString().replaceAll(/[-:]/g, '').slice(0, 11))
      return answerError(403, 'RequestTimeTooSkewed')(request, response, url)
    response.setHeader('etag', '"e"').setHeader('content-length', model.length)
    response.end(request.method === 'HEAD' ? undefined : model)
  }
  await importing('s3://models/model.onnx', answer)
  assert.equal(stand.requests.length, 3)
})
