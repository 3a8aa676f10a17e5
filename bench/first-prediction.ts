/** Measures the time from `kubectl apply` to the first prediction with images present, for a ModelDeployment and for a bare Deployment of the same image. */
import { setTimeout as sleep } from 'node:timers/promises'
import { commands } from '../contract/commands.ts'
import { httpPort, paths } from '../contract/server.ts'
import { exampleFile, infer, storedModel } from '../e2e/requests.ts'
import { openWorld, small, type World } from '../e2e/world.ts'
import { prepare } from '../local-cluster/gantry/prepare.ts'
import { localKubectl } from '../local-cluster/local.ts'
import { noProgress } from '../local-cluster/progress.ts'
import { median, type Row } from './report.ts'

const rounds = 5

/** Asks the Service until it answers with a prediction. @returns seconds since `start` */
const firstAnswer = async (world: World, name: string, start: number): Promise<number> => {
  for (;;) {
    const address = world.kubectl.get('service', name, world.namespace)?.['spec'].clusterIP
    if (address) {
      const status = await infer(`http://${address}`, name).then(
        (answer) => answer.status,
        () => 0,
      )
      if (status === 200) return (performance.now() - start) / 1000
    }
    await sleep(50)
  }
}

const serverImage = (): string =>
  localKubectl()
    .get('deployment', 'gantry-operator', 'gantry-system')
    ?.['spec'].template.spec.containers[0].env.find((env: { name: string }) => env.name === 'SERVER_IMAGE')
    .value

/** What one would write by hand: the model in a ConfigMap, a Deployment of the server, a Service. */
const bare = (namespace: string, name: string): readonly object[] => {
  const labels = { app: name }
  const metadata = { name, namespace }
  const security = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  }
  const container = {
    name: 'server',
    image: serverImage(),
    args: [commands.serve, '--model', '/models/model', '--name', name, '--task', 'tensor'],
    ports: [{ containerPort: httpPort }],
    startupProbe: {
      httpGet: { path: paths.ready, port: httpPort },
      periodSeconds: 1,
      failureThreshold: 60,
    },
    readinessProbe: { httpGet: { path: paths.ready, port: httpPort } },
    resources: small.serve.resources,
    securityContext: security,
    volumeMounts: [{ name: 'model', mountPath: '/models/model' }],
  }
  const spec = {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
    volumes: [{ name: 'model', configMap: { name } }],
  }
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      binaryData: { 'model.onnx': exampleFile('breast-cancer', 'model', 'model.onnx').toString('base64') },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: 80, targetPort: httpPort }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  ]
}

export const measure = async (): Promise<readonly Row[]> => {
  await prepare({ progress: noProgress })
  const world = openWorld('bench-first')
  const ours: number[] = []
  const limit: number[] = []
  try {
    for (let round = 0; round < rounds; round += 1) {
      let start = performance.now()
      world.kubectl.apply(...bare(world.namespace, `bare-${round}`))
      limit.push(await firstAnswer(world, `bare-${round}`, start))
      start = performance.now()
      const source = storedModel('breast-cancer')
      world.applyModel(`ours-${round}`, { model: { task: 'tensor', source }, ...small })
      ours.push(await firstAnswer(world, `ours-${round}`, start))
    }
  } finally {
    world.close()
  }
  return [
    {
      what: 'kubectl apply to first prediction, with import',
      ours: median(ours),
      limit: median(limit),
      unit: 's',
      against: 'a bare Deployment of the same image, model in a ConfigMap',
    },
  ]
}
