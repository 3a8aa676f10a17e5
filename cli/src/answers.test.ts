/** What the commands make of an API server that answers wrongly, and of a cluster with hostile texts in it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { ask } from './models/ask.ts'
import { kubeconfigOf, type Play, playServer } from './testing/api-server.ts'
import { gantry, type Machine, type Ran } from './testing/gantry.ts'

const against = async (play: Play, args: readonly string[], machine: Machine = {}) => {
  const server = await playServer(play)
  try {
    const ran = await gantry(args, { ...machine, env: { ...server.env, ...machine.env } })
    return { ...ran, asked: server.asked }
  } finally {
    server.close()
  }
}

const text =
  (code: number, body: string, type = 'text/html') =>
  (response: ServerResponse): void =>
    void response.writeHead(code, { 'content-type': type }).end(body)

/** The cluster answers, and not as an API server does: exit code 4, and no mistake of the program. */
const assertRefused = ({ code, err }: Ran, name: string): void => {
  assert.equal(code, 4, `${name}: ${err}`)
  assert.doesNotMatch(err, /mistake of|properties of/, `${name}: ${err}`)
}

test('an answer that is not of an API server ends with 4, in a sentence', async () => {
  const page = '<html><body>Log in</body></html>'
  const answers: Readonly<Record<string, ReturnType<Play>>> = {
    'a page with 200': text(200, page),
    'no list': {},
    'a list of null': { metadata: {}, items: [null] },
    'a redirect': text(302, page),
    gone: text(410, page),
    'a page with 500': text(500, page),
    null: text(500, 'null', 'application/json'),
    'a message that is no text': text(500, '{"message":{"a":1},"reason":[]}'),
    'a bad gateway': text(502, page),
    'a late gateway': text(504, page),
    'a cut body': (response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('{"items":')
      setTimeout(() => response.destroy(), 20)
    },
  }
  for (const [name, played] of Object.entries(answers)) {
    assertRefused(await against(() => played, ['get']), `get: ${name}`)
    if (/page|null|list/.test(name)) assertRefused(await against(() => played, ['doctor']), `doctor: ${name}`)
  }
})

test('a kubeconfig that cannot be used ends with 4, in a sentence', async () => {
  const server = await playServer(() => undefined)
  const file = join(server.folder, 'bad')
  const refused: Readonly<Record<string, unknown>> = {
    'no address': kubeconfigOf('not an address'),
    'no server': kubeconfigOf(undefined),
    'a server of another scheme': kubeconfigOf('ftp://127.0.0.1'),
    'a plugin that is missing': kubeconfigOf(server.url, {
      exec: { command: join(server.folder, 'nothing'), apiVersion: 'client.authentication.k8s.io/v1' },
    }),
    'a plugin that fails': kubeconfigOf(server.url, { exec: { command: 'false' } }),
    'a plugin that answers with no JSON': kubeconfigOf(server.url, { exec: { command: 'echo' } }),
    'a plugin without status': kubeconfigOf(server.url, { exec: { command: 'echo', args: ['{}'] } }),
    'certificates that are none': {
      ...kubeconfigOf('https://127.0.0.1:1'),
      clusters: [
        { name: 'a', cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'AAAA' } },
      ],
    },
    'a list of numbers': { clusters: [1], users: 2, contexts: 'x' },
    'a text': 'x',
    nothing: null,
  }
  try {
    for (const [name, content] of Object.entries(refused)) {
      writeFileSync(file, JSON.stringify(content))
      const ran = await gantry(['get'], { env: { KUBECONFIG: file } })
      assertRefused(ran, name)
      if (/plugin/.test(name)) assert.match(ran.err, /gives no credentials/, name)
    }
    for (const path of [server.folder, '/dev/zero'])
      assertRefused(await gantry(['get', '--kubeconfig', path]), path)
  } finally {
    server.close()
  }
})

test('a pod that takes a TLS connection and says nothing is waited for until the deadline', async () => {
  const silent = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() })
  const question = { path: '/predict', contentType: 'text/plain', body: Buffer.from('x'), apiKey: undefined }
  const trust = { host: 'support.shop.svc', authority: undefined, isChecked: true }
  await assert.rejects(
    ask(silent, question, trust.host, trust, AbortSignal.timeout(50)),
    /The model does not answer: .*timeout/,
  )
})

test('a login program that hangs completes nothing, and ends within seconds', async () => {
  const server = await playServer(() => undefined)
  const file = join(server.folder, 'hanging')
  writeFileSync(file, JSON.stringify(kubeconfigOf(server.url, { exec: { command: 'sleep', args: ['20'] } })))
  const main = join(import.meta.dirname, 'main.ts')
  const child = spawn(process.execPath, [main, '__complete', '--', 'get', ''], { env: { KUBECONFIG: file } })
  const late = setTimeout(() => child.kill('SIGKILL'), 12_000)
  const [code] = await once(child, 'exit')
  clearTimeout(late)
  server.close()
  assert.equal(code, 0)
})
