/** spec.optimize: a version is made of the imported one, proven, and served; what served before serves on until then. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { components, labels } from '@gantry/contract/labels.ts'
import type { LiveJob, LivePod } from '@gantry/kube/live.ts'
import { type ClusterOptions, type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import { measuring } from '../../testing/measured-versions.ts'
import { modelDeployment } from '../../testing/model-deployment.ts'
import { at } from '../../testing/object-store.ts'
import type { Ending } from '../../testing/simulated-optimization.ts'
import { waits } from '../../testing/trouble.ts'
import type { ModelDeploymentSpec } from '../model-deployment.ts'

const imported = 'v_20261123_100001'
const made = 'v_20261123_100002'
const data = { dataset: { uri: 'https://data.example/test.jsonl' }, metric: 'accuracy' } as const
const int8 = { quantize: 'int8-dynamic' } as const

const optimizing = (
  spec: Partial<Pick<ModelDeploymentSpec, 'optimize' | 'evaluate'>> & Draft = {},
  options: ClusterOptions = {},
): Promise<TestCluster> =>
  settledCluster({
    model: modelDeployment({ spec: { optimize: int8, ...spec } }),
    evaluates: measuring(),
    ...options,
  })
/** A model that serves as it was imported, and gets a recipe then. */
const gettingRecipe = async (optimize: Draft, options: ClusterOptions = {}, spec: Draft = {}) => {
  const cluster = await settledCluster({
    model: modelDeployment({ spec }),
    evaluates: measuring(),
    ...options,
  })
  await cluster.change((draft) => {
    draft.optimize = optimize
  })
  return cluster
}
const serving = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .all<LivePod>('Pod')
    .filter(({ metadata }) => metadata.labels?.[labels.component] === components.server)
    .map(({ metadata }) => metadata.labels?.[labels.version])
const jobsOf = (cluster: TestCluster, component: string): readonly LiveJob[] =>
  cluster.all<LiveJob>('Job').filter(({ metadata }) => metadata.labels?.[labels.component] === component)
const jobsMade = (cluster: TestCluster, infix: string): number =>
  cluster.writes.filter(({ kind, verb, name }) => kind === 'Job' && verb === 'create' && name.includes(infix))
    .length
const listed = (cluster: TestCluster, id: string) =>
  cluster.model().status?.versions?.find((version) => version.id === id)
const told = (cluster: TestCluster, type: string) => {
  const { status, reason, message } = cluster.condition(type) ?? {}
  return { status, reason, message: message ?? '' }
}
const containerOf = (job: LiveJob | undefined, name: string) => {
  const spec = at(job, 'spec', 'template', 'spec') as Draft
  return [...spec.initContainers, ...spec.containers].find((one: Draft) => one.name === name)
}
const requestOf = (job: LiveJob | undefined) => {
  const args = (at(job, 'spec', 'template', 'spec', 'containers', '0', 'args') ?? []) as readonly string[]
  return JSON.parse(args.find((arg) => arg.startsWith('--request='))?.slice('--request='.length) ?? '{}')
}
const failing = (reason: Draft, message: string): Ending => ({
  ...{ kind: 'failed', container: 'optimize' },
  report: { outcome: 'failed', reason, message },
})

test('a first version is imported, optimized and served, with its parent and what was done in status', async () => {
  const cluster = await optimizing()
  assert.deepEqual(serving(cluster), [made])
  const { parent, optimization, phase } = listed(cluster, made) ?? {}
  assert.deepEqual([parent, phase, listed(cluster, imported)?.phase], [imported, 'Serving', 'Imported'])
  assert.deepEqual(optimization?.recipe, int8)
  assert.equal(optimization?.passed, true)
  assert.equal(told(cluster, 'Ready').status, 'True')
  assert.equal(jobsMade(cluster, '-import-'), 1)
  assert.equal(jobsMade(cluster, '-opt-'), 1)
})

test('without data the condition says that agreement on generated inputs is weaker', async () => {
  const cluster = await optimizing()
  const { status, reason, message } = told(cluster, 'Optimized')
  assert.deepEqual([status, reason], ['True', 'AgreesOnGenerated'])
  assert.match(message, /4 times smaller: 0 % of the answers to 64 generated inputs differ.*no labelled data/)
  const own = await optimizing({ optimize: { ...int8, dataset: data.dataset } })
  assert.equal(told(own, 'Optimized').reason, 'AgreesOnSamples')
})

test('answers that differ too much keep the version from traffic, and another limit lets it serve without new work', async () => {
  const cluster = await gettingRecipe(int8, {
    optimizes: () => ({ kind: 'agreement', agreement: { sameAnswers: 0.95 } }),
  })
  assert.deepEqual(serving(cluster), [imported])
  for (const type of ['Stalled', 'Optimized'])
    assert.equal(told(cluster, type).reason, 'AgreementTooLow', type)
  assert.match(
    told(cluster, 'Stalled').message,
    /5 % of the answers.*v_20261123_100001 serves on.*remove spec\.optimize/,
  )
  assert.equal(listed(cluster, made)?.phase, 'Failed')
  const jobs = jobsMade(cluster, '-')
  await cluster.change((spec) => {
    spec.optimize.maxAccuracyDrop = 0.05
  })
  assert.deepEqual(serving(cluster), [made])
  assert.equal(jobsMade(cluster, '-'), jobs)
})

test('a limit that a version does not meet, stricter than the one it was made for, has another one made, and no other limit does', async () => {
  const optimizes = ({ aim }: { aim: number }): Ending => ({
    kind: 'agreement',
    agreement: { sameAnswers: aim < 0.01 ? 0.999 : 0.995 },
  })
  const cluster = await gettingRecipe(int8, { optimizes })
  const [third, fourth] = ['v_20261123_100003', 'v_20261123_100004']
  const change = async (limit: number) => {
    await cluster.change((spec) => {
      spec.optimize.maxAccuracyDrop = limit
    })
    return [serving(cluster)[0], jobsMade(cluster, '-opt-')]
  }
  assert.deepEqual(await change(0.008), [made, 1]) // it is met
  assert.deepEqual(await change(0.002), [third, 2]) // other nodes may stay in floating point
  assert.equal(listed(cluster, third)?.optimization?.aim, 0.002)
  assert.deepEqual(await change(0.0005), [third, 3]) // not even the one that was made for it meets it
  assert.equal(told(cluster, 'Stalled').reason, 'AgreementTooLow')
  assert.equal(listed(cluster, fourth)?.phase, 'Failed')
  assert.deepEqual(await change(0.05), [third, 3]) // what serves meets it
  assert.equal(told(cluster, 'Ready').status, 'True')
  assert.deepEqual(await change(0.01), [made, 3]) // the one that was made for it
})

test('a step that aims at no limit is not done again for a stricter one', async () => {
  const prune = { prune: { method: 'structured' } }
  const optimizes = (): Ending => ({ kind: 'agreement', agreement: { sameAnswers: 0.995 } })
  const cluster = await gettingRecipe(prune, { optimizes })
  await cluster.change((spec) => {
    spec.optimize.maxAccuracyDrop = 0.002
  })
  assert.deepEqual([serving(cluster)[0], jobsMade(cluster, '-opt-')], [made, 1])
  assert.equal(told(cluster, 'Optimized').reason, 'AgreementTooLow')
})

test('labelled data judge: version and parent are measured in one run, on samples that did not calibrate', async () => {
  const cluster = await gettingRecipe(int8, {}, { evaluate: { ...data, minAccuracy: 0.8 } })
  assert.deepEqual(serving(cluster), [made])
  const [job] = jobsOf(cluster, components.evaluate)
  const request = requestOf(job)
  assert.deepEqual(
    request.candidates.map(({ name }: Draft) => name),
    [made, imported],
  )
  assert.deepEqual([request.compareWith, request.dataset.calibration], [imported, 'without'])
  const [optimize] = jobsOf(cluster, components.optimize)
  const samples = containerOf(optimize, 'samples').args.find((arg: string) => arg.startsWith('--request='))
  assert.equal(JSON.parse(samples.slice('--request='.length)).dataset.calibration, 'only')
  const { comparison } = listed(cluster, made)?.optimization ?? {}
  assert.deepEqual([comparison?.difference, comparison?.samples, comparison?.speedup], [0, 100, 1])
  assert.equal(listed(cluster, made)?.evaluation?.comparison?.with, imported)
  assert.equal(told(cluster, 'Optimized').reason, 'Optimized')
  assert.equal(told(cluster, 'Evaluated').reason, 'WithinLimits')
})

test('data of their own to calibrate with leave all samples of spec.evaluate to judge', async () => {
  const own = { dataset: { uri: 'https://data.example/calibration.jsonl' } }
  const cluster = await optimizing({ optimize: { ...int8, ...own }, evaluate: data })
  assert.equal(requestOf(jobsOf(cluster, components.evaluate)[0]).dataset.calibration, undefined)
  const samples = JSON.stringify(containerOf(jobsOf(cluster, components.optimize)[0], 'samples').args)
  assert.match(samples, /calibration\.jsonl/)
  assert.doesNotMatch(samples, /calibration\\":/)
})

test('data that calibrate and judge at once are divided: no sample does both', async () => {
  const half = (part: string) => ({ share: 0.5, part })
  const [same, drawn] = [data.dataset, { ...data.dataset, sample: { size: 50 } }]
  const halves = (part: string, seed = 0) => ({ ...data.dataset, split: { ...half(part), seed } })
  for (const [own, judging, isShared] of [
    [drawn, same, true],
    [halves('rest'), same, true],
    [halves('rest'), halves('held-out', 1), true],
    [halves('rest'), { ...same, split: half('held-out') }, false],
  ] as const) {
    const evaluate = { ...data, dataset: judging }
    const cluster = await optimizing({ optimize: { ...int8, dataset: own }, evaluate })
    const request = requestOf(jobsOf(cluster, components.evaluate)[0])
    assert.equal(request.dataset.calibration, isShared ? 'without' : undefined)
  }
})

test('a version that is worse than its parent gets no traffic; a wider limit judges the same numbers, and the old one serves on', async () => {
  const options = { evaluates: measuring((id) => ({ accuracy: id === made ? 0.85 : 0.9 })) }
  const cluster = await gettingRecipe(int8, options, { evaluate: data })
  assert.deepEqual(serving(cluster), [imported])
  assert.equal(told(cluster, 'Stalled').reason, 'AccuracyDropped')
  assert.match(
    told(cluster, 'Stalled').message,
    /0\.05 below that of its parent.*v_20261123_100001 serves on/,
  )
  assert.equal(listed(cluster, made)?.phase, 'Failed')
  assert.match(listed(cluster, made)?.optimization?.message ?? '', /0\.05 below that of its parent/)
  const jobs = jobsMade(cluster, '-')
  await cluster.change((spec) => {
    spec.optimize.maxAccuracyDrop = 0.06
  })
  assert.deepEqual(serving(cluster), [made])
  assert.equal(jobsMade(cluster, '-'), jobs)
})

test('one run judges against the parent and against the version that serves, where these are two', async () => {
  const accuracies: Record<string, number> = {
    [imported]: 0.9,
    [made]: 0.895,
    v_20261123_100003: 0.92,
    v_20261123_100004: 0.915,
  }
  const cluster = await optimizing(
    { evaluate: { ...data, maxAccuracyDrop: 0.01 } },
    { evaluates: measuring((id) => ({ accuracy: accuracies[id] ?? 0 })) },
  )
  assert.deepEqual(serving(cluster), [made])
  const before = jobsMade(cluster, '-eval-')
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  assert.deepEqual(serving(cluster), ['v_20261123_100004'])
  assert.equal(jobsMade(cluster, '-eval-'), before + 1)
  const { evaluation, optimization } = listed(cluster, 'v_20261123_100004') ?? {}
  const shown = (value: number | undefined) => Number(value?.toFixed(6))
  assert.deepEqual([evaluation?.comparison?.with, shown(evaluation?.comparison?.difference)], [made, 0.02])
  assert.equal(shown(optimization?.comparison?.difference), -0.005)
  assert.deepEqual(optimization?.comparison?.interval.map(shown), [-0.015, 0.005])
})

test('another recipe begins from the imported version, and nothing is imported again', async () => {
  const cluster = await optimizing()
  await cluster.change((spec) => {
    spec.optimize = { graph: 'all', prune: { method: 'structured' }, quantize: 'fp16' }
  })
  const third = 'v_20261123_100003'
  assert.deepEqual(serving(cluster), [third])
  assert.equal(listed(cluster, third)?.parent, imported)
  assert.equal(jobsMade(cluster, '-import-'), 1)
  const args = containerOf(jobsOf(cluster, components.optimize)[0], 'optimize').args
  assert.deepEqual(
    args.filter((arg: string) => /graph|prune|quantize|drop|dataset/.test(arg)),
    ['--graph=all', '--prune=structured:0.4', '--quantize=fp16', '--max-accuracy-drop=0.01'],
  )
  await cluster.change((spec) => {
    spec.optimize = int8
  })
  assert.deepEqual(serving(cluster), [made])
  assert.equal(jobsMade(cluster, '-opt-'), 2)
})

test('without the recipe, the version is served at once as it was imported', async () => {
  const cluster = await optimizing()
  const jobs = jobsMade(cluster, '-')
  await cluster.change((spec) => {
    delete spec.optimize
  })
  assert.deepEqual(serving(cluster), [imported])
  assert.equal(jobsMade(cluster, '-'), jobs)
  assert.equal(cluster.condition('Optimized'), undefined)
  assert.equal(cluster.find('NetworkPolicy', 'intents.optimize'), undefined)
})

test('an id is served as it is, be it a parent or what was made of it', async () => {
  const cluster = await optimizing()
  const jobs = jobsMade(cluster, '-')
  for (const id of [imported, made]) {
    await cluster.change((spec) => {
      spec.model.version = id
    })
    assert.deepEqual(serving(cluster), [id])
  }
  assert.equal(jobsMade(cluster, '-'), jobs)
  await cluster.change((spec) => {
    spec.model.version = imported
  })
  assert.equal(told(cluster, 'Optimized').reason, 'NotOptimized')
})

test('what the optimizer refuses stalls with its sentence, is not tried again, and takes nothing down', async () => {
  const cluster = await gettingRecipe(int8, {
    optimizes: () => failing('OptimizationUnsupported', 'The graph has no MatMul with constant weights.'),
  })
  assert.deepEqual(serving(cluster), [imported])
  assert.equal(jobsMade(cluster, '-opt-'), 1)
  for (const type of ['Stalled', 'Optimized'])
    assert.equal(told(cluster, type).reason, 'OptimizationUnsupported', type)
  assert.match(
    told(cluster, 'Stalled').message,
    /no MatMul.*serves on\. To try again, .*delete job intents-opt-/,
  )
  assert.equal(listed(cluster, imported)?.phase, 'Serving')
})

test('a first version that cannot be optimized does not serve, and the message says how it would', async () => {
  const cluster = await optimizing({}, { optimizes: () => failing('NothingToOptimize', 'Nothing found.') })
  assert.deepEqual(serving(cluster), [])
  assert.match(told(cluster, 'Ready').message, /remove spec\.optimize to serve it as it was imported/)
  assert.equal(listed(cluster, imported)?.phase, 'Optimizing')
})

test('memory that was too little is told with its limit and the field, and more of it starts the optimization again', async () => {
  const cluster = await gettingRecipe(int8, {
    optimizes: (_, attempt) => (attempt === 0 ? { kind: 'killed' } : undefined),
  })
  assert.equal(told(cluster, 'Stalled').reason, 'OptimizationFailed')
  assert.match(
    told(cluster, 'Stalled').message,
    /more memory than its limit of \d+Mi.*spec\.optimize\.resources\.limits\.memory/,
  )
  await cluster.change((spec) => {
    spec.optimize.resources = { limits: { memory: '8Gi' } }
  })
  assert.deepEqual(serving(cluster), [made])
})

test('an optimization that its own disk was too small for is not tried again, and more disk starts it', async () => {
  const cluster = await gettingRecipe(int8, {
    optimizes: (_, attempt) =>
      attempt === 0
        ? { kind: 'evicted', message: 'Usage of EmptyDir volume "optimization" exceeds the limit "456Mi". ' }
        : undefined,
  })
  const { reason, message } = told(cluster, 'Stalled')
  assert.equal(reason, 'OptimizationFailed')
  assert.match(message, /exceeds the limit.*Raise spec\.optimize\.resources\.limits\.ephemeral-storage/)
  assert.equal(jobsMade(cluster, '-opt-'), 1)
  await cluster.change((spec) => {
    spec.optimize.resources = { limits: { 'ephemeral-storage': '20Gi' } }
  })
  assert.deepEqual(serving(cluster), [made])
})

test('the samples that judge are out of reach of the optimizer, and the commit runs both graphs on them', async () => {
  const cluster = await optimizing({ optimize: { ...int8, dataset: data.dataset } })
  const [job] = jobsOf(cluster, components.optimize)
  const mountOf = (name: string) =>
    containerOf(job, name).volumeMounts.find((mount: Draft) => mount.mountPath === '/samples')
  assert.deepEqual([mountOf('optimize').readOnly, mountOf('commit').readOnly], [true, true])
  assert.ok(containerOf(job, 'commit').args.includes('--samples=/samples/samples.safetensors'))
  assert.ok(containerOf(job, 'optimize').args.includes('--dataset-name=spec.optimize.dataset'))
  const without = jobsOf(await optimizing(), components.optimize)[0]
  assert.doesNotMatch(JSON.stringify(without), /samples\.safetensors/)
})

test('a version whose answers could not be compared does not serve without labels, and serves where labels prove it', async () => {
  const optimizes = () => ({ kind: 'unknown', why: 'no inputs can be generated' }) as const
  const cluster = await gettingRecipe(int8, { optimizes })
  const { reason, message } = told(cluster, 'Stalled')
  assert.equal(reason, 'NotComparable')
  assert.match(message, /no inputs can be generated.*v_20261123_100001 serves on.*spec\.evaluate/)
  assert.deepEqual(serving(cluster), [imported])
  assert.deepEqual(serving(await gettingRecipe(int8, { optimizes }, { evaluate: data })), [made])
})

test('data that do not answer are tried again with backoff, and the message stays the same', async () => {
  const unreachable: Ending = {
    ...{ kind: 'failed', container: 'samples' },
    report: { outcome: 'failed', reason: 'DatasetUnreachable', message: 'No answer.', retry: 'backoff' },
  }
  const options = { optimizes: (_: unknown, attempt: number) => (attempt < 2 ? unreachable : undefined) }
  const cluster = await settledCluster({ ...options, evaluates: measuring() })
  cluster.edit('ModelDeployment', ({ spec }) => {
    spec.optimize = int8
    spec.evaluate = data
  })
  await cluster.settle(0)
  assert.equal(told(cluster, 'Optimized').reason, 'DatasetUnreachable')
  assert.match(told(cluster, 'Ready').message, /No answer\. It is tried again by itself/)
  assert.deepEqual(serving(cluster), [imported])
  await cluster.settle()
  assert.deepEqual(serving(cluster), [made])
  assert.equal(jobsMade(cluster, '-opt-'), 3)
})

test('data that a pod must not read are not read, and what serves goes on', async () => {
  for (const [reason, uri] of [
    ['DatasetNotAllowed', 'file:///etc/passwd'],
    ['UnsafePath', 'pvc://data/../other/test.jsonl'],
  ] as const) {
    const cluster = await gettingRecipe({ ...int8, dataset: { uri } })
    assert.equal(told(cluster, 'Stalled').reason, reason)
    assert.match(told(cluster, 'Stalled').message, /spec\.optimize\.dataset\.uri/)
    assert.equal(jobsMade(cluster, '-opt-'), 0)
    assert.deepEqual(serving(cluster), [imported])
  }
})

test('a container that waits is told by the name of what it waits for', async () => {
  const waiting = (name: string, status: LivePod['status']): ClusterOptions => ({
    stuck: (pod) =>
      pod.metadata.labels?.[labels.component] === components.optimize
        ? {
            ...status,
            initContainerStatuses: (status?.containerStatuses ?? []).map((one) => ({ ...one, name })),
          }
        : undefined,
  })
  const cluster = await gettingRecipe(int8, waiting('optimize', waits('ImagePullBackOff', 'not found')))
  assert.equal(told(cluster, 'Ready').reason, 'ImagePull')
  assert.match(told(cluster, 'Ready').message, /registry\.example\/optimizer:1/)
  const secret = await gettingRecipe(
    { ...int8, dataset: { ...data.dataset, secretRef: { name: 'store' } } },
    waiting('samples', waits('CreateContainerConfigError', 'secret "store" not found')),
  )
  assert.equal(told(secret, 'Ready').reason, 'MissingSecret')
  assert.match(
    told(secret, 'Ready').message,
    /the optimization goes on by itself.*spec\.optimize\.dataset\.secretRef/,
  )
})

test('a version of another optimizer serves on where it has served, and is made anew where it was refused', async () => {
  const cluster = await optimizing()
  Object.assign(cluster.world.config, { optimizerImage: 'registry.example/optimizer:2' })
  await cluster.settle()
  assert.equal(jobsMade(cluster, '-opt-'), 1)
  const refused = await gettingRecipe(int8, {
    optimizes: (_, attempt) => ({ kind: 'agreement', agreement: { sameAnswers: attempt === 0 ? 0.5 : 1 } }),
  })
  assert.deepEqual(serving(refused), [imported])
  Object.assign(refused.world.config, { optimizerImage: 'registry.example/optimizer:2' })
  await refused.settle()
  assert.deepEqual(serving(refused), ['v_20261123_100003'])
})

test('int8 on a GPU is served only where it measured faster than its parent there', async () => {
  const onGpu = { serve: { device: 'gpu' }, evaluate: data }
  const slow = await gettingRecipe(int8, {}, onGpu)
  assert.deepEqual(serving(slow), [imported])
  assert.equal(told(slow, 'Stalled').reason, 'NotFaster')
  const fast = await gettingRecipe(
    int8,
    { evaluates: measuring((id) => ({ p95Ms: id === made ? 5 : 10, accelerator: 'cuda' })) },
    onGpu,
  )
  assert.deepEqual(serving(fast), [made])
  const half = await gettingRecipe({ quantize: 'fp16' }, {}, onGpu)
  assert.deepEqual(serving(half), [made])
})

test('int8 that was measured without the GPU, since CUDA did not load, is not proven faster on it', async () => {
  const onGpu = { serve: { device: 'auto', gpu: {} }, evaluate: data }
  for (const withCuda of [[], [imported], [made]]) {
    const evaluates = measuring((id) => ({
      p95Ms: id === made ? 5 : 10,
      accelerator: withCuda.includes(id) ? 'cuda' : 'cpu',
    }))
    const cluster = await gettingRecipe(int8, { evaluates }, onGpu)
    assert.deepEqual(serving(cluster), [imported])
    const { reason, message } = told(cluster, 'Stalled')
    assert.equal(reason, 'NotFaster')
    assert.match(message, /its speed on the GPU is not measured: .*ran on the CPU/)
  }
})

test('the parent of a version that stays is never pruned', async () => {
  const cluster = await optimizing({ versionHistoryLimit: 1 })
  assert.deepEqual(
    cluster.model().status?.versions?.map(({ id }) => id),
    [imported, made],
  )
  await cluster.change((spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  assert.deepEqual(
    cluster.model().status?.versions?.map(({ id }) => id),
    [imported, made, 'v_20261123_100003', 'v_20261123_100004'].slice(
      -cluster.volumes.onVolume(cluster.find('PersistentVolumeClaim')?.metadata.uid ?? '').length,
    ),
  )
  assert.deepEqual(serving(cluster), ['v_20261123_100004'])
  assert.ok(listed(cluster, 'v_20261123_100003'))
})

test('a suspended model is not optimized', async () => {
  const cluster = await gettingRecipe(int8, {}, { suspend: false })
  assert.deepEqual(serving(cluster), [made])
  await cluster.change((spec) => {
    spec.suspend = true
    spec.optimize = { quantize: 'fp16' }
  })
  assert.equal(jobsMade(cluster, '-opt-'), 1)
  assert.equal(told(cluster, 'Optimized').reason, 'Suspended')
  assert.match(told(cluster, 'Ready').message, /this is not done: .*intents-opt-/)
  await cluster.change((spec) => {
    spec.suspend = false
  })
  assert.deepEqual(serving(cluster), ['v_20261123_100003'])
})

test('a settled model writes nothing, be it served, refused or failed', async () => {
  const endings: readonly (Ending | undefined)[] = [
    undefined,
    { kind: 'agreement', agreement: { sameAnswers: 0.5 } },
    failing('NothingToOptimize', 'Nothing found.'),
  ]
  for (const ending of endings) {
    const cluster = await gettingRecipe(int8, { optimizes: () => ending })
    cluster.writes.length = 0
    await cluster.settle()
    assert.deepEqual(cluster.writes, [])
  }
})

test('only the last container may write to the volume, and none reaches the network where there are no data', async () => {
  const cluster = await optimizing()
  const [job] = jobsOf(cluster, components.optimize)
  const mount = (name: string) =>
    containerOf(job, name).volumeMounts.find(({ mountPath }: Draft) => mountPath === '/models')
  assert.equal(mount('optimize').readOnly, true)
  assert.equal(mount('commit').readOnly, undefined)
  const policy = cluster.find('NetworkPolicy', 'intents.optimize')
  assert.deepEqual(at(policy, 'spec', 'policyTypes'), ['Ingress', 'Egress'])
  assert.equal(at(policy, 'spec', 'egress'), undefined)
})
