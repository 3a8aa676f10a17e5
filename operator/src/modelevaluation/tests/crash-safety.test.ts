import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type EvaluationCluster,
  type EvaluationClusterOptions,
  evaluationCluster,
} from '../../testing/evaluation-cluster.ts'
import { snapshot } from '../../testing/snapshot.ts'

interface Story {
  readonly name: string
  readonly options?: EvaluationClusterOptions
  readonly steps: readonly ((cluster: EvaluationCluster) => void)[]
}

const stories: readonly Story[] = [
  {
    name: 'three candidates, then another source and other weights',
    steps: [
      (cluster) =>
        cluster.edit('ModelEvaluation', ({ spec }) => {
          spec.candidates[2].source.uri = 'https://models.example/other.tar.gz'
        }),
      (cluster) =>
        cluster.edit('ModelEvaluation', ({ spec }) => {
          spec.weights = { accuracy: 1, cost: 0, throughput: 0 }
        }),
    ],
  },
  {
    name: 'a candidate that does not load, and one whose source answers at the second attempt',
    options: {
      evaluates: (_, attempt) => ({
        kind: 'candidates',
        of: (name) => {
          if (name === 'large') return { name, reason: 'LoadFailed', message: 'No such operator.' }
          return name === 'tiny' && attempt === 0
            ? { name, reason: 'SourceUnreachable', message: 'No answer.', retry: 'backoff' }
            : undefined
        },
      }),
    },
    steps: [],
  },
]

/** The operator dies right before or right after its n-th write, and another one goes on. */
const crashAt = (cluster: EvaluationCluster, when: 'before' | 'after', n: number): void => {
  let count = 0
  cluster.faults[when] = () => {
    count += 1
    if (count === n) throw new Error('the operator died')
  }
}

const run = async ({ steps }: Story, cluster: EvaluationCluster): Promise<EvaluationCluster> => {
  await cluster.settle()
  for (const step of steps) {
    step(cluster)
    await cluster.settle()
  }
  return cluster
}

for (const story of stories) {
  test(`${story.name}: reaches the same end wherever the operator is killed`, async (context) => {
    const undisturbed = await run(story, evaluationCluster(story.options))
    const expected = snapshot(undisturbed)
    for (const when of ['before', 'after'] as const)
      for (let n = 1; n <= undisturbed.writes.length; n += 1) {
        const cluster = evaluationCluster(story.options)
        crashAt(cluster, when, n)
        await run(story, cluster)
        const write = undisturbed.writes[n - 1]
        const where = `${when} write ${n} (${write?.verb} ${write?.kind} ${write?.name})`
        assert.deepEqual(snapshot(cluster), expected, `the operator died ${where}`)
      }
    context.diagnostic(`${2 * undisturbed.writes.length} deaths`)
  })

  for (const lag of [1, 3])
    test(`${story.name}: ends alike with watches that are ${lag} passes late`, async () => {
      const expected = snapshot(await run(story, evaluationCluster(story.options)))
      const cluster = await run(story, evaluationCluster({ ...story.options, lag }))
      assert.deepEqual(snapshot(cluster), expected)
    })
}
