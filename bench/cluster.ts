/** The local cluster from nothing to node Ready, with the binaries built. Ends the running cluster first. */

import { startApiServer } from '../local-cluster/api-server.ts'
import { down, up } from '../local-cluster/cluster.ts'
import { localPaths } from '../local-cluster/local.ts'
import { noProgress } from '../local-cluster/progress.ts'
import { median, type Row } from './report.ts'

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

const silent = (): void => undefined

export const measure = async (): Promise<readonly Row[]> => {
  const light: number[] = []
  const full: number[] = []
  for (let round = 0; round < 3; round += 1) {
    await down(localPaths, process.env, silent)
    const started = await timedServer()
    light.push(started)
    full.push(await timed(() => up(localPaths, process.env, noProgress)))
  }
  return [
    {
      what: 'cluster up: node Ready, DNS and metrics answering',
      ours: median(full),
      limit: median(light),
      unit: 's',
      against: 'etcd and an API server alone',
    },
  ]
}

const timedServer = async (): Promise<number> => {
  const start = performance.now()
  const server = await startApiServer()
  const seconds = (performance.now() - start) / 1000
  await server.stop()
  return seconds
}
