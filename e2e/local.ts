/** The local cluster, for those who only want to use it. */
import { join } from 'node:path'
import { binFolder } from './cluster/binaries.ts'
import { layoutOf } from './cluster/layout.ts'
import { pathsFrom } from './cluster/paths.ts'
import { type Kubectl, kubectl } from './kubectl.ts'

export const localPaths = pathsFrom(process.env)
export const localKubeconfig = layoutOf(localPaths).kubeconfig

export const localKubectl = (): Kubectl =>
  kubectl([join(binFolder(localPaths), 'kubectl'), '--kubeconfig', localKubeconfig])
