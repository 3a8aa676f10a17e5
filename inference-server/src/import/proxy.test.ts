/** Downloads through a proxy and from stores with a certificate of a private authority, over connections. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { connect, type Server as TcpServer } from 'node:net'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { makeCertificate } from '../testing/certificates.ts'
import { failing, importOptions, model, temporaryFolder } from '../testing/imports.ts'
import { type ImportOptions, importModel } from './import-model.ts'
import type { AddressRules } from './sources/address-guard.ts'
import { noProxies, type Proxies, proxyFor, readProxies } from './sources/proxy.ts'

const folder = temporaryFolder()
let [store, tlsStore, proxy]: [Server?, HttpsServer?, Server?] = []
/** What was asked of the proxy, and of the stores. */
let asked: string[] = []
/** How the proxy answers who asks for a tunnel. */
let tunnel = '200 OK'
let [caFile, selfSignedFile] = ['', '']

const portOf = (server: TcpServer | undefined): number => {
  const address = server?.address()
  assert.ok(address && typeof address === 'object')
  return address.port
}
const listen = (server: TcpServer): Promise<void> =>
  new Promise((done) => server.listen(0, '127.0.0.1', done))
const file = (name: string, content: string): string => {
  writeFileSync(join(folder.path, name), content)
  return join(folder.path, name)
}

before(async () => {
  store = createServer(({ url, headers }, response) => {
    asked.push(`store ${headers.host}${url}`)
    response.end(model)
  })
  const authority = await makeCertificate('Company CA')
  const other = await makeCertificate('other')
  const certificate = await makeCertificate('localhost', 1, authority)
  caFile = file('ca.crt', `# our authorities\n${other['tls.crt']}\n${authority['tls.crt']}`)
  selfSignedFile = file('other.crt', other['tls.crt'])
  tlsStore = createHttpsServer(
    { cert: certificate['tls.crt'], key: certificate['tls.key'] },
    ({ url }, response) => {
      asked.push(`tls ${url}`)
      response.end(model)
    },
  )
  proxy = createServer(({ url }, response) => {
    asked.push(`proxy ${url}`)
    response.end(model)
  })
  proxy.on('connect', ({ url }, socket) => {
    asked.push(`tunnel ${url}`)
    socket.write(`HTTP/1.1 ${tunnel}\r\n\r\n`)
    if (!tunnel.startsWith('200')) return socket.end()
    const onwards = connect(portOf(tlsStore), '127.0.0.1')
    for (const end of [socket, onwards]) end.on('error', () => undefined)
    return socket.pipe(onwards).pipe(socket)
  })
  for (const server of [store, tlsStore, proxy]) await listen(server)
})
beforeEach(() => {
  asked = []
  tunnel = '200 OK'
})
after(() => {
  for (const server of [store, tlsStore, proxy]) {
    server?.close()
    server?.closeAllConnections()
  }
  folder.remove()
})

const through = (noProxy: readonly string[] = []): Proxies => {
  const url = new URL(`http://127.0.0.1:${portOf(proxy)}`)
  return { http: url, https: url, noProxy }
}

/** Names of the internet are known to the proxy only, as in many a cluster. */
const resolve: NonNullable<AddressRules['resolve']> = (host, _, done) => {
  const known: Record<string, string> = {
    localhost: '127.0.0.1',
    metadata: '169.254.169.254',
    inside: '10.1.2.3',
  }
  const address = known[host]
  if (address === undefined) return done(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), [])
  return done(null, [{ address, family: 4 }])
}
const inPod: AddressRules = { allowLoopback: false, allowPrivate: true, resolve }

let volumes = 0
const importing = (source: string, change: Partial<ImportOptions> = {}) =>
  importModel(
    importOptions({ source, volume: join(folder.path, `models-${volumes++}`), retryDelaysMs: [], ...change }),
  )

describe('a store whose certificate a private authority has signed', () => {
  const address = () => `https://localhost:${portOf(tlsStore)}/model.onnx`

  test('is not trusted without that authority, and the sentence says where to name it', async () => {
    const untrusted = failing(
      'SourceUnreachable',
      /cannot be trusted.*spec\.storage\.import\.caBundle/,
      'backoff',
    )
    await assert.rejects(importing(address()), untrusted)
    await assert.rejects(importing(address(), { caFile: selfSignedFile }), untrusted)
    assert.deepEqual(asked, [])
  })

  test('is trusted with it, among other authorities in the file', async () => {
    const { version } = await importing(address(), { caFile })
    assert.equal(version.sizeBytes, model.length)
    assert.deepEqual(asked, ['tls /model.onnx'])
  })

  test('is trusted through a proxy too, which sees a tunnel and no more', async () => {
    await importing('https://localhost:8443/model.onnx', { caFile, proxies: through() })
    assert.deepEqual(asked, ['tunnel localhost:8443', 'tls /model.onnx'])
  })

  test('is not asked where the file of authorities is of no use, and the sentence says why', async () => {
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    for (const [path, why] of [
      [join(folder.path, 'missing'), /caBundle.*cannot be read \(ENOENT\)/],
      [file('empty.crt', ''), /there is no PEM certificate in it/],
      [file('damaged.crt', damaged), /its certificate 1 of 1 is damaged/],
    ] as const)
      await assert.rejects(importing(address(), { caFile: path }), failing('ImportFailed', why))
    assert.deepEqual(asked, [])
  })
})

describe('through a proxy', () => {
  test('a source goes whose name only the proxy knows', async () => {
    await importing('http://store.example/model.onnx', { proxies: through(), addresses: inPod })
    assert.deepEqual(asked, ['proxy http://store.example/model.onnx'])
  })

  test('nothing goes that is excepted, and it is called directly', async () => {
    await importing(`http://127.0.0.1:${portOf(store)}/model.onnx`, { proxies: through(['127.0.0.0/8']) })
    assert.deepEqual(asked, [`store 127.0.0.1:${portOf(store)}/model.onnx`])
  })

  for (const host of ['127.0.0.1', '169.254.169.254', '[::1]', 'localhost', 'metadata'])
    test(`nothing goes to ${host}, which imports do not connect to`, async () => {
      for (const scheme of ['http', 'https'])
        await assert.rejects(
          importing(`${scheme}://${host}/model.onnx`, { proxies: through(), addresses: inPod }),
          failing('SourceNotAllowed', /stands for an address that imports do not connect to/),
        )
      assert.deepEqual(asked, [])
    })

  test('nothing goes to a private network where those are switched off', async () => {
    for (const host of ['10.1.2.3', 'inside'])
      await assert.rejects(
        importing(`http://${host}/m`, { proxies: through(), addresses: { ...inPod, allowPrivate: false } }),
        failing('SourceNotAllowed', /imports\.privateAddresses/),
      )
    assert.deepEqual(asked, [])
  })

  for (const [answer, sentence] of [
    [
      '403 Forbidden by hunter2',
      /^the proxy makes no way to store\.example: it answered 403; tried 1 times$/,
    ],
    ['407 Proxy Authentication Required', /it answered 407, since it asks for a password/],
  ] as const)
    test(`a refusal of the proxy is told by its number: ${answer.slice(0, 3)}`, async () => {
      tunnel = answer
      await assert.rejects(importing('https://store.example/m', { proxies: through(), addresses: inPod }), {
        reason: 'SourceUnreachable',
        message: sentence,
      })
    })

  test('that does not answer, a source is unreachable, and the sentence names the proxy', async () => {
    const silentProxy = new URL('http://127.0.0.1:1')
    for (const scheme of ['http', 'https'])
      await assert.rejects(
        importing(`${scheme}://store.example/m`, {
          proxies: { http: silentProxy, https: silentProxy, noProxy: [] },
          addresses: inPod,
        }),
        failing(
          'SourceUnreachable',
          /store\.example cannot be reached through the proxy: the connection was refused/,
          'backoff',
        ),
      )
  })
})

describe('the variables of proxies', () => {
  const read = readProxies({
    HTTPS_PROXY: 'proxy.example:3128',
    http_proxy: 'http://small.example',
    HTTP_PROXY: 'http://big.example',
    NO_PROXY: 'a, b',
  })

  test('are read as curl does: small letters first, http where no scheme is given', () => {
    assert.deepEqual(
      [read.https?.href, read.http?.href],
      ['http://proxy.example:3128/', 'http://small.example/'],
    )
    assert.deepEqual(read.noProxy, ['a', 'b'])
    assert.deepEqual(readProxies({ HTTPS_PROXY: ' ' }), noProxies)
  })

  test('are refused by name where they name no proxy', () => {
    for (const value of ['socks5://proxy:1080', 'https://proxy:3128', 'http://', 'a b'])
      assert.throws(
        () => readProxies({ HTTPS_PROXY: value }),
        /^StartError: HTTPS_PROXY is no address of a proxy/,
      )
  })

  const proxies = { ...read, http: undefined }
  for (const [noProxy, url, goesThrough] of [
    ['', 'https://a.example/', true],
    ['', 'http://a.example/', false], // HTTPS_PROXY is for https only
    ['a.example', 'https://a.example/', false],
    ['a.example', 'https://A.example./', false],
    ['A.EXAMPLE', 'https://b.a.example/', false],
    ['a.example', 'https://ba.example/', true],
    ['.a.example', 'https://a.example/', true],
    ['.a.example', 'https://b.a.example/', false],
    ['*.a.example', 'https://b.a.example/', false],
    ['*', 'https://b.a.example/', false],
    ['a.example:8443', 'https://a.example/', true],
    ['a.example:8443', 'https://a.example:8443/', false],
    ['a.example:443', 'https://a.example/', false],
    ['10.1.2.3', 'https://10.1.2.3/', false],
    ['1.2.3', 'https://10.1.2.3/', true],
    ['10.0.0.0/8', 'https://10.1.2.3/', false],
    ['10.0.0.0/8', 'https://11.1.2.3/', true],
    ['10.0.0.0/33', 'https://10.0.0.0/', true],
    ['10.0.0.0/8', 'https://a.example/', true],
    ['fd00::/8', 'https://[fd12::1]/', false],
    ['[fd12::1]:8443', 'https://[fd12::1]:8443/', false],
    ['fd12::1', 'https://[fd12::1]/', false],
  ] as const)
    test(`NO_PROXY ${noProxy || '(empty)'}: ${url} goes ${goesThrough ? 'through the proxy' : 'directly'}`, () => {
      const found = proxyFor(new URL(url), { ...proxies, noProxy: [noProxy].filter((one) => one !== '') })
      assert.equal(found !== undefined, goesThrough)
    })
})
