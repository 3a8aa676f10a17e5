/** A ModelEvaluation on a real cluster: candidates are measured one after another by the server that would serve them, and ranked. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { isCandidateReports } from '../../contract/documents.ts'
import { labels } from '../../contract/labels.ts'
import { conditionOf, eventually, type Live } from '../../local-cluster/kubectl.ts'
import { exampleFile } from '../requests.ts'
import { openWorld, serveFiles, type World } from '../world.ts'

const name = 'breast-cancer'
const example = (...path: readonly string[]): Buffer => exampleFile('breast-cancer', ...path)
let world: World
let files: Awaited<ReturnType<typeof serveFiles>>

before(async () => {
  world = openWorld('evaluation')
  const bodies: Readonly<Record<string, Buffer | string>> = {
    '/stump.onnx': example('candidates', 'stump.onnx'),
    '/network.onnx': example('candidates', 'network.onnx'),
    '/page.onnx': '<!doctype html><title>Sign in</title>',
  }
  files = await serveFiles(world.nodeIp, (request, response) => {
    const body = bodies[request.url ?? '/']
    if (body === undefined) response.writeHead(404).end()
    else response.end(body)
  })
})
after(async () => {
  await files?.close()
  world.close()
})

const evaluation = (): Live => {
  const live = world.kubectl.get('modelevaluation', name, world.namespace)
  if (!live) throw new Error('the evaluation is gone')
  return live
}

const evaluated = (): Promise<Live> =>
  eventually(
    'the evaluation is Ready',
    () => {
      const live = evaluation()
      const ready = conditionOf(live, 'Ready')
      const isCurrent = live['status']?.observedGeneration === live.metadata['generation' as never]
      if (isCurrent && ready?.status === 'True') return live
      throw new Error(JSON.stringify(live['status'] ?? 'no status', null, 1))
    },
    { timeoutMs: 180_000 },
  )

/** A second evaluation while a pod of the first one runs: it waits, says behind whom, and goes as if nothing had been. */
const assertSecondWaits = async (spec: object): Promise<void> => {
  await eventually('a candidate is being measured', () =>
    world.kubectl
      .list('pod', world.namespace, `${labels.evaluation}=${name}`)
      .some((pod) => pod['status'].phase === 'Running'),
  )
  const metadata = { name: 'second', namespace: world.namespace }
  world.kubectl.apply({ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation', metadata, spec })
  await eventually('the second evaluation waits', () => {
    const live = world.kubectl.get('modelevaluation', 'second', world.namespace)
    const condition = live && conditionOf(live, 'Reconciling')
    if (condition?.reason !== 'EvaluationQueued')
      throw new Error(JSON.stringify(live?.['status'] ?? 'no status'))
    assert.match(condition.message ?? '', new RegExp(`behind ${world.namespace}/${name}`))
    return live
  })
  world.kubectl.run(['delete', 'modelevaluation', 'second', '-n', world.namespace])
}

const jobs = (): readonly string[] =>
  world.kubectl
    .list('job', world.namespace, `${labels.evaluation}=${name}`)
    .map(({ metadata }) => metadata.name)
    .sort()

test('the better of two candidates wins, the one that is no model is told, and the reports can be read', async () => {
  const candidate = (file: string) => ({
    ...{ name: file, task: 'tensor', labels: ['malignant', 'benign'] },
    source: { uri: `${files.url}/${file}.onnx` },
  })
  const metadata = { name, namespace: world.namespace }
  const spec = {
    candidates: ['stump', 'network', 'page'].map(candidate),
    dataset: { configMapRef: { name: 'samples' } },
    concurrencies: [1],
    weights: { accuracy: 1, cost: 0, throughput: 0 },
    serve: {
      device: 'cpu',
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    },
  }
  world.kubectl.apply(
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name: 'samples' } },
      data: { 'heldout.jsonl': example('data', 'heldout.jsonl').toString('utf8') },
    },
    {
      ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelEvaluation', metadata },
      spec,
    },
  )
  await assertSecondWaits(spec)
  const { status } = (await evaluated()) as Live & { status: Live }
  assert.equal(status['progress'], '3/3')
  assert.equal(status['winner'], 'network')
  assert.deepEqual(
    status['results'].map((one: Live) => one['name']),
    ['network', 'stump'],
  )
  for (const { metrics, performance, hardware } of status['results']) {
    assert.ok(metrics.accuracy > 0.8)
    assert.ok(performance.p95Ms > 0 && performance.throughputPerSecond > 0)
    assert.ok(hardware.node)
  }
  assert.match(JSON.stringify(status['ineligible']), /page.*HTML/)
  const map = world.kubectl.get('configmap', `${name}-report`, world.namespace)
  const whole: unknown = JSON.parse(
    gunzipSync(Buffer.from(map?.['binaryData']['network.json.gz'], 'base64')).toString('utf8'),
  )
  assert.ok(isCandidateReports(whole))
  assert.match(map?.['data']['report.md'], /network/)
})

test('other weights rank anew without another Job', async () => {
  const before = jobs()
  world.kubectl.run([
    ...['patch', 'modelevaluation', name, '-n', world.namespace, '--type=merge', '-p'],
    JSON.stringify({ spec: { weights: { accuracy: 0, cost: 0, throughput: 1 } } }),
  ])
  const { status } = (await evaluated()) as Live & { status: Live }
  assert.equal(status['results'][0].score.normalized, 1, 'the fastest one')
  assert.deepEqual(jobs(), before)
})

test('all of it goes with the evaluation', async () => {
  world.kubectl.run(['delete', 'modelevaluation', name, '-n', world.namespace])
  await eventually('nothing of the evaluation is left', () =>
    ['job', 'pod', 'configmap', 'networkpolicy', 'serviceaccount'].every(
      (kind) => world.kubectl.list(kind, world.namespace, `${labels.evaluation}=${name}`).length === 0,
    ),
  )
})
