/** Models that KEDA scales, on a real API server with KEDA's own schema, as the operator writes them with the rights of the chart. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { dump, load, loadAll } from 'js-yaml'
import { skipWithoutApiServer, testKubectl } from '../e2e/test-cluster.ts'
import { scaledObject } from '../operator/src/modeldeployment/desired/scaled-object.ts'
import type { ModelDeployment } from '../operator/src/modeldeployment/model-deployment.ts'
import { eventually } from '../operator/src/testing/api-server.ts'
import { startOperator } from '../operator/src/testing/operator-process.ts'
import type { Draft } from './testing/operator-account.ts'
import { buildTools, toolPath } from './tools.ts'

const system = 'keda-chart'
const module = 'github.com/kedacore/keda/v2@v2.21.0'
const sum = 'h1:R6z2HZvstK4RLUMxroNACzBj74xGxt3kG59b5Xc+Xps='

const withoutGo =
  spawnSync('go', ['version']).status === 0 ? false : 'Go is not installed, which fetches the schema of KEDA'
const options = { skip: skipWithoutApiServer || withoutGo, timeout: 120_000 }

await buildTools(['helm'])
const kubectl = testKubectl()

/** KEDA's CustomResourceDefinition of a pinned release; Go keeps the module in its own cache. */
const schema = (): string => {
  const text = execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8', cwd: tmpdir() })
  const { Dir, Sum } = JSON.parse(text) as { readonly Dir: string; readonly Sum: string }
  assert.equal(Sum, sum)
  return join(Dir, 'config/crd/bases/keda.sh_scaledobjects.yaml')
}

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-keda-'))
})
after(() => rm(folder, { recursive: true }))

/** Rights and admission policies of the release. @returns a kubeconfig of the operator's account */
const install = async (): Promise<string> => {
  const chart = join(import.meta.dirname, '../helm/gantry')
  const sets = [
    'keda.enabled=true',
    'keda.triggerAuthentications={prometheus,cluster/aws}',
    `watchNamespace=${system}`,
  ]
  const args = ['template', 'gantry', chart, '-n', system, ...sets.flatMap((value) => ['--set', value])]
  const { status, stdout, stderr } = spawnSync(toolPath('helm'), args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  kubectl.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: system } })
  const made = (loadAll(stdout) as Draft[]).filter((one) =>
    /^(ServiceAccount|(Cluster)?Role(Binding)?|ValidatingAdmissionPolicy(Binding)?)$/.test(one?.kind),
  )
  for (const object of made) kubectl.apply(object)
  const config = load(await readFile(process.env['TEST_KUBECONFIG'] ?? '', 'utf8')) as Draft
  const token = kubectl.run(['create', 'token', 'gantry-operator', '-n', system]).trim()
  for (const user of config.users) user.user = { token }
  const file = join(folder, 'kubeconfig')
  await writeFile(file, dump(config))
  return file
}

const autoscaling = {
  ...{ minReplicas: 2, maxReplicas: 6 },
  behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
  keda: {
    pollingInterval: 10,
    fallback: { failureThreshold: 3, replicas: 4 },
    triggers: [
      {
        type: 'prometheus',
        metadata: { serverAddress: 'http://prometheus.monitoring:9090', query: 'sum(x)', threshold: '4' },
        authenticationRef: { name: 'prometheus' },
      },
    ],
  },
}

const modelOf = (name: string, scaling: object): Draft => ({
  ...{ apiVersion: 'gantry.dev/v1alpha1', kind: 'ModelDeployment', metadata: { name, namespace: system } },
  spec: { model: { task: 'tensor', source: { uri: 'https://models.example/m.onnx' } }, autoscaling: scaling },
})

describe('KEDA', options, () => {
  test('takes what the operator writes, which writes nothing else', async (t) => {
    kubectl.applyFile(schema())
    await eventually(async () => kubectl.attempt(['get', 'scaledobjects', '-A']).ok)
    const kubeconfig = await install()
    const operator = ['--kubeconfig', kubeconfig]
    kubectl.apply(modelOf('scaled', autoscaling))
    const model = kubectl.get('modeldeployment', 'scaled', system) as unknown as ModelDeployment
    const write = (change: (draft: Draft) => void = () => {}) => {
      const draft = structuredClone(scaledObject(model)) as Draft
      change(draft)
      const args = [...operator, 'apply', '--server-side', '--dry-run=server', '-f', '-']
      const { status, stderr } = spawnSync(toolPath('kubectl'), args, {
        encoding: 'utf8',
        input: JSON.stringify(draft),
      })
      return { ok: status === 0, output: stderr }
    }
    const accepted = write()
    assert.ok(accepted.ok, accepted.output)
    for (const [change, sentence] of [
      [
        (one: Draft) => (one.spec.scaleTargetRef.name = 'other'),
        /scale the Deployments of their ModelDeployment only/,
      ],
      [
        (one: Draft) => (one.spec.triggers[0].authenticationRef.name = 'aws'),
        /only TriggerAuthentications that keda/,
      ],
      [(one: Draft) => delete one.metadata.ownerReferences, /controller is|scale the Deployments/],
      [(one: Draft) => (one.spec.triggers[0].metadata.threshold = 4), /threshold/],
    ] as const) {
      // A policy is in force a moment after it was made.
      const refused = await eventually(async () => {
        const written = write(change)
        return !written.ok && written
      })
      assert.match(refused.output, sentence)
    }
    for (const [scaling, sentence] of [
      [{ ...autoscaling, minReplicas: 0 }, /the least of spec\.autoscaling\.minReplicas is 1/],
      [{ ...autoscaling, metrics: [{ type: 'Resource' }] }, /keda scales by its triggers/],
    ] as const)
      assert.throws(() => kubectl.apply(modelOf('refused', scaling)), sentence)

    const process = startOperator(t, {
      ...{ KUBECONFIG: kubeconfig, POD_NAMESPACE: system, WATCH_NAMESPACE: system, LOG_LEVEL: 'debug' },
      ...{ KEDA_ENABLED: 'true', KEDA_TRIGGER_AUTHENTICATIONS: 'prometheus,cluster/aws' },
    })
    await process.logged('ready')
    // Nothing is imported here, so nothing serves, and there is nothing to scale.
    await eventually(async () => kubectl.get('modeldeployment', 'scaled', system)?.['status']?.conditions)
    assert.equal(kubectl.list('hpa', system).length, 0)
  })
})
