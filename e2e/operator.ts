/** The operator's pods on the local cluster: their processes and their own metrics. */
import { readdirSync, readFileSync } from 'node:fs'
import { labels } from '../contract/labels.ts'
import { operatorMetrics } from '../contract/metrics.ts'
import type { Kubectl, Live } from '../local-cluster/kubectl.ts'

export const operatorNamespace = 'gantry-system'

export const operatorPods = (kubectl: Kubectl): readonly Live[] =>
  kubectl.list('pod', operatorNamespace, `${labels.name}=gantry,${labels.component}=operator`)

/** The pod that holds the Lease. */
export const leader = (kubectl: Kubectl): string | undefined =>
  kubectl.get('lease', 'gantry-operator', operatorNamespace)?.['spec'].holderIdentity || undefined

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // the process ended meanwhile
  }
}

/** Process ids, on this machine, of a pod's program: containers of the local cluster run here. */
export const processIds = (pod: Live, program: string): readonly number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => read(`/proc/${pid}/cgroup`).includes(pod.metadata.uid))
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(program))
    .map(Number)

const writes = new RegExp(`^${operatorMetrics.writes}\\{(.*)\\} (\\d+)$`, 'gm')

/** Number of writes to the API server by verb and resource, of all operator pods, without Leases. */
export const operatorWrites = async (kubectl: Kubectl): Promise<Readonly<Record<string, number>>> => {
  const totals: Record<string, number> = {}
  for (const pod of operatorPods(kubectl)) {
    const text = await (await fetch(`http://${pod['status'].podIP}:8080/metrics`)).text()
    for (const [, series, value] of text.matchAll(writes)) {
      if (series && !series.includes('lease')) totals[series] = (totals[series] ?? 0) + Number(value)
    }
  }
  return totals
}
