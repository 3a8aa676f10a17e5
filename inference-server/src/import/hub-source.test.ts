/** Imports from a hub that speaks the HTTP of Hugging Face. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { VersionMetadata } from '@gantry/contract/versions.ts'
import { type Hub, startHub } from '../../../local-cluster/hub/hub.ts'
import { tar } from '../testing/archives.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { onnxFile } from '../testing/onnx.ts'
import { type ImportOptions, importModel } from './import-model.ts'

const folder = temporaryFolder()
let hub: Hub
before(async () => {
  hub = await startHub({ pageSize: 3 })
})
beforeEach(() => {
  hub.requests.length = 0
  hub.intercept = () => false
})
after(async () => {
  await hub.close()
  folder.remove()
})

let volumes = 0
const token = 'hf_the_token_of_a_reader'
const importing = async (source: string, change: Partial<ImportOptions> = {}) => {
  const volume = join(folder.path, `models-${volumes++}`)
  const access = { endpoint: new URL(hub.endpoint), token: undefined }
  try {
    const { version } = await importModel(importOptions({ source, volume, hub: access, ...change }))
    const text = readFileSync(join(volume, version.id, 'metadata.json'), 'utf8')
    const metadata = JSON.parse(text) as VersionMetadata
    return { version, metadata, paths: metadata.files.map(({ path }) => path).sort(), volume }
  } catch (error) {
    assert.deepEqual(readdirSync(volume), [], 'a failed import leaves nothing')
    throw error
  }
}
const withToken = (given = token): Partial<ImportOptions> => ({
  hub: { endpoint: new URL(hub.endpoint), token: given },
  allowHttpCredentials: true,
})

/** A graph whose weights are in a file beside it, under a name of no convention. */
const external = (file: string): Buffer =>
  onnxFile({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['batch', 2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['batch', 2] }],
    constants: [{ name: 'w', shape: [2], data: new Float32Array(2), file }],
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
  })

const encoder = {
  'README.md': '# encoder',
  'config.json': '{}',
  'model.safetensors': 'weights',
  'pytorch_model.bin': 'pickle',
  'onnx/model.onnx': model,
  'onnx/model_quantized.onnx': model,
}

describe('a model of a hub becomes a version', () => {
  test('of one commit, with the files that it needs alone', async () => {
    const commit = hub.push('acme/encoder', encoder)
    const { metadata, paths } = await importing('hf://acme/encoder@main')
    assert.deepEqual(paths, ['config.json', 'onnx/model.onnx'])
    assert.equal(metadata.sourceRevision, commit)
    assert.equal(metadata.source, 'hf://acme/encoder@main')
    const asked = hub.requests.filter(({ path }) => /resolve|tree/.test(path))
    assert.ok(asked.every(({ path }) => path.includes(commit)))
  })

  test('that stays the one of its commit when the branch moves meanwhile', async () => {
    const first = hub.push('acme/moving', { 'config.json': '{"old":1}', 'model.onnx': model })
    hub.intercept = ({ url = '' }) => {
      if (url.includes('/tree/')) hub.push('acme/moving', { 'config.json': '{}', 'model.onnx': 'new' })
      return false
    }
    const { metadata, version, volume } = await importing('hf://acme/moving')
    assert.equal(metadata.sourceRevision, first)
    assert.equal(readFileSync(join(volume, version.id, 'config.json'), 'utf8'), '{"old":1}')
  })

  test('of another branch, of a folder, of one file and of an archive', async () => {
    const files = { 'small/model.onnx': model, 'small/labels.json': '["a"]', 'large/model.onnx': 'other' }
    hub.push('acme/both', files, { name: 'feature/x' })
    const { paths } = await importing('hf://acme/both@feature%2Fx/small')
    assert.deepEqual(paths, ['labels.json', 'model.onnx'])
    const one = await importing('hf://acme/both@feature%2Fx/small/model.onnx')
    assert.deepEqual(one.paths, ['model.onnx'])
    hub.push('acme/packed', { 'm.tar': tar([{ path: 'model.onnx', content: model }]) })
    assert.deepEqual((await importing('hf://acme/packed/m.tar')).paths, ['model.onnx'])
  })

  test('with the weights that its graph names, whatever they are called', async () => {
    const weights = Buffer.alloc(8, 1)
    const files = {
      'onnx/model.onnx': external('onnx__MatMul_7'),
      'onnx/onnx__MatMul_7': weights,
      'onnx/x': 'x',
    }
    hub.push('acme/external', files)
    assert.deepEqual((await importing('hf://acme/external')).paths, [
      'onnx/model.onnx',
      'onnx/onnx__MatMul_7',
    ])
  })

  test('with the chosen graph, whose folder lists more entries than a page has', async () => {
    const more = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`docs/${n}.md`, 'text']))
    hub.push('acme/paged', { ...more, ...encoder })
    const { paths } = await importing('hf://acme/paged', { file: 'onnx/model_quantized.onnx' })
    assert.deepEqual(paths, ['config.json', 'onnx/model.onnx'])
    assert.equal(hub.requests.filter(({ path }) => path.includes('/tree/')).length, 6)
  })

  test('as the input of an export, without graphs and pickles', async () => {
    hub.push('acme/export', { ...encoder, 'config.json': '{"architectures":["Bert"]}' })
    const { paths, metadata } = await importing('hf://acme/export', { export: true })
    assert.deepEqual(paths, ['config.json', 'model.safetensors'])
    assert.deepEqual(metadata.input, { format: 'hugging-face' })
  })
})

describe('a token', () => {
  test('is sent to the hub alone: stores get a signed address', async () => {
    hub.push('acme/private', { 'config.json': '{}', 'model.onnx': model }, { isPrivate: true })
    hub.grant(token, 'acme/private')
    await importing('hf://acme/private', withToken())
    const sent = (at: 'hub' | 'cdn') => hub.requests.filter((one) => one.at === at)
    assert.ok(sent('hub').every(({ authorization }) => authorization === `Bearer ${token}`))
    assert.deepEqual(
      sent('cdn').map(({ authorization }) => authorization),
      [undefined],
    )
  })

  test('follows no page of a listing to another host', async () => {
    hub.push('acme/linked', { 'a.md': '', 'b.md': '', 'c.md': '', 'model.onnx': model })
    hub.grant(token, 'acme/linked')
    hub.intercept = (_, response) => {
      const setHeaders = response.writeHead.bind(response)
      response.writeHead = ((status: number, headers: Record<string, string>) =>
        setHeaders(status, {
          ...headers,
          ...(headers['link'] && { link: headers['link'].replace(hub.endpoint, hub.cdn) }),
        })) as typeof response.writeHead
      return false
    }
    await importing('hf://acme/linked', withToken())
    assert.ok(hub.requests.filter(({ at }) => at === 'cdn').every(({ path }) => path.startsWith('/repos/')))
  })

  test('travels over http only where that is allowed', async () => {
    const change = { ...withToken(), allowHttpCredentials: false }
    await assert.rejects(
      importing('hf://acme/private', change),
      failing('SourceForbidden', /over https only/),
    )
    assert.deepEqual(hub.requests, [])
  })
})

describe('what a hub refuses is told with what to do', () => {
  const refused = (source: string, said: RegExp, change: Partial<ImportOptions> = {}) =>
    assert.rejects(importing(source, change), failing('SourceNotFound', said))
  const forbidden = (source: string, said: RegExp, change: Partial<ImportOptions> = {}) =>
    assert.rejects(importing(source, change), failing('SourceForbidden', said))
  before(() => {
    hub.push('acme/open', { 'config.json': '{}', 'model.onnx': model })
    hub.push('acme/secret', { 'model.onnx': model }, { isPrivate: true })
    hub.push('acme/gated', { 'model.onnx': model }, { isGated: true })
    hub.grant('hf_other', 'acme/open')
  })

  test('a repository that is not there, or hidden', async () => {
    await refused('hf://acme/none', /no public repository acme\/none.*key HF_TOKEN/)
    await refused('hf://acme/secret', /no public repository acme\/secret.*key HF_TOKEN/)
    await refused(
      'hf://acme/secret',
      /no repository acme\/secret that the token may see/,
      withToken('hf_other'),
    )
  })

  test('a revision, a folder and a file that are not there', async () => {
    await refused('hf://acme/open@gone', /acme\/open has no revision gone; name a branch/)
    await refused('hf://acme/open/onnx', /acme\/open has no such file or folder/)
    await refused(
      'hf://acme/open/onnx/model.onnx',
      /acme\/open has no onnx\/model\.onnx at this revision; check the path/,
    )
  })

  test('a gated model, and a token that is not valid', async () => {
    await forbidden('hf://acme/gated', /is gated; ask for access at http.*\/acme\/gated.*HF_TOKEN/)
    await forbidden('hf://acme/gated', /has not been let in/, withToken('hf_other'))
    await forbidden('hf://acme/open', /does not know the token; it has expired/, withToken('hf_bad'))
  })

  test('a repository without a graph', async () => {
    hub.push('acme/weights', { 'config.json': '{}', 'model.safetensors': 'x' })
    await assert.rejects(
      importing('hf://acme/weights'),
      failing('ModelIncomplete', /set spec\.optimize\.export: \{\}/),
    )
  })
})

describe('a hub that does not do what it says', () => {
  /** Answers the nth request whose path matches, counted from 1, otherwise. */
  const interfere = (path: RegExp, answer: (response: ServerResponse) => void, times = 1): void => {
    let left = times
    hub.intercept = ({ url = '' }, response) => {
      if (!path.test(url) || left-- <= 0) return false
      answer(response)
      return true
    }
  }
  before(() => {
    hub.push('acme/shaky', { 'config.json': '{"a":1}', 'model.onnx': model })
  })

  test('and has too many requests is asked again after the time that it names', async () => {
    interfere(/tree/, (response) => response.writeHead(429, { 'retry-after': '0' }).end(), 2)
    await importing('hf://acme/shaky')
    interfere(/tree/, (response) => response.writeHead(429, { ratelimit: '"api";r=0;t=1' }).end(), 9)
    await assert.rejects(
      importing('hf://acme/shaky', { retryDelaysMs: [] }),
      failing('SourceUnreachable', /no more requests.*with a token/, 'backoff'),
    )
  })

  test('and sends other bytes than its commit has is not believed', async () => {
    const other = Buffer.from(model)
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1
    interfere(/^\/repos/, (response) => response.end(other), 9)
    await assert.rejects(
      importing('hf://acme/shaky'),
      failing('DigestMismatch', /sha256 .*commit [0-9a-f]{12}/),
    )
    interfere(/resolve-cache/, (response) => response.end('{"a":2}'), 9)
    await assert.rejects(
      importing('hf://acme/shaky'),
      failing('DigestMismatch', /git-sha1 .*commit [0-9a-f]{12}/),
    )
  })

  test('and breaks off goes on where it ended, with a new address of the store', async () => {
    const digest = createHash('sha256').update(model).digest('hex')
    interfere(/^\/repos/, (response) => {
      response.writeHead(200, { 'content-length': `${model.length}`, etag: `"${digest}"` })
      response.write(model.subarray(0, 20))
      setTimeout(() => response.socket?.end(), 100) // what has come is read meanwhile
    })
    await importing('hf://acme/shaky')
    assert.deepEqual(
      hub.requests.filter(({ at }) => at === 'cdn').map(({ range }) => range),
      [undefined, 'bytes=20-'],
    )
    assert.equal(hub.requests.filter(({ path }) => path.endsWith('/model.onnx')).length, 2)
  })

  test('and whose store refuses an address that has expired is asked for another', async () => {
    interfere(/^\/repos/, (response) => response.writeHead(403).end('<Error>Request has expired</Error>'))
    await importing('hf://acme/shaky')
  })

  test('and answers something else is named', async () => {
    for (const body of ['<html>', '[]', '{"sha":"main"}', '{"sha":"../../x"}']) {
      interfere(/revision/, (response) => response.end(body), 9)
      await assert.rejects(
        importing('hf://acme/shaky'),
        failing('SourceUnsupported', /does not answer as a hub of Hugging Face.*huggingFaceEndpoint/),
      )
    }
    const entries = ['{}', '[{"type":"file","path":"model.onnx"}]', '[{"type":"file","path":1,"size":1}]']
    for (const body of entries) {
      interfere(/tree/, (response) => response.end(body), 9)
      await assert.rejects(
        importing('hf://acme/shaky'),
        failing('SourceUnsupported', /does not answer as a hub/),
      )
    }
  })

  test('and names paths outside of the repository writes nothing', async () => {
    const entry = { type: 'file', oid: 'a'.repeat(40), size: 1 }
    for (const path of ['onnx/../../model.onnx', `${'x'.repeat(300)}.onnx`, 'a\0.onnx']) {
      interfere(/tree/, (response) => response.end(JSON.stringify([{ ...entry, path }])), 9)
      await assert.rejects(importing('hf://acme/shaky'), failing('UnsafePath', /a file of the repository/))
    }
  })

  test('and lists for ever is not listened to', async () => {
    const entry = { type: 'directory', oid: 'a', size: 0, path: 'x' }
    const page = JSON.stringify(Array.from({ length: 7000 }, () => entry))
    interfere(
      /tree/,
      (response) => response.writeHead(200, { link: '<?cursor=x>; rel="next"' }).end(page),
      999,
    )
    await assert.rejects(importing('hf://acme/shaky'), failing('SourceUnsupported', /more than 20000 files/))
  })
})
