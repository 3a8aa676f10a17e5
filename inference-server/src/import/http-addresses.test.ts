/** What an import may connect to, tried over connections: the address that was checked is the one that is called, hop by hop. */
import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { ImportError } from '../failures/import-error.ts'
import { makeCertificate } from '../testing/certificates.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { failedReport } from './command/report.ts'
import { type ImportOptions, importModel } from './import-model.ts'
import type { AddressRules } from './sources/address-guard.ts'

const folder = temporaryFolder()
let server: Server
let port: number
let asked: string[] = []
/** Target of the redirect of `/away`. */
let away = ''
/** What names stand for; each look-up takes the next answer, and the last one stays. */
let names: Record<string, string[][]> = {}
let lookups: string[] = []

before(async () => {
  server = createServer(({ url = '', headers }, response) => {
    asked.push(`${headers.host}${url}`)
    if (url === '/away') response.writeHead(302, { location: away }).end()
    else response.end(model)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
beforeEach(() => {
  asked = []
  lookups = []
  names = {}
})
after(() => {
  server.close()
  server.closeAllConnections()
  folder.remove()
})

const resolve: NonNullable<AddressRules['resolve']> = (host, _, done) => {
  lookups.push(host)
  const known = names[host] ?? []
  const addresses = (known.length > 1 ? known.shift() : known[0]) ?? []
  done(
    null,
    addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
  )
}

const inPod: AddressRules = { allowLoopback: false, allowPrivate: true, resolve }
/** The store is on this machine, since nothing else can be in a test. */
const withStore: AddressRules = { ...inPod, allowLoopback: true }

let volumes = 0
const importing = async (source: string, addresses: AddressRules, change: Partial<ImportOptions> = {}) => {
  const volume = join(folder.path, `models-${volumes++}`)
  try {
    return await importModel(importOptions({ source, volume, addresses, retryDelaysMs: [], ...change }))
  } catch (error) {
    assert.deepEqual(readdirSync(volume), [])
    throw error
  }
}

const refused = failing(
  'SourceNotAllowed',
  /stands for an address that imports do not connect to.*--allow-loopback/,
)

describe('no connection is made', () => {
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '0x7f.1', '0.0.0.0', '[::ffff:127.0.0.1]'])
    test(`to ${host}, where the store of a developer would be`, async () => {
      names = { localhost: [['127.0.0.1']] }
      await assert.rejects(importing(`http://${host}:${port}/secret`, inPod), refused)
      assert.deepEqual(asked, [])
    })

  test('to the metadata of a cloud, by address or by name, not even where this machine is allowed', async () => {
    names = { 'metadata.example': [['169.254.169.254']], both: [['127.0.0.1', 'fd00:ec2::254']] }
    for (const host of ['169.254.169.254', '[fd00:ec2::254]', 'metadata.example', 'both'])
      await assert.rejects(importing(`http://${host}:${port}/latest/meta-data/`, withStore), refused)
    assert.deepEqual(asked, [])
  })

  test('where a redirect leads to such an address', async () => {
    names = { metadata: [['169.254.169.254']], inside: [['::1']] }
    for (const host of ['169.254.169.254', '[::ffff:a9fe:a9fe]', '2852039166', 'metadata']) {
      away = `http://${host}/latest/meta-data/iam/`
      await assert.rejects(importing(`http://127.0.0.1:${port}/away`, withStore), refused)
    }
    assert.deepEqual(new Set(asked), new Set([`127.0.0.1:${port}/away`]))
  })

  test('to a private network where those are switched off, and the sentence says by what', async () => {
    names = { store: [['10.1.2.3']] }
    for (const host of ['10.1.2.3', '192.168.0.1', '[fd12::1]', 'store'])
      await assert.rejects(
        importing(`http://${host}/m.onnx`, { ...inPod, allowPrivate: false }),
        failing('SourceNotAllowed', /address of a private network.*imports\.privateAddresses/),
      )
  })
})

describe('a name is looked up once for each hop, and that answer is called', () => {
  test('though the name stands for another address a moment later', async () => {
    names = { store: [['127.0.0.1'], ['169.254.169.254']] }
    await importing(`http://store:${port}/model.onnx`, withStore)
    assert.deepEqual([lookups, asked], [['store'], [`store:${port}/model.onnx`]])
  })

  test('and looked up again when a redirect comes back to it', async () => {
    names = { store: [['127.0.0.1'], ['169.254.169.254']] }
    away = '/model.onnx'
    await assert.rejects(importing(`http://store:${port}/away`, withStore), refused)
    assert.deepEqual(asked, [`store:${port}/away`])
  })
})

describe('the report tells nothing of networks and of answers:', () => {
  const reportOf = async (source: string): Promise<string> => {
    const failure = await importing(source, withStore).then(
      () => undefined,
      (error: unknown) => error,
    )
    assert.ok(failure instanceof ImportError)
    return JSON.stringify(failedReport(failure))
  }

  test('an address that was refused stays in the log', async () => {
    names = { metadata: [['169.254.169.254']] }
    assert.doesNotMatch(await reportOf('http://metadata/'), /169\.254/)
  })

  test('a host that a server redirects to stays in the log', async () => {
    const closed = createTcpServer()
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done))
    const closedPort = (closed.address() as AddressInfo).port
    await new Promise((done) => closed.close(done))
    names = { 'hunter2.example': [['127.0.0.1']], 'hunter2.metadata': [['169.254.169.254']] }
    for (const target of [
      ...[`http://hunter2.example:${closedPort}/x`, 'http://hunter2.metadata/', 'http://hunter2.nowhere/'],
      ...['ftp://hunter2.example/', 'gopher://hunter2/'],
    ]) {
      away = target
      const report = await reportOf(`http://127.0.0.1:${port}/away`)
      assert.doesNotMatch(report, /hunter2/, target)
      assert.match(report, /redirects to/)
    }
  })

  test('ports of a private network that are open, closed or of another protocol look alike', async () => {
    const other = createTcpServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('SSH-2.0\r\n'),
    )
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const ssh = (other.address() as AddressInfo).port
    const open = await reportOf(`http://127.0.0.1:${ssh}/m`)
    await new Promise((done) => other.close(done))
    const closed = await reportOf(`http://127.0.0.1:${ssh}/m`)
    assert.equal(open, closed)
    assert.match(closed, /cannot be reached/)
  })
})

describe('over https', () => {
  let store: HttpsServer
  let base: string

  before(async () => {
    const certificate = await makeCertificate('localhost')
    setDefaultCACertificates([...getCACertificates('default'), certificate['tls.crt']])
    store = createHttpsServer(
      { cert: certificate['tls.crt'], key: certificate['tls.key'] },
      ({ url = '' }, response) => {
        asked.push(`https${url}`)
        if (url === '/away') response.writeHead(302, { location: away }).end()
        else response.end(model)
      },
    )
    await new Promise<void>((done) => store.listen(0, '127.0.0.1', done))
    base = `https://127.0.0.1:${(store.address() as AddressInfo).port}`
  })
  after(() => {
    store.close()
    store.closeAllConnections()
  })

  test('a model is imported, after a redirect to https too', async () => {
    away = `${base}/model.onnx`
    await importing(`${base}/away`, withStore)
    assert.deepEqual(asked, ['https/away', 'https/model.onnx'])
  })

  test('a redirect to http is not followed, nor one to another kind of address', async () => {
    for (const target of [`http://127.0.0.1:${port}/model.onnx`, 'file:///etc/passwd', 'ftp://127.0.0.1/m']) {
      away = target
      asked = []
      await assert.rejects(
        importing(`${base}/away`, withStore),
        failing('SourceUnsupported', /only https addresses are followed from https/),
      )
      assert.deepEqual(asked, ['https/away'])
    }
  })

  test('an address that is refused is refused before a handshake', async () => {
    await assert.rejects(importing(`${base}/model.onnx`, inPod), refused)
    assert.deepEqual(asked, [])
  })
})
