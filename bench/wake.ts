/**
 * The time from a request to its answer where the model sleeps, against a pod that is started by hand: from `kubectl scale` to the first answer by a
 * Service that leads to the pod itself. It needs a local cluster with Gantry (`npm start`); rounds are interleaved.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { deploymentName } from '../contract/labels.ts'
import { adder } from '../e2e/adder.ts'
import { openWorld, small, type World } from '../e2e/world.ts'
import { eventually, type Live } from '../local-cluster/kubectl.ts'
import { median, type Row } from './report.ts'

const rounds = 5
const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] })
const headers = { 'content-type': 'application/json' }
const pathOf = (model: string): string => `/v2/models/${model}/infer`
const patience = { timeoutMs: 120_000 }

const isServing = ({ metadata, status }: Live, component = 'inference-server'): boolean =>
  metadata.labels?.['app.kubernetes.io/component'] === component && status.phase === 'Running'

const untilGone = (world: World, model: string): Promise<unknown> =>
  eventually(`pods of ${model} are gone`, () => !world.pods(model).some((pod) => isServing(pod)), patience)

/** Milliseconds from the start of a pod by hand to its first answer. */
const byHand = async (world: World): Promise<number> => {
  const scale = (count: number): string =>
    world.kubectl.run(['scale', '-n', world.namespace, 'mdl', 'plain', `--replicas=${count}`])
  scale(0)
  await untilGone(world, 'plain')
  const url = `${world.url('plain')}${pathOf('plain')}`
  const since = performance.now()
  scale(1)
  for (;;) {
    const isAnswered = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(1000),
    }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isAnswered) return performance.now() - since
    await sleep(20)
  }
}

/** Milliseconds of one request, sent from a pod of the namespace, to a model that sleeps. */
const byRequest = async (world: World): Promise<number> => {
  await world.condition('sleepy', 'Ready', 'True', 'Asleep', patience)
  await untilGone(world, 'sleepy')
  const { namespace, kubectl } = world
  const script = `
    const since = performance.now()
    fetch('http://sleepy.${namespace}.svc${pathOf('sleepy')}', { method: 'POST', headers: ${JSON.stringify(headers)}, body: '${body}' })
      .then((answer) => console.log(answer.ok ? performance.now() - since : 'NaN'))`
  const pod = world.pods('plain').find((one) => isServing(one))?.metadata.name ?? ''
  const ms = Number(
    kubectl.run(['exec', '-n', namespace, pod, '-c', 'server', '--', 'node', '-e', script]).trim(),
  )
  if (!Number.isFinite(ms)) throw new Error('a request for a model that sleeps was not answered')
  return ms
}

const prepared = async (): Promise<World> => {
  const world = openWorld('wake')
  world.kubectl.apply({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'adds', namespace: world.namespace } },
    binaryData: { 'model.onnx': adder(1).toString('base64') },
  })
  const model = { task: 'tensor', source: { configMapRef: { name: 'adds' } } }
  const autoscaling = { minReplicas: 0, maxReplicas: 1, idleSeconds: 10 }
  world.applyModel('plain', { model, replicas: 1, ...small })
  world.applyModel('sleepy', { model, autoscaling, ...small })
  await Promise.all(['plain', 'sleepy'].map((name) => world.condition(name, 'Ready', 'True')))
  const name = deploymentName('sleepy', 'stable')
  await eventually(
    'a model sleeps',
    () => world.kubectl.get('deployment', name, world.namespace)?.['spec'].replicas === 0,
    patience,
  )
  return world
}

export const measure = async (): Promise<readonly Row[]> => {
  const world = await prepared()
  const [hand, request]: [number[], number[]] = [[], []]
  try {
    for (let round = 0; round < rounds; round += 1) {
      hand.push(await byHand(world))
      request.push(await byRequest(world))
    }
  } finally {
    world.close()
  }
  return [
    {
      ...{ what: 'first answer of a model that sleeps', unit: 'ms' as const },
      ...{ ours: median(request), limit: median(hand) },
      against: 'kubectl scale from 0 to 1, and the first answer',
    },
  ]
}
