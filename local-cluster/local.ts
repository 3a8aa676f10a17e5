/** The local cluster, for those who only want to use it. */
import { join } from 'node:path'
import { binFolder } from './binaries/binaries.ts'
import { type Kubectl, kubectl } from './kubectl.ts'
import { layoutOf } from './layout.ts'
import { pathsFrom } from './paths.ts'

export const localPaths = pathsFrom(process.env)
export const localKubeconfig = layoutOf(localPaths).kubeconfig

export const localKubectl = (): Kubectl =>
  kubectl([join(binFolder(localPaths), 'kubectl'), '--kubeconfig', localKubeconfig])
