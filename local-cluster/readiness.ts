import { readFile } from 'node:fs/promises'
import { apiServerUrl, type Identities } from './control-plane/identities.ts'
import type { Kubectl } from './kubectl-command.ts'
import { nodeName, ports } from './layout.ts'
import { httpsStatus } from './machine/http-probe.ts'
import type { ProcessTable } from './machine/processes.ts'
import { waitFor } from './machine/wait.ts'

const readyTimeoutMs = 90_000 // about 10 s when nothing else runs

export type Question = () => Promise<boolean>

/** Waits until `ask` is answered with yes. @throws Error with the last words of `name` when it ended, or time is up */
export const whenUp = async (
  processes: ProcessTable,
  name: string,
  what: string,
  ask: Question,
): Promise<void> => {
  const stillUp = async (): Promise<boolean> => {
    if (await processes.alive(name)) return ask()
    const log = `Its log, ${processes.logOf(name)}, ends with:\n${await processes.tail(name)}`
    throw new Error(`${name} ended before ${what}. ${log}`)
  }
  await waitFor(what, stillUp, { timeoutMs: readyTimeoutMs, detail: () => processes.tail(name) })
}

export const apiServerIsReady = (identities: Identities): Question => {
  const admin = identities.of('admin')
  const pems = Promise.all(
    [identities.authority.cert, admin.cert, admin.key].map((path) => readFile(path, 'utf8')),
  )
  return async () => {
    const [ca = '', cert = '', key = ''] = await pems
    return (await httpsStatus({ url: `${apiServerUrl}/readyz`, ca, cert, key })) === 200
  }
}

export const nodeIsReady =
  (kubectl: Kubectl): Question =>
  async () => {
    const condition = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'
    return (await kubectl(['get', 'node', nodeName, '--ignore-not-found', '-o', condition])) === 'True'
  }

export const dnsAnswers: Question = async () =>
  fetch(`http://127.0.0.1:${ports.dnsReady}/ready`).then(
    (response) => response.ok,
    () => false,
  )

export const metricsAreServed =
  (kubectl: Kubectl): Question =>
  async () => {
    const answer = await kubectl(['get', '--raw', '/apis/metrics.k8s.io/v1beta1/nodes']).catch(() => '')
    return answer.includes(nodeName)
  }

/** An extended resource without a device behind it: enough for the scheduler, the kubelet and quotas. */
export const advertiseGpus = async (kubectl: Kubectl): Promise<void> => {
  const count = { 'nvidia.com/gpu': '2' }
  const patch = JSON.stringify({ status: { capacity: count, allocatable: count } })
  const advertised: Question = async () => {
    const path = 'jsonpath={.status.allocatable.nvidia\\.com/gpu}'
    if ((await kubectl(['get', 'node', nodeName, '-o', path])) === '2') return true
    await kubectl(['patch', 'node', nodeName, '--subresource=status', '--type=merge', '-p', patch])
    return false
  }
  // A kubelet that has just started sets unknown resources to zero; once registered it keeps them.
  await waitFor('the node advertises nvidia.com/gpu', advertised, {
    timeoutMs: readyTimeoutMs,
    intervalMs: 500,
  })
}
