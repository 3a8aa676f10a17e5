/** The commands against a real API server, on which no operator runs: the tests write the status. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { reportKey, reportMapName } from '@gantry/contract/evaluation.ts'
import { ConfigMap, Deployment, Event } from '@gantry/kube/resources.ts'
import { load } from 'js-yaml'
import type { Evaluation, Model } from './cluster/resources.ts'
import { ModelDeployment } from './cluster/resources.ts'
import { type TestCluster, testCluster, withoutApiServer } from './testing/cluster.ts'
import { gantry, type Ran } from './testing/gantry.ts'

const since = '2026-11-23T10:16:00Z'

const condition = (type: string, status: 'True' | 'False', reason: string, message = '') => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: since,
})

const version = (id: string, label: string, phase: 'Imported' | 'Serving') => ({
  id,
  label,
  revision: label,
  source: 'https://models.example.com/support.tar',
  digest: `sha256:${id}`,
  sizeBytes: 2 ** 20,
  createdAt: since,
  phase,
})
const older = version('v_20261101_101500', '2026-10', 'Imported')
const newer = version('v_20261123_101500', '2026-11', 'Serving')

const served: Model['status'] = {
  url: 'http://support.shop.svc',
  activeVersion: newer.id,
  replicas: 2,
  readyReplicas: 2,
  versions: [older, newer],
  conditions: [
    condition('Ready', 'True', 'Ready', '2 of 2 pods serve it'),
    condition('Stalled', 'False', 'NotStalled'),
  ],
}

const hostile = 'answered 404\u001b[2J; correct it'
const stalled: Model['status'] = {
  conditions: [
    condition('Ready', 'False', 'SourceNotFound', hostile),
    condition('Stalled', 'True', 'SourceNotFound', hostile),
  ],
}

const result = (name: string, accuracy: number, p95Ms: number) => ({
  name,
  eligible: true,
  metrics: { accuracy },
  intervals: { accuracy: [accuracy - 0.02, accuracy + 0.02] },
  performance: { p95Ms, throughputPerSecond: 1000 / p95Ms },
  cost: { base: 0, inference: 2, hardware: 0, total: 2 },
  score: { comprehensive: 1, normalized: accuracy },
})

const measured: Evaluation['status'] = {
  winner: 'small',
  progress: '2/2',
  dataset: { source: 'test.jsonl', digest: 'sha256:aa', samples: 200, total: 200 },
  results: [result('small', 0.95, 2), result('base', 0.9, 4)],
  conditions: [condition('Ready', 'True', 'Ready', 'small is the best')],
}

describe('commands', { skip: withoutApiServer }, () => {
  let cluster: TestCluster
  const ask = (...args: readonly string[]): Promise<Ran> =>
    gantry([...args, '-n', cluster.namespace], { env: cluster.env })
  const answer = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await ask(...args)
    assert.equal(code, 0, err)
    return out
  }
  before(async () => {
    cluster = await testCluster('gantry-cli')
    await cluster.model('support', served)
    await cluster.model('broken', stalled)
    await cluster.model('unseen')
    await cluster.evaluation('which', measured)
  })

  test('get lists models and evaluations with their state', async () => {
    const out = await answer('get')
    assert.match(out, /^MODEL +STATE +TASK +VERSION +CANARY +PODS +AGE$/m)
    assert.match(out, /^support +Ready +text-classification +v_20261123_101500 \(2026-11\) +- +2\/2 +\ds$/m)
    assert.match(out, /^broken +SourceNotFound +text-classification +- +- +0\/0 +\ds$/m)
    assert.match(out, /^unseen +Waiting /m)
    assert.match(out, /^which +Ready +2\/2 +small +\ds$/m)
    assert.match(await answer('get', '-A'), new RegExp(`^${cluster.namespace} +support `, 'm'))
  })

  test('get -o prints the objects of the API server: a List, or the one that is named', async () => {
    const list = JSON.parse(await answer('get', '-o', 'json'))
    assert.deepEqual([list.kind, list.items.length], ['List', 4])
    const one = load(await answer('get', 'mdl/support', '-o', 'yaml')) as Model
    assert.deepEqual(
      [one.kind, one.metadata.name, one.status?.activeVersion],
      ['ModelDeployment', 'support', newer.id],
    )
    assert.equal('managedFields' in one.metadata, false)
    assert.equal(JSON.parse(await answer('get', 'which', '-o', 'json')).kind, 'ModelEvaluation')
  })

  test('get --watch writes a line where a row changes, until it is interrupted', async () => {
    const controller = new AbortController()
    let isChanged = false
    const onOutput = (out: string): void => {
      if (/other +Ready/.test(out)) controller.abort()
      else if (/other +Waiting/.test(out) && !isChanged) {
        isChanged = true
        const status = { ...served, observedGeneration: 1 }
        const metadata = { name: 'other', namespace: cluster.namespace }
        void cluster.session.kube.applyStatus(ModelDeployment, {
          apiVersion: ModelDeployment.apiVersion,
          kind: 'ModelDeployment',
          metadata,
          status,
        })
      }
    }
    await cluster.model('other')
    const { code, out } = await gantry(['get', '-w', 'other', '-n', cluster.namespace], {
      env: cluster.env,
      signal: controller.signal,
      onOutput,
    })
    assert.equal(code, 130)
    assert.equal(out.split('\n').filter((line) => line.includes('other')).length, 2)
    await cluster.session.kube.remove(ModelDeployment, cluster.namespace, 'other')
  })

  test('describe says what a model is, where it is, and what to do; nothing in it moves the cursor', async () => {
    const involvedObject = { kind: 'ModelDeployment', name: 'support', namespace: cluster.namespace }
    const { metadata } = (await cluster.session.kube.get<Model>(
      ModelDeployment,
      cluster.namespace,
      'support',
    )) as Model
    await cluster.session.kube.create(Event, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'support.1', namespace: cluster.namespace },
      involvedObject: { ...involvedObject, uid: metadata.uid },
      type: 'Normal',
      reason: 'Imported',
      message: 'v_20261123_101500 is on the volume',
      lastTimestamp: since,
    })
    const out = await answer('describe', 'support')
    assert.match(out, /what +text-classification from https:\/\/models\.example\.com\/support\.tar$/m)
    assert.match(out, /serves +v_20261123_101500 \(2026-11\), 1\.0 MiB/)
    assert.match(out, /Imported\n +v_20261123_101500 is on the volume/)
    assert.match(out, /gantry predict support --text TEXT/)
    const broken = await answer('describe', 'broken')
    assert.match(broken, /SourceNotFound: Correct `uri`, or create the claim\./)
    assert.match(broken, /gantry logs broken --import/)
    assert.equal(broken.includes('\u001b'), false)
    const view = JSON.parse(await answer('describe', 'broken', '-o', 'json'))
    assert.deepEqual([view.name, view.state, view.conditions.length], ['broken', 'SourceNotFound', 2])
    assert.match(await answer('describe', 'mev/which'), /1 +small +0\.95 \[0\.93, 0\.97\] +2 ms/)
  })

  test('versions lists the newest first', async () => {
    const [, first, second] = (await answer('versions', 'support')).split('\n')
    assert.match(first ?? '', /^v_20261123_101500 +2026-11 +Serving +1\.0 MiB/)
    assert.match(second ?? '', /^v_20261101_101500 +2026-10 +Imported/)
    assert.deepEqual(JSON.parse(await answer('versions', 'support', '-o', 'json')), served?.versions)
  })

  const asked = async (name: string): Promise<string | undefined> =>
    (await cluster.session.kube.get<Model>(ModelDeployment, cluster.namespace, name))?.spec.model.version

  test('rollback asks for the version before, once, and warns where Argo CD manages the model', async () => {
    const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:gantry.dev/ModelDeployment:shop/rolled' }
    await cluster.model('rolled', served, { metadata: { name: 'rolled', annotations } })
    const first = await ask('rollback', 'rolled')
    assert.match(
      first.out,
      /^rolled goes back from v_20261123_101500 \(2026-11\) to v_20261101_101500 \(2026-10\)\.$/m,
    )
    assert.match(first.err, /warning: Argo CD \(shop\) manages rolled/)
    assert.equal(await asked('rolled'), older.id)
    assert.match(await answer('rollback', 'rolled'), /already asks for v_20261101_101500/)
    await answer('rollback', 'rolled', '2026-11')
    assert.equal(await asked('rolled'), newer.id)
  })

  test('rollback to a version that was held back says so, with the reason', async () => {
    const held = {
      ...version('v_20261120_101500', '2026-10', 'Imported'),
      phase: 'Failed' as const,
      parent: older.id,
      optimization: {
        recipe: { quantize: 'int8-dynamic' },
        sizeBytes: { before: 4, after: 1 },
        ...{ passed: false, message: '5 % of the answers differ\u001b[2J' },
      },
    }
    await cluster.model('held', { ...served, versions: [older, held, newer] } as Model['status'])
    const { err, out } = await ask('rollback', 'held', held.id)
    assert.match(
      err,
      /warning: v_20261120_101500 \(2026-10\) was held back: 5 % of the answers differ.*unless/,
    )
    assert.ok(!err.includes('\u001b[2J'))
    assert.match(out, /goes back/)
  })

  test('rollback takes back a change that does not come to serve, and --wait says why it does not end well', async () => {
    const failing = { ...served, conditions: stalled?.conditions }
    await cluster.model('failing', failing as Model['status'], {
      spec: { model: { task: 'tensor', source: { uri: 'https://x.example/y.onnx' }, version: 'broken' } },
    })
    const { code, err } = await ask('rollback', 'failing', '--wait', '--timeout', '1')
    assert.equal(await asked('failing'), newer.id)
    assert.equal(code, 1)
    assert.match(err, /v_20261123_101500 does not serve after 1 s/)
  })

  test('a name that is not there is told with those that could be meant, and ends with 3', async () => {
    const typo = await ask('describe', 'suport')
    assert.deepEqual([typo.code, typo.out], [3, ''])
    assert.match(typo.err, /There is no ModelDeployment suport in namespace .*\nDid you mean support\?/)
    const elsewhere = await gantry(['versions', 'support'], { env: cluster.env })
    assert.equal(elsewhere.code, 3)
    assert.match(elsewhere.err, new RegExp(`-n ${cluster.namespace}`))
    const unknown = await ask('rollback', 'support', 'v_20261101_101501')
    assert.equal(unknown.code, 3)
    assert.match(unknown.err, /Did you mean v_20261101_101500/)
  })

  test('predict, open and logs say that no pod is ready', async () => {
    for (const args of [
      ['predict', 'support', '--text', 'x'],
      ['open', 'support'],
    ]) {
      const { code, err } = await ask(...args)
      assert.equal(code, 1)
      assert.match(err, /No pod of support is ready\.\n`gantry describe support` says why/)
    }
    assert.match((await ask('logs', 'support')).err, /support has no such pods/)
    assert.match((await ask('logs', 'support', '--optimize')).err, /support has no such pods/)
    const both = await ask('logs', 'support', '--optimize', '--import')
    assert.deepEqual([both.code, /--import and --optimize exclude each other/.test(both.err)], [2, true])
    assert.match(
      (await ask('predict', 'support')).err,
      /Give one of --text, --image and --json: .* --text TEXT/,
    )
  })

  test('evaluate waits for the result, and compare shows two candidates', async () => {
    assert.match(await answer('evaluate', 'which'), /small is the best\n\n# +CANDIDATE/)
    const { rows } = JSON.parse(await answer('compare', 'base', 'small', '-e', 'which', '-o', 'json'))
    assert.deepEqual(
      rows.map(({ name, better }: { name: string; better?: string }) => [name, better]).slice(0, 3),
      [
        ['accuracy', 'b'],
        ['p95Ms', 'b'],
        ['throughputPerSecond', 'b'],
      ],
    )
    const missing = await ask('compare', 'base', 'smal', '-e', 'which')
    assert.deepEqual([missing.code, /Did you mean small/.test(missing.err)], [3, true])
    assert.match(
      (await ask('compare', 'support', 'broken')).err,
      /support v_20261123_101500 \(2026-11\) was not measured/,
    )
  })

  test('report reads the ConfigMap of the evaluation, and names a key that has no report', async () => {
    const dataset = { source: 'test.jsonl', digest: `sha256:${'a'.repeat(64)}`, samples: 200, total: 200 }
    const reports = {
      evaluatedAt: since,
      dataset,
      candidates: [{ name: 'x', reason: 'OutOfMemory', message: 'too large', retry: 'never' }],
    }
    const write = (content: Buffer): Promise<unknown> =>
      cluster.session.kube.apply(ConfigMap, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: reportMapName('which'), namespace: cluster.namespace },
        binaryData: { [reportKey('small')]: content.toString('base64') },
      })
    await write(gzipSync(JSON.stringify(reports)))
    assert.match(await answer('report', 'which'), /^# .*which/m)
    assert.match(await answer('report', 'which', '-o', 'html'), /^<!doctype html>/i)
    const document = JSON.parse(await answer('report', 'which', '-o', 'json'))
    assert.deepEqual([document.status.winner, document.reports.length], ['small', 1])
    await write(Buffer.from('no gzip'))
    const broken = await ask('report', 'which')
    assert.equal(broken.code, 1)
    assert.match(broken.err, /ConfigMap which-report has no report in small\.json\.gz/)
  })

  test('doctor names what is missing and what is there, and ends with 1 where something fails', async () => {
    const { code, out } = await ask('doctor')
    assert.equal(code, 1)
    assert.match(out, /^ok +CRD +modeldeployments\.gantry\.dev is installed\.$/m)
    assert.match(out, /^ok +CRD +modelevaluations\.gantry\.dev is installed\.$/m)
    assert.match(out, /^fail +storage +The cluster has no StorageClass/m)
    const findings = JSON.parse((await ask('doctor', '-o', 'json')).out)
    assert.deepEqual(findings.map(({ what }: { what: string }) => what).slice(0, 3), [
      'cluster',
      'CRD',
      'CRD',
    ])
  })

  test('an account without rights reads what it may not do, and doctor lists which rights are missing', async () => {
    const config = load(readFileSync(cluster.env['KUBECONFIG'] ?? '', 'utf8')) as {
      users: { user: object }[]
    }
    for (const { user } of config.users) Object.assign(user, { as: 'nobody' })
    const folder = mkdtempSync(join(tmpdir(), 'gantry-cli-'))
    const file = join(folder, 'nobody')
    writeFileSync(file, JSON.stringify(config))
    const nobody = (...args: readonly string[]): Promise<Ran> =>
      gantry([...args, '-n', cluster.namespace, '--kubeconfig', file])
    const { code, err } = await nobody('get')
    assert.equal(code, 4)
    assert.match(err, /The cluster refuses: .*User "nobody" cannot list resource.*\n`gantry doctor`/)
    const { out } = await nobody('doctor', '-o', 'json')
    rmSync(folder, { recursive: true })
    const findings: { what: string; severity: string; message: string }[] = JSON.parse(out)
    const rights = findings.find(({ what }) => what === 'rights')
    assert.equal(rights?.severity, 'fail')
    assert.match(rights?.message ?? '', /create pods\/portforward \(predict, open\)/)
    assert.equal(findings.find(({ what }) => what === 'storage')?.severity, 'warn')
  })

  test('doctor tells the releases and who manages the namespace', async (t) => {
    const labels = {
      'app.kubernetes.io/name': 'gantry',
      'app.kubernetes.io/component': 'operator',
      'helm.sh/chart': 'gantry-0.1.0',
    }
    const env = [
      { name: 'RELEASE_NAME', value: 'gantry' },
      { name: 'WATCH_NAMESPACE', value: 'elsewhere' },
    ]
    // Tests of the chart share the API server, and look for releases in it.
    t.after(() => cluster.session.kube.remove(Deployment, cluster.namespace, 'gantry-operator'))
    await cluster.session.kube.create(Deployment, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'gantry-operator', namespace: cluster.namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'operator', image: 'x', env }] } },
      },
    })
    const { out } = await ask('doctor', '-o', 'json')
    const messages = JSON.parse(out).map(
      ({ severity, message }: { severity: string; message: string }) => `${severity} ${message}`,
    )
    assert.ok(
      messages.some((message: string) =>
        message.startsWith(`ok ${cluster.namespace}/gantry, gantry-0.1.0, watches namespace elsewhere`),
      ),
      out,
    )
    // Tests of the chart may have installed a release that watches all namespaces, just now.
    const others = messages.some((message: string) => message.includes(', watches all namespaces, '))
    const unserved = `fail No release watches namespace ${cluster.namespace}, so that its models are not served.`
    assert.equal(messages.includes(unserved), !others, out)
  })
})
