/** Installs Gantry and the examples' model store into a cluster: the local one, or one that you name. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kubectl } from '../kubectl.ts'
import { eventually } from '../kubectl.ts'
import { during, type Progress } from '../progress.ts'
import { type Helm, refuseWhilePending, releaseNamespace, upgrade } from './release.ts'
import { waitReason } from './wait-reason.ts'

const root = join(import.meta.dirname, '../..')
const storeNamespace = 'gantry-examples'

export interface Target {
  readonly kubectl: Kubectl
  readonly helm: Helm
  /** Chart values, by their paths. */
  readonly values: Readonly<Record<string, string | boolean | number>>
  /** Image of the examples' model store. */
  readonly storeImage: string
  readonly progress: Progress
}

const helmInstall = async ({ helm, values, progress }: Target): Promise<void> => {
  const sets = Object.entries(values).flatMap(([key, value]) => [
    typeof value === 'string' ? '--set-string' : '--set',
    `${key}=${value}`,
  ])
  const chart = [join(root, 'helm/gantry'), '--wait', '--timeout', '3m', ...sets]
  await during(progress, "waiting for Gantry's operator", () => upgrade(helm, chart))
}

const namespace = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
})

export const createNamespace = (kubectl: Kubectl): void => kubectl.apply(namespace(releaseNamespace))

const storeManifest = (image: string): string =>
  readFileSync(join(root, 'examples/store/store.yaml'), 'utf8').replace(/image: .*/, `image: ${image}`)

/** Resolves once the model store answers. The reason why its pod waits is told once, and again when the time is over. */
const storeReady = async ({ kubectl, progress }: Target): Promise<void> => {
  let told: string | undefined
  await eventually('the model store answers', () => {
    const store = kubectl.get('deployment', 'model-store', storeNamespace)
    const { availableReplicas, updatedReplicas, replicas } = store?.['status'] ?? {}
    if (availableReplicas > 0 && updatedReplicas === replicas) return true
    const reason = waitReason(kubectl.list('pod', storeNamespace, 'app.kubernetes.io/name=model-store'))
    if (reason === undefined) return false
    if (reason !== told) progress.line(`the model store waits: ${reason}`)
    told = reason
    throw new Error(reason)
  })
}

/**
 * Safe to repeat: it upgrades what is there.
 * @throws Error while another helm works on the release; nothing is changed then
 */
export const install = async (target: Target): Promise<void> => {
  const { kubectl, helm, progress } = target
  refuseWhilePending(helm)
  progress.line('installing the ModelDeployment CRD and the chart')
  // Helm installs CRDs once and never upgrades them.
  kubectl.applyFile(join(root, 'crds'))
  createNamespace(kubectl)
  await helmInstall(target)
  progress.line("starting the examples' model store")
  kubectl.run(['apply', '--server-side', '--force-conflicts', '-f', '-'], storeManifest(target.storeImage))
  await during(progress, 'waiting for the model store', () => storeReady(target))
}
