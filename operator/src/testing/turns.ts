/** A model that is rolled out while time goes by: turns of ten seconds, and what users do in between. */
import { rolloutAnnotation } from '@gantry/contract/rollout.ts'
import type { Draft, TestCluster } from './cluster.ts'

interface Turning {
  /** What happens before the passes of a turn. */
  readonly begin: () => void
  readonly pass: () => Promise<unknown>
  /** Turns after which a test waits no longer. */
  readonly mostTurns: number
}

export const turnsOf = (cluster: TestCluster, { begin, pass, mostTurns }: Turning) => {
  /** Ten seconds, then passes until nothing else moves. */
  const turn = async (): Promise<void> => {
    begin()
    cluster.advance(10_000)
    for (let count = 0; count < 10; count += 1) {
      await pass()
      if (!cluster.step()) break
    }
  }
  /** @throws Error after the most turns */
  const until = async (isReached: () => boolean): Promise<void> => {
    for (let count = 0; count < mostTurns; count += 1) {
      if (isReached()) return
      await turn()
    }
    throw new Error(`it was not reached: ${JSON.stringify(cluster.model().status)}`)
  }
  const publish = (label: string): void =>
    cluster.edit('ModelDeployment', ({ spec }: Draft) => {
      spec.model.version = label
    })
  const annotate = (rollout: string): void =>
    cluster.edit('ModelDeployment', ({ metadata }: Draft) => {
      metadata.annotations = { ...metadata.annotations, [rolloutAnnotation]: rollout }
    })
  return { turn, until, publish, annotate, canary: () => cluster.model().status?.canary }
}
