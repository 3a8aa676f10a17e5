/** The gateway as the chart installs it, on a real API server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { dump, load, loadAll } from 'js-yaml'
import { gatewayPorts } from '../contract/gateway.ts'
import { grpcPort, httpPort } from '../contract/server.ts'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { openCluster } from '../gateway/src/cluster/open.ts'
import { parseOptions } from '../gateway/src/config/options.ts'
import { eventually } from '../operator/src/testing/api-server.ts'
import type { Draft } from './testing/operator-account.ts'
import { buildTools, toolPath } from './tools.ts'

const system = 'gateway-chart'
const options = { skip: skipWithoutApiServer, timeout: 60_000 }
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }

await buildTools(['helm'])
const kubectl = testKubectl()

const render = (...values: readonly string[]): readonly Draft[] => {
  const chart = join(import.meta.dirname, '../helm/gantry')
  const sets = ['gateway.enabled=true', ...values].flatMap((value) => ['--set', value])
  const args = ['template', 'gantry', chart, '-n', system, ...sets]
  const { status, stdout, stderr } = spawnSync(toolPath('helm'), args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  const all = (loadAll(stdout) as Draft[]).filter(Boolean)
  return all.filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === 'gateway')
}

const only = (objects: readonly Draft[], kind: RegExp): Draft => {
  const [found, ...more] = objects.filter((one) => kind.test(one.kind))
  assert.ok(found && more.length === 0, `one ${kind}`)
  return found
}

const containerOf = (objects: readonly Draft[]): Draft =>
  only(objects, /^Deployment$/).spec.template.spec.containers[0]

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-gateway-chart-'))
})
after(() => rm(folder, { recursive: true }))

/** A kubeconfig with a token of the gateway's account. */
const kubeconfig = async (): Promise<string> => {
  const config = load(await readFile(process.env['TEST_KUBECONFIG'] ?? '', 'utf8')) as Draft
  const token = kubectl.run(['create', 'token', 'gantry-gateway', '-n', system]).trim()
  for (const user of config.users) user.user = { token }
  const file = join(folder, 'kubeconfig')
  await writeFile(file, dump(config))
  return file
}

describe('the gateway of the chart', options, () => {
  for (const [what, ...values] of [
    ['all namespaces'],
    ['one namespace', `watchNamespace=${system}`],
  ] as const)
    test(`of ${what} is ready with its rights, which are to list and watch`, async (t) => {
      kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } })
      const objects = render(...values)
      const made = objects.filter(({ kind }) => /^(ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind))
      assert.equal(made.length, 3)
      for (const object of made) kubectl.apply(object)
      t.after(() => {
        for (const { kind, metadata } of made)
          kubectl.run([
            'delete',
            kind,
            metadata.name,
            ...(metadata.namespace ? ['-n', metadata.namespace] : []),
          ])
      })
      const verbs = only(objects, /Role$/).rules.flatMap((rule: Draft) => rule.verbs)
      assert.deepEqual([...new Set(verbs)], ['list', 'watch'])

      const args = parseOptions(containerOf(objects).args)
      assert.ok(args !== 'help')
      assert.equal(args.namespace, values.length === 0 ? undefined : system)
      const gateway = await openCluster(
        { KUBECONFIG: await kubeconfig() },
        { ...args, host: '127.0.0.1', port: 0, probePort: 0 },
        { log: silent, nowMs: () => performance.now(), instance: 'one', startedAt: '2026-11-26T10:00:00Z' },
      )
      t.after(() => gateway.stop(0))
      await eventually(async () => (await fetch(`http://127.0.0.1:${gateway.probePort}/readyz`)).ok)
    })

  test('with a certificate has its option, the mount, and a port of the Service for HTTPS', () => {
    const objects = render('gateway.tls.secretName=certificate')
    const args = parseOptions(containerOf(objects).args)
    assert.ok(args !== 'help')
    const { volumes } = only(objects, /^Deployment$/).spec.template.spec
    assert.deepEqual(
      [args.tls, volumes[0].secret.secretName],
      [containerOf(objects).volumeMounts[0].mountPath, 'certificate'],
    )
    assert.deepEqual(
      only(objects, /^Service$/).spec.ports.map(({ name, port, targetPort }: Draft) => [
        name,
        port,
        targetPort,
      ]),
      [
        ['http', 80, 'http'],
        ['https', 443, 'http'],
      ],
    )
  })

  test('with keys, tokens and a limit has their options, the mount, and the right to ask who calls', () => {
    const objects = render(
      ...['apiKeys.secretName=keys', 'tokens.enabled=true', 'rateLimit.requestsPerSecond=20'].map(
        (value) => `gateway.${value}`,
      ),
    )
    const args = parseOptions(containerOf(objects).args)
    assert.ok(args !== 'help')
    assert.deepEqual(
      [args.apiKeys, args.tokenAudience, args.rateLimit],
      [
        containerOf(objects).volumeMounts[0].mountPath,
        'gantry-gateway',
        { requestsPerSecond: 20, burst: 40 },
      ],
    )
    const [, reviews] = objects.filter(({ kind }) => kind === 'ClusterRole')
    assert.deepEqual(
      reviews?.rules.map(({ resources, verbs }: Draft) => [resources, verbs]),
      [
        [['tokenreviews'], ['create']],
        [['subjectaccessreviews'], ['create']],
      ],
    )
  })

  test('is admitted under the restricted Pod Security Standard, and its ports are those of the program', () => {
    kubectl.apply({
      ...{ apiVersion: 'v1', kind: 'Namespace' },
      metadata: {
        name: 'gateway-restricted',
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
      },
    })
    const objects = render()
    const { serviceAccountName: _, ...spec } = only(objects, /^Deployment$/).spec.template.spec
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: 'gateway-restricted' } }
    kubectl.run(['apply', '--server-side', '--dry-run=server', '-f', '-'], JSON.stringify({ ...pod, spec }))

    const ports = containerOf(objects).ports.map(({ containerPort }: Draft) => containerPort)
    assert.deepEqual(ports, [gatewayPorts.requests, gatewayPorts.probes])
    const { ingress, egress } = only(objects, /^NetworkPolicy$/).spec
    assert.deepEqual(
      ingress.map((rule: Draft) => rule.ports[0].port),
      ports,
    )
    assert.equal(ingress[1].from.length, 2, 'metrics and counts are not for everyone')
    assert.deepEqual(
      egress[2].ports.map(({ port }: Draft) => port),
      [httpPort, grpcPort],
    )
  })
})

test('the chart installs no gateway unless it is asked for one, and no budget for one pod', () => {
  assert.deepEqual(render('gateway.enabled=false'), [])
  assert.equal(render().filter(({ kind }) => kind === 'PodDisruptionBudget').length, 1)
  assert.equal(render('gateway.replicas=1').filter(({ kind }) => kind === 'PodDisruptionBudget').length, 0)
})
