import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { tar } from '../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { readOptions } from './command/options.ts'
import { type ImportOptions, importModel } from './import-model.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const folder = temporaryFolder()
let server: Server
let other: Server
let base: string
let otherBase: string
/** What the next requests get, the last one again and again. */
let answers: Answer[] = []
let requests: IncomingMessage[] = []

const listen = async (handle: Answer): Promise<[Server, string]> => {
  const started = createServer(handle)
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return [started, `http://127.0.0.1:${(started.address() as AddressInfo).port}`]
}

before(async () => {
  const handle: Answer = (request, response) => {
    requests.push(request)
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    answer?.(request, response)
  }
  ;[server, base] = await listen(handle)
  ;[other, otherBase] = await listen(handle)
})
beforeEach(() => {
  requests = []
})
after(() => {
  for (const each of [server, other]) {
    each.close()
    each.closeAllConnections()
  }
  folder.remove()
})

let volumes = 0
const importing = async (change: Partial<ImportOptions> = {}, path = '/model.onnx') => {
  const volume = join(folder.path, `models-${volumes++}`)
  try {
    return await importModel(importOptions({ source: `${base}${path}`, volume, ...change }))
  } catch (error) {
    assert.deepEqual(readdirSync(volume), [], 'a failed import leaves nothing')
    throw error
  }
}

const serve =
  (content: Buffer | string): Answer =>
  (_, response) =>
    response.end(content)
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end('sorry')
const redirect =
  (to: () => string): Answer =>
  (_, response) =>
    response.writeHead(302, { location: to() }).end()
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')

describe('a download becomes a version', () => {
  test('of one model file, with its digest checked', async () => {
    answers = [serve(model)]
    const { version } = await importing({ sha256: sha256(model).toUpperCase() }, '/download?id=7')
    assert.equal(version.sizeBytes, model.length)
  })

  test('of an archive, whose digest is that of the archive', async () => {
    const archive = tar([{ path: 'model.onnx', content: model }])
    answers = [serve(archive)]
    await importing({ sha256: sha256(archive) })
  })

  test('sent in pieces without a length', async () => {
    answers = [
      (_, response) => {
        for (let at = 0; at < model.length; at += 10) response.write(model.subarray(at, at + 10))
        response.end()
      },
    ]
    assert.equal((await importing()).version.sizeBytes, model.length)
  })
})

describe('what time may mend is tried again, then left to the operator', () => {
  const cutOff: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': model.length })
    response.write(model.subarray(0, 20), () => response.destroy())
  }
  const cutOffInPieces: Answer = (_, response) => {
    response.writeHead(200)
    response.write(model.subarray(0, 20), () => response.destroy())
  }
  const wrongLength: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': model.length + 100, connection: 'close' })
    response.write(model, () => response.socket?.end())
  }
  const silent: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': model.length })
    response.write(model.subarray(0, 20))
  }
  const mute: Answer = () => undefined
  const brief = { timeouts: { connectMs: 1000, idleMs: 50 } }

  const cases: readonly [string, Answer, RegExp, Partial<ImportOptions>?][] = [
    ['an error of the server', status(500), /127.0.0.1:\d+ answered 500; tried 3 times/],
    ['too many requests', status(429, { 'retry-after': '0' }), /answered 429/],
    ['a connection that breaks off', cutOff, /cannot be reached.*the connection broke off/],
    ['a connection that breaks off, without a length', cutOffInPieces, /broke off/],
    ['fewer bytes than announced', wrongLength, /broke off/],
    ['a server that falls silent', silent, /not a byte came within 0.05 s/, brief],
    ['a server that never answers', mute, /not a byte came within 0.05 s/, brief],
  ]
  for (const [what, answer, message, change] of cases) {
    test(`${what}, and then fine`, async () => {
      answers = [answer, serve(model)]
      assert.equal((await importing(change)).version.sizeBytes, model.length)
      assert.equal(requests.length, 2)
    })
    test(`${what}, for good`, async () => {
      answers = [answer]
      await assert.rejects(importing(change), failing('SourceUnreachable', message, 'backoff'))
      assert.equal(requests.length, 3)
    })
  }

  test('a break in the middle of an archive', async () => {
    const archive = tar([
      { path: 'config.json', content: '{}' },
      { path: 'model.onnx', content: model },
    ])
    answers = [
      (_, response) => {
        response.writeHead(200, { 'content-length': archive.length })
        response.write(archive.subarray(0, 1600), () => response.destroy())
      },
      serve(archive),
    ]
    assert.equal((await importing()).version.sizeBytes, model.length + 2)
  })

  test('a port without a listener', async () => {
    const closed = createTcpServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    await assert.rejects(
      importing({ source: `http://127.0.0.1:${port}/m` }),
      failing(
        'SourceUnreachable',
        /cannot be reached; tried 3 times \(the connection was refused\)/,
        'backoff',
      ),
    )
  })

  test('a host name that does not exist', async () => {
    await assert.rejects(
      importing({ source: 'http://store.invalid/m', retryDelaysMs: [] }),
      failing(
        'SourceUnreachable',
        /store.invalid cannot be reached: (no such host|the name service)/,
        'backoff',
      ),
    )
  })

  test('a server that speaks no HTTP', async () => {
    const tcp = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0\r\n'))
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    const { port } = tcp.address() as AddressInfo
    await assert.rejects(
      importing({ source: `http://127.0.0.1:${port}/m` }),
      failing('SourceUnreachable', /cannot be reached/, 'backoff'),
    )
    tcp.close()
  })
})

describe('what someone must mend fails at once', () => {
  const cases: readonly [string, Answer, Parameters<typeof failing>, Partial<ImportOptions>?][] = [
    ['404', status(404), ['SourceNotFound', /answered 404: there is no \/model.onnx; check the address/]],
    ['410', status(410), ['SourceNotFound', /answered 410/]],
    [
      '401',
      status(401),
      ['SourceForbidden', /answered 401, and no credentials were given; give some in a Secret.*secretRef/],
    ],
    ['403', status(403), ['SourceForbidden', /answered 403/]],
    ['400', status(400), ['SourceUnsupported', /answered 400 instead of 200/]],
    ['204', status(204), ['SourceUnsupported', /answered 204 instead of 200/]],
    [
      'another digest',
      serve(model),
      ['DigestMismatch', /does not have the sha256 0{64}.*its sha256 is [0-9a-f]{64}/],
      { sha256: '0'.repeat(64) },
    ],
    ['a login page', serve('<!doctype html><title>Sign in</title>'), ['NotOnnx', /HTML page/]],
    ['half a model, as if it were whole', serve(model.subarray(0, 60)), ['NotOnnx', /breaks off/]],
    [
      'a model without its tokenizer',
      serve(model),
      ['ModelIncomplete', /tokenizer.json is missing/],
      { task: 'text-classification' },
    ],
    [
      'more than the volume has',
      (_, response) => response.writeHead(200, { 'content-length': `${2 ** 50}` }).flushHeaders(),
      ['VolumeFull', /needs 1024.0 TiB$/],
    ],
  ]
  for (const [what, answer, expected, change] of cases)
    test(what, async () => {
      answers = [answer]
      await assert.rejects(importing(change), failing(...expected))
      assert.equal(requests.length, 1)
    })
})

describe('redirects', () => {
  test('are followed, relative ones too', async () => {
    answers = [redirect(() => '/elsewhere'), redirect(() => `${otherBase}/final`), serve(model)]
    await importing()
    assert.deepEqual(
      requests.map(({ url }) => url),
      ['/model.onnx', '/elsewhere', '/final'],
    )
  })

  test('that never end are not', async () => {
    answers = [redirect(() => '/again')]
    await assert.rejects(importing(), failing('SourceUnsupported', /redirects more than 10 times/))
  })

  for (const to of ['file:///etc/passwd', 'ftp://host/x', 'http://[', ''])
    test(`to ${to || 'nowhere'} are not`, async () => {
      answers = [redirect(() => to)]
      if (to === '') answers = [status(302)]
      await assert.rejects(importing({}), failing('SourceUnsupported', /redirects to/))
      assert.equal(requests.length, 1)
    })
})

describe('credentials', () => {
  const seen = () => requests.map(({ headers }) => headers.authorization)
  const named = (address: string) => [new URL(address).host]
  const bearer = (hosts: readonly string[]) => ({
    credentials: { kind: 'bearer', token: 't0ken' } as const,
    hosts,
  })
  const allowHttpCredentials = true

  test('are sent as a bearer token, or as user and password', async () => {
    answers = [serve(model)]
    await importing({ secret: bearer(named(base)), allowHttpCredentials })
    const credentials = { kind: 'basic', username: 'ann', password: 'pä:ss' } as const
    await importing({ secret: { credentials, hosts: named(base) }, allowHttpCredentials })
    assert.deepEqual(seen(), ['Bearer t0ken', `Basic ${Buffer.from('ann:pä:ss').toString('base64')}`])
  })

  test('that the source does not take are to be checked', async () => {
    answers = [status(401)]
    await assert.rejects(
      importing({ secret: bearer(named(base)), allowHttpCredentials }),
      failing(
        'SourceForbidden',
        /answered 401; check the credentials in the Secret of spec\.model\.source\.secretRef/,
      ),
    )
  })

  test('in the address are sent, and not recorded', async () => {
    answers = [serve(model)]
    const source = `${base.replace('//', '//ann:p%40ss@')}/m`
    await importing({ source, allowHttpCredentials })
    assert.deepEqual(seen(), [`Basic ${Buffer.from('ann:p@ss').toString('base64')}`])
  })

  for (const [what, hosts] of [
    ['that names no hosts', () => []],
    ['that names another host', () => named(otherBase)],
    ['that names the host on another port', () => ['127.0.0.1']],
  ] as const)
    test(`of a Secret ${what} are not sent, and nothing is asked`, async () => {
      answers = [serve(model)]
      const secret = bearer(hosts())
      await assert.rejects(
        importing({ secret, allowHttpCredentials }),
        failing('SourceForbidden', /only to hosts that their Secret names/),
      )
      assert.deepEqual(requests, [])
    })

  test('are not sent over http unless that is allowed, and nothing is asked', async () => {
    answers = [serve(model)]
    const source = `${base.replace('//', '//ann:p%40ss@')}/m`
    for (const change of [{ secret: bearer(named(base)) }, { source }])
      await assert.rejects(importing(change), failing('SourceForbidden', /over https only/))
    assert.deepEqual(requests, [])
  })

  test('stay on their host when it redirects, even where the Secret names the other one', async () => {
    const chain = () => [
      redirect(() => '/same'),
      redirect(() => `${otherBase}/x`),
      redirect(() => `${otherBase}/y`),
      serve(model),
    ]
    for (const hosts of [named(base), [...named(base), ...named(otherBase)]]) {
      answers = chain()
      requests = []
      await importing({ secret: bearer(hosts), allowHttpCredentials })
      assert.deepEqual(seen(), ['Bearer t0ken', 'Bearer t0ken', undefined, undefined])
    }
  })

  test('that a redirect brings along are not sent', async () => {
    answers = [redirect(() => `${otherBase.replace('//', '//root:root@')}/x`), serve(model)]
    await importing()
    assert.deepEqual(seen(), [undefined, undefined])
  })

  test('of any kind are in no message, log or report: not of the address, the query, the fragment or a redirect', async () => {
    const logged: unknown[] = []
    const keep = (...line: unknown[]): void => void logged.push(line)
    const log = { error: keep, warn: keep, info: keep, debug: keep, flush: async () => undefined }
    const source = `${base.replace('//', '//ann:hunter2@')}/m.onnx?auth=hunter2&pwd=hunter2#token=hunter2`
    const shownAs = readOptions(['--source', source], {})?.shownAs ?? ''
    const elsewhere = redirect(() => `${otherBase}/hunter2/m.onnx?code=hunter2`)
    for (const chain of [
      [serve(model)],
      [status(404)],
      [status(401)],
      [status(500)],
      [status(204)],
      [serve('<!doctype html>')],
      [elsewhere, status(404)],
      [elsewhere, status(403)],
      [elsewhere, status(500)],
      [redirect(() => 'ftp://ann:hunter2@host/hunter2?hunter2')],
    ]) {
      answers = chain
      const told = await importing({ source, shownAs, log, allowHttpCredentials, retryDelaysMs: [1] }).catch(
        (error: Error) => error.message,
      )
      assert.doesNotMatch(JSON.stringify([told, logged]), /hunter2/)
    }
    assert.ok(logged.length > 0)
  })
})

test('an import that is interrupted says so and leaves nothing', async () => {
  const interrupted = new AbortController()
  answers = [
    (_, response) => {
      response.write(model.subarray(0, 20))
      setImmediate(() => interrupted.abort())
    },
  ]
  await assert.rejects(
    importing({ signal: interrupted.signal }),
    failing('ImportFailed', /was interrupted/, 'backoff'),
  )
})
