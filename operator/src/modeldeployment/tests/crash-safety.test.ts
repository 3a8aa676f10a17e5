import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { type ClusterOptions, type Draft, type TestCluster, testCluster } from '../../testing/cluster.ts'
import { measuring } from '../../testing/measured-versions.ts'
import { snapshot } from '../../testing/snapshot.ts'

interface Story {
  readonly name: string
  readonly options?: () => ClusterOptions
  /** What users do, one after the other; in between the cluster comes to rest. */
  readonly steps: readonly ((cluster: TestCluster) => void)[]
}

const edit =
  (change: (spec: Draft) => void) =>
  (cluster: TestCluster): void =>
    cluster.edit('ModelDeployment', ({ spec }) => change(spec))

const stories: readonly Story[] = [
  { name: 'a first version', steps: [] },
  {
    name: 'a second version, and back to the first by its id',
    steps: [
      edit((spec) => {
        spec.model.source.uri = 'https://models.example/2.tar.gz'
      }),
      edit((spec) => {
        spec.model.version = 'v_20261123_100001'
      }),
    ],
  },
  {
    name: 'an autoscaler, and a fixed number again',
    steps: [
      edit((spec) => {
        spec.replicas = 3
      }),
      edit((spec) => {
        delete spec.replicas
        spec.autoscaling = { minReplicas: 2, maxReplicas: 5 }
      }),
      edit((spec) => {
        delete spec.autoscaling
        spec.replicas = 2
      }),
    ],
  },
  {
    name: 'a source that answers at the third attempt',
    options: () => ({
      imports: (_, attempt) =>
        attempt < 2
          ? { outcome: 'failed', reason: 'SourceUnreachable', message: 'No answer.', retry: 'backoff' }
          : undefined,
    }),
    steps: [],
  },
  {
    name: 'a source that does not exist, and then another one',
    options: () => ({
      imports: (source) =>
        source.endsWith('intents.tar.gz')
          ? { outcome: 'failed', reason: 'SourceNotFound', message: 'HTTP 404.', retry: 'never' }
          : undefined,
    }),
    steps: [
      edit((spec) => {
        spec.model.source.uri = 'https://models.example/2.tar.gz'
      }),
    ],
  },
  {
    name: 'a version that crashes, and then one that does not',
    options: () => ({ starts: (id) => (id.endsWith('2') ? { crash: 'no such operator' } : 'ready') }),
    steps: [
      edit((spec) => {
        spec.model.source.uri = 'https://models.example/2.tar.gz'
      }),
      edit((spec) => {
        spec.model.source.uri = 'https://models.example/3.tar.gz'
      }),
    ],
  },
  {
    name: 'a version that is worse than the limit, and then one that is not',
    options: () => ({ evaluates: measuring((id) => ({ accuracy: id.endsWith('2') ? 0.5 : 0.9 })) }),
    steps: [
      edit((spec) => {
        spec.evaluate = { dataset: { uri: 'https://data.example/test.jsonl' }, minAccuracy: 0.8 }
        spec.model.source.uri = 'https://models.example/2.tar.gz'
      }),
      edit((spec) => {
        spec.model.source.uri = 'https://models.example/3.tar.gz'
      }),
    ],
  },
  {
    name: 'a recipe, another one that makes the model worse, and none',
    options: () => ({
      evaluates: measuring((id) => ({ accuracy: id.endsWith('3') ? 0.5 : 0.9 })),
      optimizes: (_, attempt) =>
        attempt === 0
          ? {
              ...{ kind: 'failed', container: 'samples' },
              report: { outcome: 'failed', reason: 'DatasetUnreachable', message: 'No.', retry: 'backoff' },
            }
          : undefined,
    }),
    steps: [
      edit((spec) => {
        spec.evaluate = { dataset: { uri: 'https://data.example/test.jsonl' }, minAccuracy: 0.8 }
        spec.optimize = { quantize: 'int8-dynamic' }
      }),
      edit((spec) => {
        spec.optimize = { graph: 'all' }
      }),
      edit((spec) => {
        delete spec.optimize
      }),
    ],
  },
  {
    name: 'a version that can be measured at the second attempt beside the one that serves, after the status was cleared',
    options: () => ({
      evaluates: (request, attempt) => {
        const isPassing = request.candidates.length > 1 && attempt === 0
        const unmeasured = { reason: 'ImportFailed', message: 'The disk failed.', retry: 'backoff' } as const
        return measuring((id) => (isPassing && id.endsWith('1') ? { unmeasured } : {}))(request, attempt)
      },
    }),
    steps: [
      (cluster) =>
        cluster.edit('ModelDeployment', (draft) => {
          draft.spec.evaluate = { dataset: { uri: 'https://data.example/test.jsonl' }, maxAccuracyDrop: 0.01 }
          draft.spec.model.source.uri = 'https://models.example/2.tar.gz'
          draft.status = {}
        }),
    ],
  },
  {
    name: 'a version whose inputs drift, and then one whose do not',
    options: () => ({
      drift: (id) => ({
        ...{ samples: 900, enough: true },
        features: id.endsWith('2')
          ? []
          : [{ name: 'amount', statistic: 'psi', value: 0.5, since: '2026-11-23T10:00:00Z' }],
      }),
    }),
    steps: [
      edit((spec) => {
        spec.model.source.uri = 'https://models.example/2.tar.gz'
      }),
    ],
  },
  {
    name: 'a volume that is lost',
    steps: [
      (cluster) => {
        cluster.store.objects.delete('PersistentVolumeClaim/demo/intents')
        for (const pod of cluster.all('Pod')) cluster.store.erase(pod)
      },
    ],
  },
]

/** The operator dies right before or right after its n-th write, and another one goes on. */
const crashAt = (cluster: TestCluster, when: 'before' | 'after', n: number): void => {
  let count = 0
  cluster.faults[when] = () => {
    count += 1
    if (count === n) throw new Error('the operator died')
  }
}

const run = async ({ steps }: Story, cluster: TestCluster): Promise<TestCluster> => {
  await cluster.settle()
  for (const step of steps) {
    step(cluster)
    await cluster.settle()
  }
  return cluster
}

/** How many writes a story has in common with the first one, whose deaths need not be died again. */
const known = async (story: Story, { writes }: TestCluster): Promise<number> => {
  const [shortest] = stories
  if (!shortest || story === shortest) return 0
  const common = (await run(shortest, testCluster())).writes
  const isBegun = common.every((write, index) => isDeepStrictEqual(write, writes[index]))
  return isBegun ? common.length : 0
}

for (const story of stories) {
  test(`${story.name}: reaches the same end wherever the operator is killed`, async (context) => {
    const options = story.options ?? ((): ClusterOptions => ({}))
    const undisturbed = await run(story, testCluster(options()))
    const expected = snapshot(undisturbed)
    const begun = await known(story, undisturbed)
    for (const when of ['before', 'after'] as const) {
      for (let n = begun + 1; n <= undisturbed.writes.length; n += 1) {
        const cluster = testCluster(options())
        crashAt(cluster, when, n)
        await run(story, cluster)
        const write = undisturbed.writes[n - 1]
        const where = `${when} write ${n} (${write?.verb} ${write?.kind} ${write?.name})`
        assert.deepEqual(snapshot(cluster), expected, `the operator died ${where}`)
      }
    }
    context.diagnostic(`${2 * (undisturbed.writes.length - begun)} deaths`)
  })
}

for (const story of stories) {
  test(`${story.name}: ends alike, however late the watches are`, async () => {
    const options = story.options ?? ((): ClusterOptions => ({}))
    const expected = snapshot(await run(story, testCluster(options())))
    for (const lag of [1, 2, 5]) {
      const cluster = await run(story, testCluster({ ...options(), lag }))
      assert.deepEqual(snapshot(cluster), expected, `watches ${lag} passes late`)
    }
  })
}
