/** The operator as a process that is replaced by one with other settings, over 25 models on a real API server. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveDeployment, LivePod } from '@gantry/kube/live.ts'
import type { KubernetesObject } from '@gantry/kube/objects.ts'
import { Deployment, Event, Pod } from '@gantry/kube/resources.ts'
import type { ModelDeployment as Model } from './modeldeployment/model-deployment.ts'
import { ModelDeployment } from './modeldeployment/resources.ts'
import {
  eventually,
  shortestModel,
  type TestApi,
  testApi,
  testNamespace,
  withoutApiServer,
} from './testing/api-server.ts'
import { answering, deploying } from './testing/deployments.ts'
import { imageOf, images } from './testing/images.ts'
import { importing } from './testing/importers.ts'
import { type OperatorProcess, startOperator } from './testing/operator-process.ts'

const count = 25
const options = { skip: withoutApiServer, timeout: 400_000 }
const operatorPod = { name: 'operator', uid: '00000000-0000-4000-8000-000000000000' }

/** Models that are served, and an operator to replace. */
const scene = async (t: TestContext, api: TestApi) => {
  const { kube } = api
  const namespace = await testNamespace(api, 'fleet')
  const stop = new AbortController()
  const kubelet = {
    podIp: await answering(t, 'v_20261123_101500'),
    pulls: (image: unknown): boolean => image !== images.bad,
  }
  const working = [importing(kube, namespace, stop.signal), deploying(kube, namespace, kubelet, stop.signal)]
  t.after(async () => {
    stop.abort()
    await Promise.all(working)
  })
  const start = (image: string): OperatorProcess =>
    startOperator(t, {
      ...{ KUBECONFIG: api.kubeconfig, POD_NAMESPACE: namespace, WATCH_NAMESPACE: namespace },
      ...{ POD_NAME: operatorPod.name, POD_UID: operatorPod.uid, SERVER_IMAGE: image, OPTIMIZER_IMAGE: 'x' },
    })
  const models = () => kube.list<Model>(ModelDeployment, { namespace })
  const readies = async (): Promise<readonly (string | undefined)[]> =>
    (await models()).flatMap(({ status }) => {
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')
      return ready?.status === 'True' ? [ready.reason] : []
    })
  const withImage = async (image: string): Promise<number> =>
    (await kube.list<LiveDeployment>(Deployment, { namespace })).filter((one) => imageOf(one) === image)
      .length
  const versions = async (): Promise<string> => {
    const lists = await Promise.all(
      [Deployment, ModelDeployment].map((kind) => kube.list(kind, { namespace })),
    )
    return lists
      .flat()
      .map(({ metadata }) => metadata.resourceVersion)
      .join()
  }
  /** Pods of the bad image go on failing for a moment after the Event, and their models tell it. */
  const versionsAtRest = async (): Promise<string> => {
    let last = await versions()
    await eventually(async () => {
      await sleep(1000)
      const before = last
      last = await versions()
      return last === before
    })
    return last
  }
  return { kube, namespace, start, readies, withImage, versions, versionsAtRest }
}

const replace = async (operator: OperatorProcess): Promise<void> => {
  operator.kill('SIGTERM')
  await operator.ended
}

/** Resident memory in MiB, and seconds of CPU, of a process so far. */
const usage = ({ pid }: OperatorProcess): string => {
  const [, memory = ''] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
  return `${Math.round(Number(memory) / 1024)} MiB at most, ${(Number(fields[13]) + Number(fields[14])) / 100} s of CPU`
}

test(
  'a bad image stops at the first wave of 25 models, says so, and a rollback touches only that',
  options,
  async (t) => {
    const api = await testApi()
    const { kube, namespace, start, readies, withImage, versions, versionsAtRest } = await scene(t, api)
    const first = start(images.good)
    await first.logged('ready')
    for (let index = 0; index < count; index += 1)
      await kube.create(ModelDeployment, shortestModel(namespace, `m${index}`))
    await eventually(async () => (await readies()).length === count)
    t.diagnostic(`${count} models imported and served: ${usage(first)}`)
    await replace(first)

    const second = start(images.bad)
    await eventually(
      async () => (await readies()).filter((reason) => reason === 'FleetRollPaused').length >= count - 3,
    )
    const broken = await withImage(images.bad)
    assert.ok(broken >= 1 && broken <= 3, `${broken} models got the bad image`)
    const told = await eventually(async () => {
      const events = await kube.list<KubernetesObject>(Event, { namespace })
      const ours = events.filter(
        (event) => (event['involvedObject'] as { uid?: string }).uid === operatorPod.uid,
      )
      return ours.length > 0 && ours
    })
    assert.deepEqual(
      told.map((event) => event['reason']),
      ['FleetRollPaused'],
    )
    const ready = (await kube.list<LivePod>(Pod, { namespace })).filter(
      (pod) => pod.status?.podIP !== undefined,
    )
    assert.equal(ready.length, count, 'every old pod serves')
    const before = await versionsAtRest()
    await replace(second)
    const third = start(images.bad)
    const { port } = await third.logged('listening')
    const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    const waiting = new RegExp(`^gantry_operator_fleet_waiting_models ${count - broken}$`, 'm')
    await eventually(async () => waiting.test(await metrics()))
    assert.match(await metrics(), /^gantry_operator_fleet_roll_paused 1$/m)
    await replace(third)
    assert.equal(await versions(), before, 'an operator that takes over writes nothing')

    const fourth = start(images.good)
    await eventually(
      async () => (await withImage(images.good)) === count && (await readies()).length === count,
    )
    assert.deepEqual(new Set(await readies()), new Set(['Ready']))
    await replace(fourth)
    const fifth = start(images.better)
    await eventually(
      async () => (await withImage(images.better)) === count && (await readies()).length === count,
    )
    t.diagnostic(`${count} models rolled: ${usage(fifth)}`)
    await replace(fifth)
  },
)
