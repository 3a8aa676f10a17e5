/** Releases of the chart beside each other, and installs that fail, with the real helm and API server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { operatorNameOf } from '../contract/release.ts'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { buildTools, toolPath } from './tools.ts'

const chart = join(import.meta.dirname, '../helm/gantry')
await buildTools(['helm'])
const kubectl = testKubectl()

const helm = (...args: readonly string[]): { readonly ok: boolean; readonly output: string } => {
  const flags = ['--kubeconfig', process.env['TEST_KUBECONFIG'] ?? '']
  const { status, stdout, stderr } = spawnSync(toolPath('helm'), [...flags, ...args], { encoding: 'utf8' })
  return { ok: status === 0, output: `${stdout}${stderr}`.replaceAll(/\s+/g, ' ') }
}
/** The release `gantry` in a namespace of its own; a value is given as helm's --set takes it. */
const install = (namespace: string, ...flags: readonly string[]) =>
  helm('install', 'gantry', chart, '--namespace', namespace, '--create-namespace', ...flags)
const uninstall = (namespace: string) => helm('uninstall', 'gantry', '--namespace', namespace)
const set = (...values: readonly string[]): readonly string[] => ['--set', values.join(',')]

/** Names of what belongs to no namespace and was made for a release in one. */
const clusterWide = (namespace: string): readonly string[] =>
  [
    'clusterroles',
    'clusterrolebindings',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'priorityclasses',
  ].flatMap((kind) =>
    kubectl
      .run(['get', kind, '--selector', 'app.kubernetes.io/name=gantry', '--output', 'name'])
      .split('\n')
      .filter((name) => name.includes(`/${namespace}-`) || name.includes(`.${namespace}.`)),
  )

describe('a second release', { skip: skipWithoutApiServer, timeout: 300_000 }, () => {
  before(() => {
    for (const name of ['releases-shop', 'releases-lab']) kubectl.attempt(['create', 'namespace', name])
    assert.ok(install('releases-a', ...set('watchNamespace=releases-shop')).ok)
  })
  after(() => {
    for (const namespace of ['releases-a', 'releases-b', 'releases-c']) uninstall(namespace)
  })

  for (const [what, flags, scope] of [
    ['that watches the same namespace', set('watchNamespace=releases-shop'), 'namespace releases-shop'],
    ['that watches all namespaces', [], 'all namespaces'],
  ] as const)
    test(`${what} is not installed, and says which release is in its way`, () => {
      const { ok, output } = install('releases-b', ...flags)
      assert.ok(!ok)
      assert.match(
        output,
        new RegExp(
          `release releases-a/gantry looks after the ModelDeployments of namespace releases-shop already, and this release would look after those of ${scope}`,
        ),
      )
      assert.deepEqual(clusterWide('releases-b'), [])
      assert.doesNotMatch(helm('list', '--all-namespaces').output, /releases-b/)
    })

  test('that watches another namespace is installed', () => {
    const { ok, output } = install('releases-b', ...set('watchNamespace=releases-lab'))
    assert.ok(ok, output)
    assert.match(output, /ModelDeployments of other namespaces have no manager/)
    uninstall('releases-b')
  })

  test('that is allowed to overlap is installed, and neither release is refused an upgrade', () => {
    const { ok, output } = install('releases-b', ...set('allowOverlap=true'))
    assert.ok(ok, output)
    assert.match(output, /another release manages, until that release is uninstalled/)
    for (const namespace of ['releases-a', 'releases-b']) {
      const upgrade = ['upgrade', 'gantry', chart, '--namespace', namespace, '--reset-values']
      const { ok, output } = helm(...upgrade, '--set', 'watchNamespace=releases-shop')
      assert.ok(ok, output)
    }
    uninstall('releases-b')
  })

  test('is installed beside one that is scaled to no operator', () => {
    const upgrade = ['upgrade', 'gantry', chart, '--namespace', 'releases-a', '--reuse-values']
    assert.ok(helm(...upgrade, '--set', 'replicas=0').ok)
    const { ok, output } = install('releases-c', ...set('watchNamespace=releases-shop'))
    assert.ok(ok, output)
    uninstall('releases-c')
  })

  test('is rendered without a cluster, which nothing is looked up in', () => {
    const flags = ['--namespace', 'releases-b', '--set', 'watchNamespace=nowhere']
    const { ok, output } = helm('template', 'gantry', chart, ...flags)
    assert.ok(ok, output)
  })
})

describe('an install that fails', { skip: skipWithoutApiServer, timeout: 300_000 }, () => {
  for (const [what, values, sentence] of [
    [
      'a namespace that does not exist',
      'watchNamespace=releases-nowhere',
      /watchNamespace is releases-nowhere, and there is no such namespace: create it first/,
    ],
    [
      'a limit below the request',
      'resources.limits.memory=64Mi',
      /resources.requests.memory is 256Mi, more than resources.limits.memory, which is 64Mi/,
    ],
    ['an unknown operator of a toleration', 'tolerations[0].operator=Is', /tolerations\/0\/operator/],
  ] as const)
    test(`for ${what} leaves nothing, and is installed under its name afterwards`, () => {
      const { ok, output } = install('releases-f', ...set(values))
      assert.ok(!ok)
      assert.match(output, sentence)
      assert.deepEqual(clusterWide('releases-f'), [])
      const again = install('releases-f')
      assert.ok(again.ok, again.output)
      uninstall('releases-f')
    })

  // There is no controller, so a Deployment is never ready.
  const failing = ['--wait', '--timeout', '2s']

  test('later than that is removed by helm uninstall, and by --rollback-on-failure itself', () => {
    assert.ok(!install('releases-f', ...failing).ok)
    assert.notDeepEqual(clusterWide('releases-f'), [], 'this is what has to be removed')
    assert.ok(uninstall('releases-f').ok)
    assert.deepEqual(clusterWide('releases-f'), [])
    assert.ok(!install('releases-f', ...failing, '--rollback-on-failure').ok)
    assert.deepEqual(clusterWide('releases-f'), [])
  })
})

test('after a rollback that failed, values are taken over from the release with the wrong one', {
  skip: skipWithoutApiServer,
  timeout: 300_000,
}, () => {
  const namespace = 'releases-r'
  const upgrade = (...flags: readonly string[]) =>
    helm('upgrade', 'gantry', chart, '--namespace', namespace, '--reset-then-reuse-values', ...flags)
  const taken = (): string => helm('get', 'values', 'gantry', '--namespace', namespace).output
  assert.ok(install(namespace, ...set('image.tag=right')).ok)
  assert.ok(upgrade(...set('image.tag=wrong')).ok)
  // There is no controller, so a Deployment is never ready.
  assert.ok(!helm('rollback', 'gantry', '--namespace', namespace, '--wait', '--timeout', '2s').ok)
  assert.match(taken(), /tag: right/, 'the rollback itself had the right value')
  assert.ok(upgrade(...set('logLevel=debug')).ok)
  assert.match(taken(), /tag: wrong/)
  uninstall(namespace)
})

describe('names', () => {
  for (const release of [
    'gantry',
    'prod',
    'prod-gantry',
    `a${'b'.repeat(52)}`,
    `gantry-${'b'.repeat(46)}`,
    `${'c'.repeat(42)}-d`,
  ])
    test(`release ${release} has the Lease that other releases look for`, () => {
      const { ok, output } = helm(
        'template',
        release,
        chart,
        '--show-only',
        'templates/operator-deployment.yaml',
      )
      assert.ok(ok, output)
      assert.ok(
        output.includes(`kind: Deployment metadata: name: ${operatorNameOf(release)} `),
        output.slice(0, 300),
      )
      assert.ok(output.includes(`name: RELEASE_NAME value: "${release}"`))
      const rights = helm('template', release, chart, '--show-only', 'templates/operator-rbac.yaml').output
      assert.ok(
        rights.includes(
          `resources: [leases] resourceNames: [${operatorNameOf(release)}] verbs: [update, delete]`,
        ),
      )
    })
})
