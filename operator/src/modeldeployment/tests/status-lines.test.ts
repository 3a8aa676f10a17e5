/** `kubectl get mdl -w` prints a line for each write of the status. A write that changes no column prints a line without news. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Draft, settledCluster, type TestCluster } from '../../testing/cluster.ts'
import type { ModelDeployment } from '../model-deployment.ts'

const columnsOf = ({ spec, status }: ModelDeployment): string => {
  const of = (type: string) => status?.conditions?.find((condition) => condition.type === type)
  const ready = [of('Ready')?.status, of('Ready')?.reason, of('Suspended')?.status]
  return [spec.model.task, status?.activeVersion, ...ready, status?.readyReplicas].join(' ')
}

/** Lines that say the same as the one before. */
const repeated = async (cluster: TestCluster, change: (spec: Draft) => void): Promise<readonly string[]> => {
  const lines: string[] = []
  cluster.faults.after = ({ verb }) => {
    if (verb === 'applyStatus') lines.push(columnsOf(cluster.model()))
  }
  await cluster.change(change)
  assert.ok(lines.length > 1)
  return lines.filter((line, index) => line === lines[index - 1])
}

const changes: Readonly<Record<string, (spec: Draft) => void>> = {
  'more pods': (spec) => {
    spec.replicas = 6
  },
  'fewer pods': (spec) => {
    spec.replicas = 1
  },
  'other settings': (spec) => {
    spec.serve.threads = 2
  },
}

for (const [what, change] of Object.entries(changes))
  test(`${what}: no line is printed twice`, async () => {
    const cluster = await settledCluster()
    await cluster.change((spec) => {
      spec.replicas = 3
    })
    assert.deepEqual(await repeated(cluster, change), [])
  })

test('another version: one line more tells at most that the old one serves no longer', async () => {
  const cluster = await settledCluster()
  await cluster.change((spec) => {
    spec.replicas = 4
  })
  const lines = await repeated(cluster, (spec) => {
    spec.model.source.uri = 'https://models.example/2.tar.gz'
  })
  assert.ok(lines.length <= 1, lines.join('\n'))
})
