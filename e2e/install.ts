/** Installs Gantry and the examples' model store into a cluster: the local one, or one that you name. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kubectl } from './kubectl.ts'
import { eventually } from './kubectl.ts'

const root = join(import.meta.dirname, '..')

export interface Target {
  readonly kubectl: Kubectl
  /** The helm binary and the flags that say which cluster. */
  readonly helm: readonly [string, ...string[]]
  /** Chart values, as --set takes them. */
  readonly values: Readonly<Record<string, string>>
  /** Image of the examples' model store. */
  readonly storeImage: string
  readonly log: (line: string) => void
}

const helmInstall = (target: Target): void => {
  const [command, ...flags] = target.helm
  const sets = Object.entries(target.values).flatMap(([key, value]) => ['--set-string', `${key}=${value}`])
  const chart = ['upgrade', '--install', 'gantry', join(root, 'helm/gantry'), '--namespace', 'gantry-system']
  execFileSync(command, [...flags, ...chart, '--wait', '--timeout', '3m', ...sets], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const namespace = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
})

const storeManifest = (image: string): string =>
  readFileSync(join(root, 'examples/store/store.yaml'), 'utf8').replace(/image: .*/, `image: ${image}`)

/** Safe to repeat: it upgrades what is there. */
export const install = async (target: Target): Promise<void> => {
  const { kubectl, log } = target
  log('installing the ModelDeployment CRD and the chart')
  // Helm installs CRDs once and never upgrades them.
  kubectl.applyFile(join(root, 'crds'))
  kubectl.apply(namespace('gantry-system'))
  helmInstall(target)
  log("starting the examples' model store")
  kubectl.run(['apply', '--server-side', '--force-conflicts', '-f', '-'], storeManifest(target.storeImage))
  await eventually('the model store answers', () => {
    const store = kubectl.get('deployment', 'model-store', 'gantry-examples')
    return (
      store?.['status'].availableReplicas > 0 &&
      store?.['status'].updatedReplicas === store?.['status'].replicas
    )
  })
}
