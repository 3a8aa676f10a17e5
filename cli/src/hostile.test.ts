/** Texts of a cluster that would drive a terminal, and answers that stop half way. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { reportKey, reportMapName } from '@gantry/contract/evaluation.ts'
import { components, labels } from '@gantry/contract/labels.ts'
import { type Play, type PlayedServer, playServer } from './testing/api-server.ts'
import { gantry, type Machine } from './testing/gantry.ts'

const hostile = 'a\u001b[2J\u009b31m\u202e\u2066\r\nREADY\u0007'
const meta = (name: string, more: object = {}) => ({
  name,
  namespace: 'shop',
  uid: 'u',
  generation: 1,
  resourceVersion: '1',
  creationTimestamp: '2026-11-23T10:16:00Z',
  ...more,
})
const condition = { type: 'Ready', status: 'False', reason: hostile, message: hostile }
const version = (id: string, phase: string) => ({
  id,
  label: hostile,
  revision: 'x',
  source: hostile,
  digest: hostile,
  sizeBytes: 1,
  createdAt: hostile,
  phase,
})
const model = {
  metadata: meta('support', { annotations: { 'argocd.argoproj.io/tracking-id': hostile } }),
  spec: { model: { task: 'text-classification', source: { uri: `https://x/${hostile}` } } },
  status: {
    observedGeneration: 1,
    url: hostile,
    managedBy: hostile,
    activeVersion: 'v_2',
    versions: [version('v_1', 'Imported'), version('v_2', 'Serving')],
    conditions: [condition],
  },
}
const pod = {
  metadata: meta('support-1', { labels: { [labels.component]: components.server } }),
  spec: { nodeName: hostile, containers: [] },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: hostile, restartCount: 0, state: { waiting: { reason: hostile } } }],
  },
}
const result = (name: string) => ({
  name,
  eligible: true,
  metrics: { [hostile]: 1 },
  performance: { p95Ms: 1, throughputPerSecond: 1 },
  cost: { base: 0, inference: 1, hardware: 0, total: 1 },
  score: { comprehensive: 1, normalized: 1 },
})
const evaluation = {
  metadata: meta('which'),
  spec: { metric: hostile, candidates: [{ name: hostile }], dataset: {} },
  status: {
    observedGeneration: 1,
    progress: hostile,
    winner: hostile,
    dataset: { source: hostile, digest: hostile, samples: 1, total: 1 },
    results: [result('base'), result('small')],
    ineligible: [{ name: hostile, reasons: [hostile] }],
    conditions: [condition],
  },
}
const event = {
  metadata: meta('e'),
  type: 'Warning',
  reason: hostile,
  message: hostile,
  lastTimestamp: hostile,
}

const kindOf = (path: string): string =>
  path.split('/').find((part) => /^(pods|events|model.*s)$/.test(part)) ?? ''
const objects: Readonly<Record<string, object>> = {
  pods: pod,
  events: event,
  modeldeployments: model,
  modelevaluations: evaluation,
}
const hostileCluster: Play = ({ path }) => {
  const kind = kindOf(path)
  if (path.endsWith('/log')) return (response) => response.end(`${hostile}\n`)
  const object = objects[kind]
  return path.endsWith(`/${kind}`) && object
    ? { metadata: { resourceVersion: '1' }, items: [object] }
    : object
}

const withServer = async (play: Play, use: (server: PlayedServer) => Promise<void>): Promise<void> => {
  const server = await playServer(play)
  try {
    await use(server)
  } finally {
    server.close()
  }
}

const obeyed = /[^\n\P{Cc}]|[\p{Bidi_Control}\u2028\u2029]/u
/** The colours of this program. */
const esc = '\u001b'
const ours = new RegExp(`${esc}\\[(?:[12]|22|3[1236]|39)m`, 'g')

test('no text of a cluster drives the terminal', async () => {
  await withServer(hostileCluster, async ({ env, folder }) => {
    const lines = [
      ['get'],
      ['get', 'support', '-o', 'yaml'],
      ['get', '-o', 'json'],
      ['describe', 'support'],
      ['describe', 'support', '-o', 'yaml'],
      ['describe', 'mev/which'],
      ['versions', 'support'],
      ['rollback', 'support'],
      ['rollback', 'support', 'none'],
      ['logs', 'support'],
      ['compare', 'base', 'small', '-e', 'which'],
      ['compare', 'v_1', 'v_2', '-m', 'support'],
      ['report', 'which'],
      ['predict', 'support', '--text', 'x'],
      ['doctor'],
      ['get', '--context', hostile],
      ['get', '-n', hostile],
      [hostile],
      ['get', `--${hostile}`],
      ['report', 'which', '--output', join(folder, hostile, 'none')],
    ]
    for (const args of lines)
      for (const machine of [{}, { terminal: 20 }] satisfies Machine[]) {
        const { out, err } = await gantry(args, { ...machine, env })
        const text = (out + err).replace(ours, '')
        assert.doesNotMatch(text, obeyed, `${args.join(' ')}: ${JSON.stringify(text)}`)
        if (args[0] !== 'logs') assert.doesNotMatch(text, /^READY/m, `${args.join(' ')}: ${text}`)
        assert.doesNotMatch(text, /mistake of/, `${args.join(' ')}: ${text}`)
      }
  })
})

test('a context with a hostile name is no line of completions', async () => {
  await withServer(hostileCluster, async ({ folder }) => {
    const contexts = [hostile, 'a\tb', ':files', 'arn:aws:eks:eu-central-1:1:cluster/a', 'x y'].map(
      (name) => ({
        name,
        context: { cluster: 'a', user: 'a' },
      }),
    )
    const file = join(folder, 'contexts')
    writeFileSync(file, JSON.stringify({ contexts, clusters: [], users: [] }))
    const { out } = await gantry(['__complete', '--', 'get', '--context', ''], { env: { KUBECONFIG: file } })
    assert.deepEqual(out.split('\n'), ['x y', 'arn:aws:eks:eu-central-1:1:cluster/a', ''])
  })
})

const reportMap = (content: string) => ({
  metadata: meta(reportMapName('which')),
  binaryData: { [reportKey('base')]: content },
})

test('a report that is none ends with a sentence, and compare goes on without it', async () => {
  const packed = (text: string): string => gzipSync(text).toString('base64')
  const contents = {
    'broken base64': '***',
    'no gzip': Buffer.from('x').toString('base64'),
    'a cut gzip': packed('{"a":1}'.repeat(100)).slice(0, 20),
    'no JSON': packed('{'),
    null: packed('null'),
    'another version': packed('{"form":9}'),
    'deep JSON': packed(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
    'a bomb': gzipSync(Buffer.alloc(65 << 20, '1'), { level: 1 }).toString('base64'),
  }
  for (const [name, content] of Object.entries(contents))
    await withServer(
      (asked) => (asked.path.includes('/configmaps/') ? reportMap(content) : hostileCluster(asked)),
      async ({ env }) => {
        const told = await gantry(['report', 'which'], { env })
        assert.equal(told.code, 1, name)
        assert.match(told.err, /^error: ConfigMap which-report has (no|a) report in /, name)
        const compared = await gantry(['compare', 'base', 'small', '-e', 'which'], { env })
        assert.equal(compared.code, 0, `${name}: ${compared.err}`)
        assert.match(compared.err, /warning: ConfigMap which-report/, name)
      },
    )
})

test('a wrong --timeout changes nothing', async () => {
  await withServer(hostileCluster, async ({ env, asked }) => {
    const { code } = await gantry(['rollback', 'support', '--wait', '--timeout', 'soon'], { env })
    assert.equal(code, 2)
    assert.deepEqual(asked, [])
  })
})

test('empty names, and namespaces that are none, are refused before the cluster is asked', async () => {
  await withServer(hostileCluster, async ({ env, asked }) => {
    const lines = [
      ['get', ''],
      ['get', 'mdl/'],
      ['get', 'mdl/a/b'],
      ['rollback', ''],
      ['rollback', 'support', ''],
      ['report', ''],
      ['get', '-n', ''],
      ['get', '--context='],
      ['get', '-n', '../..'],
      ['get', '-n', 'kube-system?x'],
    ]
    for (const args of lines) {
      const { code, err } = await gantry(args, { env })
      assert.equal(code, 2, `${args.join(' ')}: ${err}`)
      assert.match(err, /is empty|is no name of|has one/, args.join(' '))
    }
    assert.deepEqual(asked, [])
  })
})

test('evaluate --detach -o prints a document', async () => {
  await withServer(
    () => ({ ...evaluation, status: undefined }),
    async ({ env }) => {
      const { code, out } = await gantry(['evaluate', 'which', '--detach', '-o', 'json'], { env })
      assert.equal(code, 0)
      assert.deepEqual(JSON.parse(out), {})
    },
  )
})

test('a YAML bomb is refused before it is unfolded', async () => {
  await withServer(hostileCluster, async ({ env, asked }) => {
    const lists = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]'
        : `a${level}: &a${level} [${Array(9).fill(`*a${level - 1}`)}]`,
    )
    const input = ['kind: ModelEvaluation', 'metadata: {name: which}', ...lists].join('\n')
    const { code, err } = await gantry(['evaluate', '--file', '-'], { env, input })
    assert.equal(code, 2)
    assert.match(err, /larger than/)
    assert.deepEqual(asked, [])
  })
})

test('a watch that ends at once is begun again after a break', async () => {
  await withServer(
    (asked) => (asked.query.has('watch') ? (response) => response.end() : hostileCluster(asked)),
    async ({ env, asked }) => {
      await gantry(['get', '--watch'], { env, signal: AbortSignal.timeout(600) })
      assert.equal(asked.filter(({ query }) => query.has('watch')).length, 2)
    },
  )
})

test('a log that is cut in the middle is a failure of the cluster', async () => {
  await withServer(
    (asked) =>
      asked.path.endsWith('/log')
        ? (response) => {
            response.writeHead(200, { 'content-length': 1000 })
            response.write('one\n')
            setTimeout(() => response.destroy(), 100)
          }
        : hostileCluster(asked),
    async ({ env }) => {
      const { code, out, err } = await gantry(['logs', 'support'], { env })
      assert.deepEqual([code, out], [4, 'one\n'])
      assert.match(err, /connection was closed/)
    },
  )
})

test('doctor goes on where it may not ask for its rights or the version', async () => {
  const forbidden: Play = () => (response) =>
    response.writeHead(403).end('{"message":"it is forbidden","reason":"Forbidden"}')
  await withServer(forbidden, async ({ env }) => {
    const { err, out } = await gantry(['doctor', '-o', 'json'], { env })
    assert.equal(err, '')
    const whats = (JSON.parse(out) as { what: string; severity: string }[]).map(({ what, severity }) => [
      what,
      severity,
    ])
    for (const what of ['cluster', 'CRD', 'release', 'rights', 'storage', 'metrics', 'GPUs'])
      assert.ok(
        whats.some((one) => one[0] === what && one[1] === 'warn'),
        what,
      )
  })
})

test('a file without an end is refused, by each option that reads one', async () => {
  await withServer(hostileCluster, async ({ env }) => {
    for (const option of ['--image', '--json', '--api-key-file', '--ca-file']) {
      const text = /key|ca/.test(option) ? ['--text', 'x'] : []
      const secure = await gantry(['predict', 'support', option, '/dev/zero', ...text], { env })
      if (option !== '--ca-file')
        assert.match(secure.err, /\/dev\/zero cannot be read: it is no file/, option)
    }
    const { code, err } = await gantry(['evaluate', '--file', '/dev/zero'], { env })
    assert.equal(code, 2)
    assert.match(err, /it is no file/)
  })
})
