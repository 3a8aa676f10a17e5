import { join } from 'node:path'
import { run } from './machine/command.ts'

/** kubectl of the cluster's own version against one kubeconfig. @throws CommandError with what kubectl said */
export const kubectlFor =
  (bin: string, kubeconfig: string) =>
  (args: readonly string[], input?: unknown): Promise<string> =>
    run(join(bin, 'kubectl'), ['--kubeconfig', kubeconfig, ...args], {
      ...(input === undefined ? {} : { input: JSON.stringify(input) }),
    })

export type Kubectl = ReturnType<typeof kubectlFor>

/** Creates or updates objects, owned by the field manager `gantry-cluster`. */
export const applyObjects = (kubectl: Kubectl, items: readonly unknown[]): Promise<string> =>
  kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager=gantry-cluster', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'List',
    items,
  })
